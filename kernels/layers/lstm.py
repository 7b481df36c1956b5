"""Long short-term memory with a forget gate: a cell that gates open and close.

[i f g o] = x_t W + h_{t-1} U + b; c_t = sigmoid(f) c_{t-1} + sigmoid(i) tanh(g);
h_t = sigmoid(o) tanh(c_t). h and c are zero before the first step.
Source: Hochreiter & Schmidhuber (1997), section 4; Gers, Schmidhuber & Cummins (2000),
section 3, for the forget gate. The gates' order is torch.nn's.
"""

from dataclasses import dataclass

from ..activations import sigmoid_slope, tanh_slope
from ..gates import sigmoid, tanh
from ..jit import inner
from ..layer import Kind, Layer
from ..recurrence import (
    TOGETHER,
    begin,
    begin_back,
    check_recurrent,
    gradient,
    hand_on,
    is_cut,
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
from ..registers import on_stack
from ..validation import check_number
from ..views import vector

SLOTS = 5  # of a step: the gates i f g o, then c_{t-1}
UNITS = 128  # whose deltas are computed at once
_units = on_stack(8 * UNITS)


@inner
def open_gates(kept, at, its):
    """Gates, cell and state of the step of a row that begins at a place."""
    h, behind = its.units, at + its.size
    i, f = vector(kept, at, h), vector(kept, at + h, h)
    g, o = vector(kept, at + 2 * h, h), vector(kept, at + 3 * h, h)
    # One array a loop is written: more, and the compiler cannot tell them apart.
    both = vector(kept, at, 2 * h)
    for k in range(2 * h):
        both[k] = sigmoid(both[k])
    for k in range(h):
        g[k] = tanh(g[k])
    for k in range(h):
        o[k] = sigmoid(o[k])
    before, cell = vector(kept, at + 4 * h, h), vector(kept, behind + 4 * h, h)
    for k in range(h):
        cell[k] = f[k] * before[k] + i[k] * g[k]
    state = state_of(kept, behind, its)
    for k in range(h):
        state[k] = o[k] * tanh(cell[k])


def forward(y, kept, x, w, tail, row, real, draw, first, count):
    """Gates, cells and states of all steps, some rows at a time.

    kept, of a step: the gates after activation, c_{t-1}, x_t, h_{t-1} and 1.
    """
    its = recurrence_of(row)
    begin(kept, x, its)
    for r in range(x.shape[0]):
        zero(kept, r * its.row + 4 * its.units, its.units)
    sizes = (its.columns, its.inputs + its.units + 1)
    for start in range(0, x.shape[0], TOGETHER):
        rows = min(TOGETHER, x.shape[0] - start)
        for t in range(its.steps):
            at = start * its.row + t * its.size
            step_product(kept, w, (at, at + its.entry, 0), rows, sizes, its)
            for r in range(start, start + rows):
                open_gates(kept, r * its.row + t * its.size, its)
                hand_on(y, kept, r, t, its)


@inner
def close_gates(kept, at, dh, its):
    """Gates to their deltas, from dL/dh_t; c_{t-1} to dL/dc_{t-1}.

    dL/dc_t is read at the next step's place, where it was left.
    """
    h, tanh_c, dc = its.units, _units(kept), _units(kept)
    for start in range(0, h, UNITS):
        n = min(UNITS, h - start)
        i, f = vector(kept, at + start, n), vector(kept, at + h + start, n)
        g = vector(kept, at + 2 * h + start, n)
        o = vector(kept, at + 3 * h + start, n)
        c = vector(kept, at + 4 * h + start, n)
        slope = vector(dh, start, n)
        later = vector(kept, at + its.size + 4 * h + start, n)
        for k in range(n):
            tanh_c[k] = tanh(f[k] * c[k] + i[k] * g[k])
            dc[k] = slope[k] * o[k] * tanh_slope(tanh_c[k]) + later[k]
        for k in range(n):
            o[k] = slope[k] * tanh_c[k] * sigmoid_slope(o[k])
        for k in range(n):
            di = dc[k] * g[k] * sigmoid_slope(i[k])
            g[k] = dc[k] * i[k] * tanh_slope(g[k])
            i[k] = di
        for k in range(n):
            df = dc[k] * c[k] * sigmoid_slope(f[k])
            c[k] = dc[k] * f[k]
            f[k] = df


def backward(dx, dz, kept, x, y, w, row, real, draw, first, count):
    """Backpropagation through time: deltas of all steps in the place of the gates.

    dc_t = dh_t o tanh'(c_t) + dc_{t+1} f_{t+1}; dh_{t-1} = dL/dy_{t-1} + dgates_t U^T;
    dx_t = dgates_t W^T. dz serves for dh, and is used up.
    """
    its = recurrence_of(row)
    begin_back(dx, kept, its)
    whole = (0, 0, its.columns)
    for start in range(0, dz.shape[0], TOGETHER):
        rows = min(TOGETHER, dz.shape[0] - start)
        for t in range(its.steps - 1, -1, -1):
            for r in range(start, start + rows):
                at, dh = r * its.row + t * its.size, slope_at(dz, r, t, its)
                close_gates(kept, at, dh, its)
                if not its.all_steps:
                    zero(dh, 0, its.units)
                if is_cut(t, its):
                    zero(kept, at + 4 * its.units, its.units)
            pass_to_state(dz, kept, w, (start, rows), t, its)
            pass_to_inputs(dx, kept, w, (start, rows), t, whole, its)


@dataclass(frozen=True)
class LSTM(Layer):
    """Long short-term memory over the steps of a row: [t, i] to [h] or [t, h].

    units: h; return_sequences: give every state, not only the last; truncate: cut
    backpropagation through time every so many steps, None for nowhere. forget_bias:
    where the forget gate's bias starts, 1 by Jozefowicz, Zaremba & Sutskever (2015);
    log T suits what lies T steps back (Tallec & Ollivier 2018).
    """

    units: int
    return_sequences: bool = False
    truncate: int | None = None
    forget_bias: float = 1.0
    activation = "tanh"  # of its states, for the initialiser and the watch
    kind = Kind(
        "lstm",
        forward,
        backward,
        gradient=gradient,
        row_norms=row_norms,
        source="Hochreiter & Schmidhuber (1997); Gers, Schmidhuber & Cummins (2000)",
    )

    def __post_init__(self):
        check_recurrent(self)
        check_number("forget_bias", self.forget_bias)

    def plan(self, shape):
        return plan_recurrent(self, shape, 4, SLOTS)

    def start(self, vector, tail):
        """Biases 0, that of the forget gate as declared."""
        vector[self.units : 2 * self.units] = self.forget_bias


EXAMPLES = (
    ((4, 3), LSTM(3)),
    ((3, 2), LSTM(2, return_sequences=True)),
    ((3, 2), LSTM(2, truncate=3)),
)
