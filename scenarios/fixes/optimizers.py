"""Other ways to take a step, each at its best learning rate.

L-BFGS: Liu & Nocedal (1989), On the limited memory BFGS method for large scale
optimization, Mathematical Programming 45.
"""

from dataclasses import replace
from functools import partial

from ..doses import Doses
from ..scenario import Fix

_SLOW = ("slow_training",)


def _rule(trial, rate, optimizer, hyper=()):
    return replace(trial, optimizer=optimizer, lr=rate, hyper=hyper)


def _batched(trial, rate, rows):
    return replace(trial, optimizer="sgd", lr=rate, batch_size=rows, hyper=())


def _sized(trial, rows, rate):
    return _batched(trial, rate, rows)


def lbfgs(trial, remembered):
    """L-BFGS that remembers so many steps, each on all rows."""
    hyper = (("history_size", remembered),)
    how = {"optimizer": "lbfgs", "lr": 1.0, "batch_size": None}
    return replace(trial, **how, hyper=hyper)


def _lbfgs_decayed(trial, penalty):
    return replace(lbfgs(trial, 10), l2=penalty)


def _rates(*values, usual):
    return Doses("learning rate", values, usual)


FIXES = (
    Fix(
        name="mini_batches",
        family="optimization",
        apply=partial(_batched, rows=32),
        label="Mini-batches of 32",
        claim="Sixteen rough steps a pass get further than one exact step.",
        treats=_SLOW,
        strength="SGD, 32 rows a step, learning rate {dose}",
        doses=_rates(0.02, 0.05, 0.1, 0.2, 0.5, usual=0.1),
    ),
    Fix(
        name="batch_size",
        family="optimization",
        apply=partial(_sized, rate=0.1),
        label="Mini-batches of the best size",
        claim="Fewer rows make more steps of a pass, each of them rougher.",
        treats=_SLOW,
        strength="SGD, {dose} rows a step, learning rate 0.1",
        doses=Doses("rows a step", (4, 8, 16, 32, 64, 128), 32, least=1, most=512),
    ),
    Fix(
        name="momentum",
        family="optimization",
        apply=partial(_rule, optimizer="momentum", hyper=(("momentum", 0.9),)),
        label="Momentum of 0.9",
        claim="Steps that agree add up; steps that zigzag cancel out.",
        treats=_SLOW,
        strength="momentum 0.9, learning rate {dose}",
        doses=_rates(0.01, 0.02, 0.05, 0.1, 0.2, usual=0.05),
    ),
    Fix(
        name="adam",
        family="optimization",
        apply=partial(_rule, optimizer="adam"),
        label="Adam",
        claim="Every weight gets a step of its own size.",
        treats=_SLOW,
        strength="Adam, learning rate {dose}",
        doses=_rates(0.005, 0.01, 0.02, 0.05, 0.1, usual=0.02),
    ),
    Fix(
        name="muon",
        family="optimization",
        apply=partial(_rule, optimizer="muon"),
        label="Muon",
        claim="A step alike in all directions of a weight matrix wastes none of them.",
        treats=_SLOW,
        strength="Muon, learning rate {dose}",
        doses=_rates(0.005, 0.01, 0.02, 0.05, 0.1, usual=0.02),
    ),
    Fix(
        name="lbfgs",
        family="optimization",
        apply=lbfgs,
        label="L-BFGS with a line search",
        claim="The last steps tell of the curvature; each length is searched for.",
        treats=_SLOW,
        strength="L-BFGS, history size {dose}, learning rate 1 at first trial",
        doses=Doses("steps remembered", (1, 3, 10, 30, 100), 10, least=1, most=200),
    ),
    Fix(
        name="lbfgs_l2",
        family="optimization",
        apply=_lbfgs_decayed,
        label="L-BFGS and an L2 penalty",
        claim="What minimises fast overfits fast, too; small weights work against it.",
        treats=_SLOW,
        strength="L-BFGS, history size 10, learning rate 1, penalty {dose}",
        doses=Doses("penalty", (1e-4, 1e-3, 1e-2, 1e-1, 1.0), 1e-2),
    ),
    Fix(
        name="adam",
        family="optimization",
        apply=partial(replace, optimizer="adam", lr=0.5, hyper=()),
        label="Adam, learning rate 0.5",
        claim="The size of Adam's step does not grow with the gradient.",
        treats=("divergence",),
        strength="Adam, learning rate 0.5",
    ),
)
