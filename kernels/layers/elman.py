"""Elman's recurrent network: a state that is fed back, without gates.

h_t = f(x_t W + h_{t-1} U + b), f tanh or relu; h is zero before the first step.
Source: Elman (1990), "Finding structure in time", figure 2; Le, Jaitly & Hinton (2015)
for relu.
"""

from dataclasses import dataclass

from .. import table
from ..activations import ACTIVATIONS, relu, relu_slope, tanh_slope
from ..gates import tanh
from ..jit import inner
from ..layer import Kind, Layer
from ..recurrence import (
    TOGETHER,
    begin,
    begin_back,
    check_recurrent,
    gradient,
    hand_on,
    pass_to_inputs,
    pass_to_state,
    plan_recurrent,
    recurrence_of,
    row_norms,
    slope_at,
    state_of,
    step_product,
    zero,
)
from ..validation import check_choice
from ..views import vector

CHOICES = ("tanh", "relu")
RELU = ACTIVATIONS["relu"].number


@inner
def next_state(kept, at, number, its):
    """The state behind the step of a row that begins at a place."""
    z, state = vector(kept, at, its.units), state_of(kept, at + its.size, its)
    if number == RELU:
        for k in range(its.units):
            state[k] = relu(z[k])
    else:
        for k in range(its.units):
            state[k] = tanh(z[k])


def forward(y, kept, x, w, tail, row, real, draw, first, count):
    """States of all steps, some rows at a time.

    kept, of a step: x_t W + h_{t-1} U + b, then x_t, h_{t-1} and 1.
    """
    its = recurrence_of(row)
    begin(kept, x, its)
    sizes = (its.columns, its.inputs + its.units + 1)
    for start in range(0, x.shape[0], TOGETHER):
        rows = min(TOGETHER, x.shape[0] - start)
        for t in range(its.steps):
            at = start * its.row + t * its.size
            step_product(kept, w, (at, at + its.entry, 0), rows, sizes, its)
            for r in range(start, start + rows):
                next_state(kept, r * its.row + t * its.size, row[table.ACTIVATION], its)
                hand_on(y, kept, r, t, its)


@inner
def delta_of_state(kept, at, dh, number, its):
    """dz_t = dL/dh_t f'(z_t), in the place of z_t."""
    z, state = vector(kept, at, its.units), state_of(kept, at + its.size, its)
    if number == RELU:
        for k in range(its.units):
            z[k] = dh[k] * relu_slope(state[k])
    else:
        for k in range(its.units):
            z[k] = dh[k] * tanh_slope(state[k])


def backward(dx, dz, kept, x, y, w, row, real, draw, first, count):
    """Backpropagation through time: dz of all steps in the place of z.

    dh_{t-1} = dL/dy_{t-1} + dz_t U^T; dx_t = dz_t W^T. dz serves for dh, and is used
    up. Source: Werbos (1990).
    """
    its = recurrence_of(row)
    begin_back(dx, kept, its)
    whole = (0, 0, its.columns)
    for start in range(0, dz.shape[0], TOGETHER):
        rows = min(TOGETHER, dz.shape[0] - start)
        for t in range(its.steps - 1, -1, -1):
            for r in range(start, start + rows):
                at, dh = r * its.row + t * its.size, slope_at(dz, r, t, its)
                delta_of_state(kept, at, dh, row[table.ACTIVATION], its)
                if not its.all_steps:
                    zero(dh, 0, its.units)
            pass_to_state(dz, kept, w, (start, rows), t, its)
            pass_to_inputs(dx, kept, w, (start, rows), t, whole, its)


@dataclass(frozen=True)
class Elman(Layer):
    """A recurrent network over the steps of a row: [t, i] to [h] or [t, h].

    units: h; activation: "tanh" or "relu"; return_sequences: give every state, not only
    the last; truncate: cut backpropagation through time every so many steps, None for
    nowhere.
    """

    units: int
    activation: str = "tanh"
    return_sequences: bool = False
    truncate: int | None = None
    kind = Kind(
        "elman",
        forward,
        backward,
        gradient=gradient,
        row_norms=row_norms,
        source="Elman (1990), figure 2",
    )

    def __post_init__(self):
        check_recurrent(self)
        check_choice("activation", self.activation, CHOICES)

    def plan(self, shape):
        return plan_recurrent(self, shape, 1, 1)


EXAMPLES = (
    ((4, 3), Elman(3)),
    ((3, 2), Elman(2, "relu", return_sequences=True)),
    ((3, 2), Elman(2, truncate=3)),
)
