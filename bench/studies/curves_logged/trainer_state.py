"""Curves in the `trainer_state.json` of Hugging Face's Trainer."""

import json
from pathlib import Path

import numpy as np

from ...errors import BadData
from ...statistics.logged import LoggedSeries
from .logged import Logged, logged
from .names import chosen_columns, place_column


def curves_of_trainer(text: str, path: Path) -> Logged:
    """The curves in `log_history`. Raises BadData, one sentence.

    The last entry sums up the training, with its own mean loss, and is left out.
    """
    history = _history(text, path)
    entries = [e for e in history if "train_runtime" not in e]
    names = dict.fromkeys(name for entry in entries for name in entry)
    columns = chosen_columns(n for n in names if place_column(n) is None)
    unit = "step" if any("step" in entry for entry in entries) else "epoch"
    series = {name: _series(entries, column, unit) for name, column in columns.items()}
    return logged(series, unit, "Hugging Face trainer_state.json", columns)


def _history(text: str, path: Path) -> list[dict]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadData(f"{path.name} is no JSON: {error}.") from error
    history = content.get("log_history") if isinstance(content, dict) else content
    if not isinstance(history, list) or not all(isinstance(e, dict) for e in history):
        raise BadData(
            f"{path.name} has no log_history, a list of logs as Hugging Face's Trainer"
            " writes it."
        )
    return history


def _series(entries: list[dict], column: str, unit: str) -> LoggedSeries:
    pairs = [(e.get(unit), e[column]) for e in entries if e.get(column) is not None]
    for pair in pairs:
        if not all(isinstance(v, int | float) for v in pair):
            raise BadData(
                f"log_history holds {column} = {pair[1]!r:.60} at {unit}"
                f" {pair[0]!r:.60}; both must be numbers."
            )
    x, y = (np.array([pair[k] for pair in pairs], dtype=float) for k in range(2))
    return LoggedSeries(x, y)
