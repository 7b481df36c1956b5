"""Penalties on the weights: hold them back, or let them go."""

from dataclasses import replace
from functools import partial

from ..doses import Doses
from ..scenario import Fix

_BOTH = ("overfitting", "overfitting.label_noise")


def _l2(trial, penalty):
    return replace(trial, l2=penalty)


def _l1(trial, penalty):
    return replace(trial, l1=penalty)


def _elastic_net(trial, penalty):
    """Both penalties alike. Zou & Hastie (2005), with a mixing share of 1/2."""
    return replace(trial, l1=penalty, l2=penalty)


def _decoupled(trial, decay):
    """AdamW in the place of Adam; ValueError where another rule trains."""
    if trial.optimizer != "adam":
        raise ValueError(f"AdamW is Adam with another decay, got {trial.optimizer}")
    return replace(trial, optimizer="adamw", hyper=(("weight_decay", decay),))


FIXES = (
    Fix(
        name="l2",
        family="regularisation",
        apply=_l2,
        label="L2 penalty",
        claim="Small weights make a smooth function that cannot bend for one example.",
        strength="penalty {dose}",
        treats=_BOTH,
        doses=Doses("penalty", (1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2), 1e-3, least=0),
    ),
    Fix(
        name="l1",
        family="regularisation",
        apply=_l1,
        label="L1 penalty (sparse weights)",
        claim="Most weights go to zero, so fewer remain to memorise examples.",
        strength="penalty {dose}",
        treats=_BOTH,
        doses=Doses("penalty", (3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2), 3e-4, least=0),
    ),
    Fix(
        name="elastic_net",
        family="regularisation",
        apply=_elastic_net,
        label="Elastic net (L1 and L2 together)",
        claim="It drops weights as L1 does, and keeps those alike together.",
        strength="penalty {dose} each",
        treats=_BOTH,
        doses=Doses("penalty", (3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2), 3e-4, least=0),
    ),
    Fix(
        name="weight_decay",
        family="regularisation",
        apply=_decoupled,
        label="Decoupled weight decay (AdamW)",
        claim="Weights shrink at one pace, whatever Adam makes of their gradients.",
        strength="AdamW, decay {dose}",
        treats=_BOTH,
        doses=Doses("decay", (1e-2, 3e-2, 0.1, 0.3, 1.0, 3.0, 10.0), 1e-2, least=0),
    ),
    Fix(
        name="less_regularisation",
        family="regularisation",
        apply=partial(replace, l2=0.0),
        label="No L2 penalty",
        claim="A penalty holds the weights back from what the data ask for.",
        strength="penalty 0",
        treats=("underfitting",),
    ),
)
