"""Rprop: a step size for each parameter, from the signs of its gradients alone."""

from ..bounds import NONNEGATIVE, SHARE, USUAL, Bounds
from ..decay import direction
from ..jit import inner
from ..optimizer import Optimizer


def scalars(hyper, step):
    first, sign = hyper[0] if step == 1 else 0.0, direction(hyper[5])
    return first, hyper[1], hyper[2], hyper[3], hyper[4], sign


@inner
def element(p, g, state, i, c):
    """s <- s etaplus where the gradient kept its sign, s etaminus where it changed;

    s within [step_size_min, step_size_max]; p <- p - s sign(g), but where the sign
    changed p stays and the gradient is taken as 0, in the next step as well. s starts
    from lr, which counts no more after that. With maximize, -g for g. This is Rprop
    without weight backtracking of Igel & Huesken (2000), iRprop-, as in torch.optim.
    state: last g, s. hyper: (lr, etaminus, etaplus, step_size_min, step_size_max,
    maximize).
    """
    first, minus, plus, low, high, sign = c
    zero, one = type(sign)(0), type(sign)(1)
    d = sign * g[i]
    same = d * state[0, i]
    factor = plus if same > zero else (minus if same < zero else one)
    s = (state[1, i] + first) * factor
    s = low if s < low else (high if s > high else s)
    d = zero if same < zero else d
    # A gradient that is NaN is its own sign, and stays visible.
    toward = one if d > zero else (-one if d < zero else d)
    state[0, i], state[1, i] = d, s
    p[i] -= s * toward


OPTIMIZER = Optimizer(
    name="rprop",
    element=element,
    scalars=scalars,
    slots=2,
    defaults={
        "lr": 0.01,
        "etaminus": 0.5,
        "etaplus": 1.2,
        "step_size_min": 1e-6,
        "step_size_max": 50.0,
        "maximize": 0.0,
    },
    bounds=USUAL
    | {
        "etaminus": SHARE,
        "etaplus": Bounds(1),
        "step_size_min": NONNEGATIVE,
        "step_size_max": NONNEGATIVE,
    },
    source="Riedmiller & Braun (1993); Igel & Huesken (2000), iRprop-",
    full_batch=True,
)
