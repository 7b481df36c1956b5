"""A rule that leaves zeros alone, so that pruned weights stay pruned."""

from dataclasses import replace
from typing import Any

from ..jit import inner
from ..optimizer import Optimizer
from ..optimizers import OPTIMIZERS
from ..validation import check_choice
from ..wrapping import check_base


def keeping_zeros(base: Optimizer | str) -> Optimizer:
    """An `Optimizer` that takes the steps of `base` where a parameter is not zero.

    A parameter that is exactly zero stays so: after `prune` this trains on what is left
    (Han et al. 2015, section 3). base: a key of `OPTIMIZERS`, or a rule that updates
    each parameter by itself; its state and hyper-parameters are kept. ValueError in one
    sentence on a rule that sees matrices, averages or takes several gradients a step.
    """
    if isinstance(base, str):
        check_choice("optimizer", base, OPTIMIZERS)
    inside: Any = OPTIMIZERS[base] if isinstance(base, str) else base
    check_base(inside, "keeping_zeros")
    if not inside.elementwise:
        raise ValueError(
            "keeping_zeros wraps rules that update each parameter by itself, which"
            f" optimizer {inside.name!r} does not; use 'adam'"
        )
    return replace(
        inside,
        name=f"{inside.name}_keeping_zeros",
        element=_element(inside.element),
        rule=None,
        recipe=(keeping_zeros, {"base": inside}),
    )


def _element(inside):
    @inner
    def element(p, g, state, i, c):
        """The element of the rule inside, undone where the parameter was zero."""
        before = p[i]
        inside(p, g, state, i, c)
        # Chosen by value, since a store under a condition is not vectorised.
        p[i] = p[i] if before != 0 else before

    return element
