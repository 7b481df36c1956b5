"""Weight decay: with the gradient, or decoupled from it."""

from .jit import formula


@formula
def weight_decay(lr, rate, decoupled):
    """(a, b) for d = g + a p and p <- b p - ..., of p before the step.

    Coupled, the decay is a part of the gradient, (rate, 1); decoupled (Loshchilov &
    Hutter 2019, algorithm 2) it shrinks p by lr rate, (0, 1 - lr rate). float64.
    """
    return (0.0, 1.0 - lr * rate) if decoupled else (rate, 1.0)


@formula
def direction(maximize):
    """What lr and a coupled weight decay are multiplied by: 1, or -1 to ascend.

    That is -g for g without touching g: with -decay, g - decay p is -d; every rule
    here is odd in d, so its step by -lr is that of d by lr. What it keeps of d then has
    the other sign. float64.
    """
    return -1.0 if maximize else 1.0
