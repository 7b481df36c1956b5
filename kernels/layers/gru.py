"""Gated recurrent unit: a state that is partly kept and partly renewed at each step.

[r z] = sigmoid(x_t W_rz + h_{t-1} U_rz + b_rz); q = h_{t-1} U_n + c;
n = tanh(x_t W_n + b_n + r q); h_t = (1 - z) n + z h_{t-1}. h is zero before the first
step; c is the recurrent bias.
Source: Cho et al. (2014), eq. 5 to 8, in the variant of cuDNN and torch.nn, which
resets after the product with U and not before; the gates' order is torch.nn's.
"""

from dataclasses import dataclass, replace

from ..activations import sigmoid_slope, tanh_slope
from ..gates import sigmoid, tanh
from ..jit import inner
from ..layer import Kind, Layer
from ..recurrence import (
    TOGETHER,
    begin,
    begin_back,
    check_recurrent,
    dot,
    gradient_of_rows,
    hand_on,
    is_cut,
    pass_to_inputs,
    pass_to_state,
    plan_recurrent,
    recurrence_of,
    slope_at,
    state_of,
    step_product,
    zero,
)
from ..registers import on_stack
from ..views import vector

SLOTS = 4  # of a step: r, z, q, n
UNITS = 128  # whose deltas are computed at once
_units = on_stack(8 * UNITS)


@inner
def renew(kept, at, w, its):
    """Gates and state of the step of a row that begins at a place."""
    h, bias = its.units, (its.inputs + its.units) * its.columns
    gates, r, z = (
        vector(kept, at, 2 * h),
        vector(kept, at, h),
        vector(kept, at + h, h),
    )
    q, n = vector(kept, at + 2 * h, h), vector(kept, at + 3 * h, h)
    b, c = vector(w, bias + 2 * h, h), vector(w, bias + 3 * h, h)
    before, state = state_of(kept, at, its), state_of(kept, at + its.size, its)
    # One array a loop is written: more, and the compiler cannot tell them apart.
    for k in range(2 * h):
        gates[k] = sigmoid(gates[k])
    for k in range(h):
        q[k] += c[k]
    for k in range(h):
        n[k] += b[k] + r[k] * q[k]
    for k in range(h):
        n[k] = tanh(n[k])
    for k in range(h):
        state[k] = n[k] + z[k] * (before[k] - n[k])


def forward(y, kept, x, w, tail, row, real, draw, first, count):
    """Gates and states of all steps, some rows at a time.

    kept, of a step: r, z, q and n, then x_t, h_{t-1} and 1.
    """
    its = recurrence_of(row)
    begin(kept, x, its)
    h, i = its.units, its.inputs
    for start in range(0, x.shape[0], TOGETHER):
        rows = min(TOGETHER, x.shape[0] - start)
        for t in range(its.steps):
            at = start * its.row + t * its.size
            entry, u = at + its.entry, i * its.columns + 2 * h
            step_product(kept, w, (at, entry, 0), rows, (2 * h, i + h + 1), its)
            step_product(kept, w, (at + 2 * h, entry + i, u), rows, (h, h), its)
            step_product(kept, w, (at + 3 * h, entry, 2 * h), rows, (h, i), its)
            for r in range(start, start + rows):
                renew(kept, r * its.row + t * its.size, w, its)
                hand_on(y, kept, r, t, its)


@inner
def deltas_of_gates(kept, dz, r, t, its):
    """Gates of a step of a row to their deltas, and what of dh_t goes to h_{t-1}."""
    h, at = its.units, r * its.row + t * its.size
    dn, change, passed = _units(kept), _units(kept), _units(kept)
    for start in range(0, h, UNITS):
        m = min(UNITS, h - start)
        reset, z = vector(kept, at + start, m), vector(kept, at + h + start, m)
        q = vector(kept, at + 2 * h + start, m)
        n = vector(kept, at + 3 * h + start, m)
        dh = vector(slope_at(dz, r, t, its), start, m)
        before, one = vector(state_of(kept, at, its), start, m), kept.dtype.type(1)
        for k in range(m):
            dn[k] = dh[k] * (one - z[k]) * tanh_slope(n[k])
            change[k] = dh[k] * (before[k] - n[k])
            passed[k] = dh[k] * z[k]
        for k in range(m):
            z[k] = change[k] * sigmoid_slope(z[k])
            n[k] = dn[k]
        for k in range(m):
            dq = dn[k] * reset[k]
            reset[k] = dn[k] * q[k] * sigmoid_slope(reset[k])
            q[k] = dq
        pass_on(dz, vector(passed, 0, m), start, r, t, its)


@inner
def pass_on(dz, passed, start, r, t, its):
    """Add to dL/dh_{t-1} of some units, from unit `start` on; nothing across a cut."""
    if its.all_steps:
        if not is_cut(t, its):
            earlier = vector(slope_at(dz, r, t - 1, its), start, passed.size)
            for k in range(passed.size):
                earlier[k] += passed[k]
        return
    slope = vector(slope_at(dz, r, t, its), start, passed.size)
    if is_cut(t, its):
        zero(slope, 0, slope.size)
    else:
        for k in range(passed.size):
            slope[k] = passed[k]


def backward(dx, dz, kept, x, y, w, row, real, draw, first, count):
    """Backpropagation through time: dr, dz, dq and dn in the place of the gates.

    dh_{t-1} = dL/dy_{t-1} + dh_t z_t + [dr dz dq]_t U^T; dx_t = [dr dz dn]_t W^T. dz
    serves for dh, and is used up. Source: Werbos (1990).
    """
    its = recurrence_of(row)
    begin_back(dx, kept, its)
    h = its.units
    for start in range(0, dz.shape[0], TOGETHER):
        span = (start, min(TOGETHER, dz.shape[0] - start))
        for t in range(its.steps - 1, -1, -1):
            for r in range(start, start + span[1]):
                deltas_of_gates(kept, dz, r, t, its)
            pass_to_state(dz, kept, w, span, t, its)
            pass_to_inputs(dx, kept, w, span, t, (0, 0, 2 * h), its)
            pass_to_inputs(dx, kept, w, span, t, (3 * h, 2 * h, h), its)


@inner
def gradient_of_inputs(dw, kept, place, entry, rows, its, more):
    """Rows of dW, or the bias: [x_t | 1]^T [dr dz dn]_t."""
    h = its.units
    gradient_of_rows((dw, place, rows, 2 * h), kept, (entry, 0), its, more)
    gradient_of_rows((dw, place + 2 * h, rows, h), kept, (entry, 3 * h), its, more)


def gradient(dw, dz, kept, x, y, row, part, more):
    """dW and db = sum of [x_t | 1]^T [dr dz dn]_t; dU and dc by h_{t-1}, 1 and dq."""
    its = recurrence_of(row)
    h, i, columns = its.units, its.inputs, its.columns
    rows = min(dw.size // columns, i + h - part)
    of_x = max(0, min(rows, i - part))
    gradient_of_inputs(dw, kept, 0, part, of_x, its, more)
    recurrent = (dw, of_x * columns, rows - of_x, columns)
    gradient_of_rows(recurrent, kept, (max(part, i), 0), its, more)
    behind = rows * columns
    if dw.size > behind:
        gradient_of_inputs(dw, kept, behind, i + h, 1, its, more)
        bias = (dw, behind + columns, 1, h)
        gradient_of_rows(bias, kept, (i + h, 2 * h), its, more)


def row_norms(x, dz, kept, y, row):
    """Sum over rows of the squared norm of a row's gradient, over pairs of its steps.

    As in `recurrence.row_norms`: dW and db by x_t, 1 and [dr dz dn]; dU by h_{t-1} and
    [dr dz dq]; dc by dq.
    """
    its, total = recurrence_of(row), 0.0
    h, i = its.units, its.inputs
    for r in range(x.shape[0]):
        for t in range(its.steps):
            at = r * its.row + t * its.size
            for s in range(t + 1):
                back, entry = r * its.row + s * its.size, its.entry
                inputs = dot(kept, at + entry, back + entry, i) + 1
                state = dot(kept, at + entry + i, back + entry + i, h)
                gates = dot(kept, at, back, 2 * h)
                q = dot(kept, at + 2 * h, back + 2 * h, h)
                n = dot(kept, at + 3 * h, back + 3 * h, h)
                pair = inputs * (gates + n) + state * (gates + q) + q
                total += pair if s == t else 2 * pair
    return total


@dataclass(frozen=True)
class GRU(Layer):
    """Gated recurrent units over the steps of a row: [t, i] to [h] or [t, h].

    units: h; return_sequences: give every state, not only the last; truncate: cut
    backpropagation through time every so many steps, None for nowhere.
    """

    units: int
    return_sequences: bool = False
    truncate: int | None = None
    activation = "tanh"  # of its candidates, for the initialiser and the watch
    kind = Kind(
        "gru",
        forward,
        backward,
        gradient=gradient,
        row_norms=row_norms,
        source="Cho et al. (2014), eq. 5 to 8, in cuDNN's variant",
    )

    def __post_init__(self):
        check_recurrent(self)

    def plan(self, shape):
        plan, h = plan_recurrent(self, shape, 3, SLOTS), self.units
        return replace(
            plan,
            vector=plan.vector + h,
            parts=(*plan.named, ("recurrent_bias", (h,))),
        )


EXAMPLES = (
    ((4, 3), GRU(3)),
    ((3, 2), GRU(2, return_sequences=True)),
    ((3, 2), GRU(2, truncate=3)),
)
