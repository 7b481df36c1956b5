"""Sharpness-aware minimisation around any rule: its gradient is taken uphill."""

from dataclasses import replace

from .bounds import NONNEGATIVE
from .elementwise import copy
from .tensors import norm
from .wrapping import callable_rule, check_base, joined, kept_in, kept_shape


def sam(base, name=None, **options):
    """An `Optimizer` that steps with `base`, but by the gradient at p + rho g / |g|.

    Two gradients a step: at odd calls p climbs, at even ones it returns to where it was
    and takes a step of `base`. |g| is over all parameters. Its hyper-parameters are
    those of `base`, then rho; options: defaults other than those of `base`, and than
    rho = 0.05. The state is that of `base`, and the p to return to.

    Source: Foret, Kleiner, Mobahi & Neyshabur (2021), algorithm 1, with p = 2.
    ValueError on a wrong option, or on a rule that averages or takes several gradients
    a step.
    """
    check_base(base, "sam")
    rule, kept = callable_rule(base), kept_in(base)
    first = len(base.defaults)

    def update(p, g, state, hyper, step, layout):
        """Climb at odd calls; return, and step with the rule inside, at even ones."""
        home = kept(state, p.size)
        if step < 0:
            rule(p, g, state, hyper, (step - 1) // 2, layout)
        elif step % 2 == 1:
            length = norm(g)
            rise = p.dtype.type(hyper[first] / length if length != 0.0 else 0.0)
            for i in range(p.size):
                home[i] = p[i]
                p[i] += rise * g[i]
        else:
            copy(p, home)
            rule(p, g, state, hyper, step // 2, layout)

    return replace(
        base,
        name=name or f"sam_{base.name}",
        rule=update,
        **joined(base, "sam", {"rho": (0.05, NONNEGATIVE)}, options),
        element=None,
        scalars=None,
        gradients=2,
        source=f"Foret et al. (2021), algorithm 1; inside, {base.source}",
        **kept_shape(base),
        recipe=(sam, {"base": base, "name": name, **options}),
    )
