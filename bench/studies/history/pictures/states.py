"""What a recurrence keeps over time: its state, and the gates that decide."""

from dataclasses import replace

import numpy as np

from .....kernels import sequential
from .....scenarios.trial import Dataset, Trial
from ..parts import lines, part
from ..systems import SYSTEMS
from ..training import Trained, trained

STEPS = 30  # of the adding problem, shorter than the page's
_ROWS = (("length", STEPS), ("n_samples", 3000))
_DATA = Dataset("adding", 2400, 200, 400, options=_ROWS)
UNITS = 3  # of Elman's state
_HOW = f" One test row of the adding problem with {STEPS} steps"
_LAYER = "layer0"


def shorter(name: str) -> Trial:
    """A system's trial on the adding problem, on short sequences."""
    long = SYSTEMS[name].trials["adding"]
    return replace(long, data=_DATA, shape=(STEPS, 2), epochs=30)


def states(after: Trained, x: np.ndarray) -> np.ndarray:
    """float[b, t, h]: the state after each step, of rows x."""
    cell = replace(after.net.nodes[0].layer, return_sequences=True)
    net = sequential(after.net.shape, [cell], "mse")
    return net.predict(after.params[: net.n_params], x).reshape(len(x), STEPS, -1)


def _row(after: Trained):
    """(steps of a test row, places of its marks): the first marked early and late."""
    x = after.rows.x_test.reshape(-1, STEPS, 2)
    marks = x[:, :, 1].argsort(axis=1, kind="stable")[:, -2:]
    early, late = marks.min(axis=1), marks.max(axis=1)
    row = np.flatnonzero((early >= 4) & (early < 10) & (late >= 20) & (late < 26))[0]
    verticals = [
        {"label": "first marked number", "x": int(early[row]) + 1},
        {"label": "second marked number", "x": int(late[row]) + 1},
    ]
    return row, verticals


def _pressed(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


def _known(after: Trained, row: int):
    """Of a row: x [t, 2], h_{t-1} and h_t [t, h], and the layer's parameters."""
    x = after.rows.x_test[row : row + 1]
    now = states(after, x)[0].astype(float)
    before = np.vstack([np.zeros_like(now[:1]), now[:-1]])
    names = ("weight", "recurrent", "bias")
    w, u, b = (part(after.net, after.params, f"{_LAYER}.{name}") for name in names)
    return x.reshape(STEPS, 2), before, now, w, u, b


def gates(after: Trained, row: int) -> dict[str, np.ndarray]:
    """{name: float[t, h]} of the gates of a row, by the formulas of the layers.

    Source: see `kernels.layers.lstm` and `kernels.layers.gru`.
    """
    x, before, now, w, u, b = _known(after, row)
    h = now.shape[1]
    named = {4: ("input gate", "forget gate"), 3: ("reset gate", "update gate")}
    first, second = named[w.shape[1] // h]
    z = x @ w[:, : 2 * h] + before @ u[:, : 2 * h] + b[: 2 * h]
    return {first: _pressed(z[:, :h]), second: _pressed(z[:, h:])}


def _telling(after: Trained) -> int:
    """The unit whose last state goes with the sum most over the test rows."""
    last = states(after, after.rows.x_test)[:, -1]
    together = np.corrcoef(last, after.rows.y_test, rowvar=False)[-1, :-1]
    return int(np.abs(np.nan_to_num(together)).argmax())


def _error(after: Trained) -> str:
    loss, _ = after.net.evaluate(after.params, after.rows.x_test, after.rows.y_test)
    return f"its mean squared error on test rows is {loss:.2g}"


def elman(seed: int):
    """The units of the state that move most."""
    after = trained(shorter("elman"), seed)
    row, verticals = _row(after)
    state = states(after, after.rows.x_test[row : row + 1])[0]
    chosen = np.argsort(-state.std(axis=0), kind="stable")[:UNITS]
    steps = np.arange(1, STEPS + 1)
    return lines(
        "A state without gates is overwritten at every step",
        f"{_HOW}: the {UNITS} units of 32 that move most. Every number of the sequence"
        f" shakes them, marked or not, and nothing stays; {_error(after)}.",
        ("step", "state"),
        {f"unit {k + 1}": (steps, state[:, unit]) for k, unit in enumerate(chosen)},
        verticals=verticals,
    )


def _gated(name: str, title: str, sentence: str, seed: int):
    after = trained(shorter(name), seed)
    row, verticals = _row(after)
    unit, steps = _telling(after), np.arange(1, STEPS + 1)
    state = states(after, after.rows.x_test[row : row + 1])[0]
    opened = gates(after, row)
    series = {each: (steps, values[:, unit]) for each, values in opened.items()}
    return lines(
        title,
        f"{_HOW}: the unit whose last state goes with the sum most. {sentence}"
        f" {_error(after).capitalize()}.",
        ("step", "gate, state"),
        series | {"state": (steps, state[:, unit])},
        verticals=verticals,
    )


def lstm(seed: int):
    """Gates and state of one unit."""
    return _gated(
        "lstm",
        "Gates let in what is marked, and keep it",
        "Where the forget gate is near 1, the cell keeps what it has.",
        seed,
    )


def gru(seed: int):
    """Gates and state of one unit."""
    return _gated(
        "gru",
        "One gate keeps and renews",
        "The update gate is the share of the old state that is kept.",
        seed,
    )


def left_of_the_first(after: Trained) -> np.ndarray:
    """float[lag]: how much of a change of the first marked number is left in the state.

    The norm of the state's change, as a share of that right at the mark, mean over the
    test rows; lags up to half of the sequence, which every row has.
    """
    x = after.rows.x_test.reshape(-1, STEPS, 2)
    early, rows = x[:, :, 1].argmax(axis=1), np.arange(len(x))
    other = x.copy()
    other[rows, early, 0] = 1 - x[rows, early, 0]
    flat = (each.reshape(len(x), -1) for each in (x, other))
    one, two = (states(after, each) for each in flat)
    size = np.linalg.norm(one - two, axis=2)
    lags = early[:, None] + np.arange(STEPS // 2 + 1)
    along = np.take_along_axis(size, np.minimum(lags, STEPS - 1), axis=1)
    moved = along[:, 0] > 0
    return along[moved].mean(axis=0) / along[moved, 0].mean()


def kept(seed: int):
    """Elman, LSTM and GRU beside each other: what is left of a number, step by step."""
    names = ("elman", "lstm", "gru")
    after = {name: trained(shorter(name), seed) for name in names}
    lags = np.arange(STEPS // 2 + 1)
    return lines(
        "What is left of a number that was to be kept",
        "The first marked number is replaced by 1 minus it: how far the state moves, as"
        " a share of how far it moved at the mark; means over test rows of the adding"
        f" problem with {STEPS} steps.",
        ("steps after the mark", "share of the change that is left"),
        {SYSTEMS[name].title: (lags, left_of_the_first(after[name])) for name in names},
        y_scale="log",
    )


PICTURES = {"elman": elman, "lstm": lstm, "gru": gru}
