"""optax: Lookahead and SAM around other rules, and Sophia on given curvature."""

from itertools import islice

import numpy as np

from .....kernels import OPTIMIZERS
from ..jax_steps import optax_steps
from ..reference import Reference

LIBRARIES = ("jax", "optax")


def ahead(optax, base, k, alpha):
    """optax.lookahead as a rule for the fast weights; its state ends with the slow."""
    rule, pair = optax.lookahead(base, k, alpha), optax.LookaheadParams

    def init(params):
        return rule.init(pair.init_synced(params)), params

    def update(gradients, state, params):
        inside, slow = state
        updates, inside = rule.update(gradients, inside, pair(params, slow))
        return updates.fast, (inside, optax.apply_updates(slow, updates.slow))

    return optax.GradientTransformation(init, update)


def lookahead_row(optimizer, label, options, base, k=5, alpha=0.5, averaged=False):
    """A `Reference` of the fast weights, or of the slow ones (averaged)."""
    steps = optax_steps(
        lambda optax: ahead(optax, base(optax), k, alpha),
        (lambda _, state, __: state[-1]) if averaged else None,
    )
    source = "optax.lookahead"
    return Reference(optimizer, label, source, options, steps, averaged=averaged)


def sam_row(label, options, base, rho):
    """A `Reference` of the parameters at every second update: between, SAM climbs."""

    def make(optax):
        climb = optax.chain(optax.contrib.normalize(), optax.sgd(rho))
        return optax.contrib.sam(base(optax), climb)

    def steps(problem):
        return islice(optax_steps(make)(problem), 1, None, 2)

    return Reference("sam", label, "optax.contrib.sam", options, steps)


def sophia_row(label, options, **theirs):
    """A `Reference` on the squares of the gradients in the place of a curvature.

    optax brings them in after every tenth step, the first first, and so do we here; the
    curvature at drawn targets has its own tests.
    """

    def make(optax):
        squares = optax.GradientTransformation(
            lambda _: (), lambda g, state, _=None: ([x * x for x in g], state)
        )
        return optax.contrib.sophia(hessian_diagonal_fn=squares, **theirs)

    def ours(problem, options):
        rule, params, step = OPTIMIZERS["sophia_g"], problem.start.copy(), 0
        state = rule.init_state(params.size, np.float64)
        while True:
            gradient, step = problem.gradient(params), step + 1
            rule.update(params, gradient, state, step=step, **options)
            if step % 10 == 1:
                rule.update(params, gradient, state, step=-step, **options)
            yield params.copy()

    steps = optax_steps(make)
    source = "optax.contrib.sophia"
    return Reference("sophia_g", label, source, options, steps, ours=ours)


HEAVY = {"lr": 0.05, "momentum": 0.8, "weight_decay": 0.1}
SLOW = {"k": 3.0, "alpha": 0.8}
DECAY = {"lr": 0.02, "beta1": 0.7, "weight_decay": 0.1, "k": 6.0, "alpha": 0.3}
SOPHIA = {
    "lr": 0.02,
    "beta1": 0.9,
    "beta2": 0.8,
    "gamma": 50.0,
    "eps": 0.03,
    "weight_decay": 0.05,
    "bias_correction": 1.0,
}


def momentum(optax):
    return optax.sgd(0.01, 0.9)


def heavy(optax):
    return optax.chain(optax.add_decayed_weights(0.1), optax.sgd(0.05, 0.8))


def adamw(optax):
    return optax.adamw(0.02, b1=0.7, weight_decay=0.1)


REFERENCES = (
    lookahead_row("lookahead", "defaults", {}, momentum),
    lookahead_row("lookahead", "options", HEAVY | SLOW, heavy, 3, 0.8),
    lookahead_row("lookahead", "slow", HEAVY | SLOW, heavy, 3, 0.8, averaged=True),
    lookahead_row(
        "lookahead_adamw", "defaults", {}, lambda o: o.adamw(1e-3, weight_decay=0.01)
    ),
    lookahead_row("lookahead_adamw", "options", DECAY, adamw, 6, 0.3),
    lookahead_row("lookahead_adamw", "slow", DECAY, adamw, 6, 0.3, averaged=True),
    sam_row("defaults", {}, momentum, 0.05),
    sam_row("options", HEAVY | {"rho": 0.3}, heavy, 0.3),
    sophia_row(
        "defaults, corrected",
        {"bias_correction": 1.0},
        learning_rate=1e-3,
        b1=0.96,
        gamma=0.05,
        eps=1e-12,
        weight_decay=0.1,
    ),
    sophia_row(
        "options",
        SOPHIA,
        learning_rate=0.02,
        b1=0.9,
        b2=0.8,
        gamma=50.0,
        eps=0.03,
        weight_decay=0.05,
    ),
)
