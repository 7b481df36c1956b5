"""Weight averaging around any rule: it predicts with the mean of its later weights."""

from dataclasses import replace

from .bounds import COUNT
from .elementwise import copy
from .optimizer import Optimizer
from .wrapping import callable_rule, check_base, joined, kept_in, kept_shape


def averaging(base: Optimizer, name: str | None = None, **options: float) -> Optimizer:
    """An `Optimizer` that takes the steps of `base` and predicts with their mean.

    From the step `start` on, s <- s + (p - s) / k at the k-th of these steps; before
    it, s is p. Its hyper-parameters are those of `base`, then start; options: defaults
    other than those of `base`, and than start = 1. The state is that of `base`, and s.
    Where the step is long, the weights wander around a minimum, and their mean lies
    nearer to it, in a flatter place.

    Source: Polyak & Juditsky (1992), eq. 2; Izmailov et al. (2018), Averaging weights
    leads to wider optima and better generalization, algorithm 1, at each step.
    ValueError on a wrong option, or on a rule that averages or takes several gradients
    a step.
    """
    check_base(base, "averaging")
    return replace(
        base,
        name=name or f"averaging_{base.name}",
        source=f"Izmailov et al. (2018), algorithm 1; inside, {base.source}",
        element=None,
        scalars=None,
        rule=_rule(base),
        average=_average(base),
        **joined(base, "averaging", {"start": (1.0, COUNT)}, options),
        **kept_shape(base),
        recipe=(averaging, {"base": base, "name": name, **options}),
    )


def _rule(base):
    rule, kept, at = callable_rule(base), kept_in(base), len(base.defaults)

    def update(p, g, state, hyper, step, layout):
        """A step of the rule inside; then the mean moves towards it."""
        mean = kept(state, p.size)
        rule(p, g, state, hyper, step, layout)
        if step > 0:
            share = p.dtype.type(1.0 / max(1.0, step - hyper[at] + 1.0))
            for i in range(p.size):
                mean[i] += share * (p[i] - mean[i])

    return update


def _average(base):
    kept = kept_in(base)

    def average(out, p, state, hyper, step, layout):
        """out = the mean."""
        copy(out, kept(state, p.size))

    return average
