"""Curves in a TensorBoard event file; needs the extra `tensorboard`."""

from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import BadData, ResourceUnavailable
from ...statistics.logged import LoggedSeries
from .logged import Logged, logged
from .names import chosen_columns, place_column

_MARK = "tfevents"  # in the name of every event file
_READER = "tensorboard.backend.event_processing"


def is_event_file(path: Path, head: bytes) -> bool:
    """Does a file hold TensorBoard's events? By its name, or by its first record.

    A record begins with its length, uint64, and the first one holds `brain.Event`.
    """
    return (_MARK in path.name and b"\0" in head) or b"brain.Event" in head[:64]


def curves_of_events(path: Path) -> Logged:
    """The scalars of an event file. Raises BadData, or ResourceUnavailable."""
    try:
        event_accumulator: Any = import_module(f"{_READER}.event_accumulator")
    except ImportError as error:
        raise ResourceUnavailable(
            "Reading event files needs TensorBoard: pip install"
            " 'gradclinic[tensorboard]'"
        ) from error
    events = event_accumulator.EventAccumulator(
        str(path), size_guidance={event_accumulator.SCALARS: 0}
    )
    events.Reload()
    values = {tag: _scalars(events, tag) for tag in events.Tags()["scalars"]}
    values |= {tag: _tensors(events, tag) for tag in events.Tags()["tensors"]}
    values = {tag: each for tag, each in values.items() if each is not None}
    columns = chosen_columns(tag for tag in values if place_column(tag) is None)
    if not any(name.endswith("loss") for name in columns):
        tags = ", ".join(list(values)[:6]) or "none"
        raise BadData(
            f"{path.name} holds no scalar that is named a loss; its scalars: {tags}."
        )
    series = {name: values[tag] for name, tag in columns.items()}
    return logged(series, "step", "TensorBoard event file", columns)


def _scalars(events, tag: str) -> LoggedSeries:
    found = events.Scalars(tag)
    x, y = ([getattr(e, k) for e in found] for k in ("step", "value"))
    return LoggedSeries(np.array(x, dtype=float), np.array(y, dtype=float))


def _tensors(events, tag: str) -> LoggedSeries | None:
    """What TensorFlow 2 writes for a scalar; None where a tensor holds more."""
    make_ndarray = import_module("tensorboard.util.tensor_util").make_ndarray
    found = [(e.step, make_ndarray(e.tensor_proto)) for e in events.Tensors(tag)]
    if any(value.size != 1 or value.dtype.kind not in "fiu" for _, value in found):
        return None
    x = np.array([step for step, _ in found], dtype=float)
    return LoggedSeries(x, np.array([float(value.item()) for _, value in found]))
