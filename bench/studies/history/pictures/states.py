"""What a recurrence keeps over time: its state, and the gates that decide."""

from dataclasses import replace

import numpy as np

from .....kernels import sequential
from .....scenarios.trial import Dataset, Trial
from ..parts import lines, part
from ..systems import SYSTEMS
from ..training import Trained, trained

STEPS = 60  # of the adding problem, shorter than the page's
_ROWS = (("length", STEPS), ("n_samples", 4000))
_DATA = Dataset("adding", 3200, 300, 500, options=_ROWS)
UNITS = 3  # of Elman's state
_HOW = f"One test row of the adding problem with {STEPS} steps"
_LAYER = "layer0"


def shorter(name: str) -> Trial:
    """A system's trial on the adding problem, on short sequences."""
    long = SYSTEMS[name].trials["adding"]
    return replace(long, data=_DATA, shape=(STEPS, 2))


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
    fits = (early > STEPS // 8) & (early < STEPS // 3)
    row = np.flatnonzero(fits & (late > 2 * STEPS // 3) & (late < 7 * STEPS // 8))[0]
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
        "A state without gates moves at every step",
        f"{_HOW}: the {UNITS} units of 32 that move most. Every number of the sequence"
        f" shakes them, marked or not; {_error(after)}.",
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


def told_of_the_first(after: Trained) -> np.ndarray:
    """float[lag]: how much of the first marked number a read-out finds in states.

    R^2 on test rows of a linear fit to the training rows' states, lag by lag behind the
    mark, up to half of the sequence, which every row has; 0 where less.
    """
    rows = after.rows
    learned, asked = (_behind_the_mark(after, x) for x in (rows.x_train, rows.x_test))
    found = []
    for lag in range(STEPS // 2 + 1):
        weights, *_ = np.linalg.lstsq(learned[0][:, lag], learned[1], rcond=None)
        error = asked[1] - asked[0][:, lag] @ weights
        found.append(max(0.0, 1 - error.var() / asked[1].var()))
    return np.array(found)


def _behind_the_mark(after: Trained, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(states with a one, [b, lag, h + 1]; the first marked number, [b]) of rows x."""
    steps, rows = x.reshape(-1, STEPS, 2), np.arange(len(x))[:, None]
    early = steps[:, :, 1].argmax(axis=1)[:, None]
    state = states(after, x)[rows, early + np.arange(STEPS // 2 + 1)].astype(float)
    one = np.ones((*state.shape[:2], 1))
    return np.concatenate([state, one], axis=2), steps[rows, early, 0][:, 0]


def kept(seed: int):
    """Elman, LSTM and GRU beside each other: what is left of a number, step by step."""
    names = ("elman", "lstm", "gru")
    after = {name: trained(shorter(name), seed) for name in names}
    lags = np.arange(STEPS // 2 + 1)
    return lines(
        "What a state still tells of a number that was to be kept",
        "How much of the variance of the first marked number a linear read-out of the"
        " state explains (R^2 on test rows), so many steps behind it: 1 is all, 0"
        f" nothing. Adding problem with {STEPS} steps.",
        ("steps after the mark", "share that is told"),
        {SYSTEMS[name].title: (lags, told_of_the_first(after[name])) for name in names},
    )


PICTURES = {"elman": elman, "lstm": lstm, "gru": gru}
