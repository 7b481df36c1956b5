"""Lookahead around any rule: slow weights that follow fast ones every k steps."""

from dataclasses import replace

from .bounds import COUNT, UNIT
from .elementwise import copy
from .jit import formula, inner
from .wrapping import callable_rule, check_base, joined, kept_in, kept_shape


def lookahead(base, name=None, **options):
    """An `Optimizer` whose fast weights p take the steps of `base`, while slow ones,

    s, follow at every k-th step: s <- s + alpha (p - s);  p <- s. It predicts with s.
    Its hyper-parameters are those of `base`, then k and alpha; options: defaults other
    than those of `base`, and than k = 5 and alpha = 0.5. The state is that of `base`,
    which goes on at a synchronisation, and s.

    Source: Zhang, Lucas, Ba & Hinton (2019), algorithm 1. ValueError on a wrong option,
    or on a rule that averages or takes several gradients a step.
    """
    check_base(base, "lookahead")
    own = {"k": (5.0, COUNT), "alpha": (0.5, UNIT)}
    parts = _parts(base) if base.elementwise else {"rule": _rule(base)}
    return replace(
        base,
        name=name or f"lookahead_{base.name}",
        average=_average(base),
        source=f"Zhang et al. (2019), algorithm 1; inside, {base.source}",
        **parts,
        **joined(base, "lookahead", own, options),
        **kept_shape(base),
        recipe=(lookahead, {"base": base, "name": name, **options}),
    )


def _parts(base):
    """element and scalars around those of an elementwise base."""
    inside, element_inside = formula(base.scalars), base.element
    at, slow = len(base.defaults), base.slots

    def scalars(hyper, step):
        first = 1.0 * (step == 1)
        due = 1.0 * (step > 0 and step % max(1, int(hyper[at])) == 0)
        return (*inside(hyper, step), first, due, hyper[at + 1])

    @inner
    def element(p, g, state, i, c):
        """The element of the rule inside; then, at every k-th step, the slow one."""
        first, due, alpha = c[-3], c[-2], c[-1]
        zero = type(alpha)(0)
        # Chosen by value, since a store under a condition is not vectorised.
        before = p[i] if first > zero else state[slow, i]
        element_inside(p, g, state, i, c[:-3])
        fast = p[i]
        moved = before + alpha * (fast - before)
        state[slow, i] = moved if due > zero else before
        p[i] = moved if due > zero else fast

    return {"element": element, "scalars": scalars, "rule": None}


def _rule(base):
    """The rule around one that is not elementwise."""
    rule, kept, first = callable_rule(base), kept_in(base), len(base.defaults)

    def update(p, g, state, hyper, step, layout):
        """A step of the rule inside; then, at every k-th, the slow one."""
        slow = kept(state, p.size)
        if step == 1:
            copy(slow, p)
        rule(p, g, state, hyper, step, layout)
        if step > 0 and step % max(1, int(hyper[first])) == 0:
            alpha = p.dtype.type(hyper[first + 1])
            for i in range(p.size):
                slow[i] += alpha * (p[i] - slow[i])
                p[i] = slow[i]

    return update


def _average(base):
    """The slow weights, to predict with."""
    kept = kept_in(base)

    def average(out, p, state, hyper, step, layout):
        """out = the slow weights."""
        copy(out, kept(state, p.size))

    return average
