"""Lookahead around any rule: slow weights that follow fast ones every k steps."""

from dataclasses import replace

from .copies import copy
from .wrapping import callable_rule, check_base, joined, kept_in, kept_shape, version_of


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
    rule, version, kept = callable_rule(base), version_of(base.rule), kept_in(base)
    first = len(base.defaults)

    def update(p, g, state, hyper, step, layout):
        """A step of the rule inside; then, at every k-th, the slow one."""
        if version < 0:  # never: it tells the machine code of versions apart
            return
        slow = kept(state, p.size)
        if step == 1:
            copy(slow, p)
        rule(p, g, state, hyper, step, layout)
        if step > 0 and step % max(1, int(hyper[first])) == 0:
            alpha = p.dtype.type(hyper[first + 1])
            for i in range(p.size):
                slow[i] += alpha * (p[i] - slow[i])
                p[i] = slow[i]

    def average(out, p, state, hyper, step, layout):
        """out = the slow weights."""
        copy(out, kept(state, p.size))

    defaults = joined(base, "lookahead", {"k": 5.0, "alpha": 0.5}, options)
    return replace(
        base,
        name=name or f"lookahead_{base.name}",
        rule=update,
        defaults=defaults,
        average=average,
        source=f"Zhang et al. (2019), algorithm 1; inside, {base.source}",
        **kept_shape(base),
    )
