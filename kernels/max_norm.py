"""Max-norm around any rule: no unit's incoming weights grow beyond a length."""

import math
from dataclasses import replace

from .bounds import POSITIVE
from .optimizer import Optimizer
from .wrapping import callable_rule, check_base, joined


def max_norm(base: Optimizer, name: str | None = None, **options: float) -> Optimizer:
    """An `Optimizer` that takes a step of `base`, then shortens what is too long:

    w <- w limit / |w| for the weights w that lead to a unit, where |w| > limit.
    Its hyper-parameters are those of `base`, then limit; options: defaults other than
    those of `base`, and than limit = 3. Biases are free; the state is that of `base`.
    It sees matrices, so give `layout=net.layout` to `update`; training does.

    Source: Srebro, Rennie & Jaakkola (2005), Maximum-margin matrix factorization;
    Srivastava et al. (2014), section 5.1, for the weights of a unit. ValueError on a
    wrong option, or on a rule that averages or takes several gradients a step.
    """
    check_base(base, "max_norm")
    return replace(
        base,
        name=name or f"max_norm_{base.name}",
        source=f"Srivastava et al. (2014), section 5.1; inside, {base.source}",
        element=None,
        scalars=None,
        rule=_rule(base),
        **joined(base, "max_norm", {"limit": (3.0, POSITIVE)}, options),
        recipe=(max_norm, {"base": base, "name": name, **options}),
    )


def _rule(base):
    rule, at = callable_rule(base), len(base.defaults)

    def update(p, g, state, hyper, step, layout):
        """A step of the rule inside; then w <- w min(1, limit / |w|) for each unit."""
        rule(p, g, state, hyper, step, layout)
        limit = hyper[at]
        for m in range(layout.shape[0]):
            start, i, o = layout[m, 0], layout[m, 1], layout[m, 2]
            for unit in range(o):
                square = 0.0
                for k in range(i):
                    w = p[start + k * o + unit]
                    square += w * w
                if square > limit * limit:
                    factor = p.dtype.type(limit / math.sqrt(square))
                    for k in range(i):
                        p[start + k * o + unit] *= factor

    return update
