"""`gradclinic run --config FILE`: train as a prescription says."""

from pathlib import Path
from typing import Any

import numpy as np

from ....reports.files import as_json, finite, write_text
from ...errors import BadData
from ...execution.training import final_values, thinned, trained
from .checks import Look
from .checks.copies import row_numbers
from .folds import Fold, encoded_fold
from .parts import final, held_out
from .prescribing.toml import Prescribed, prescribed
from .reading import read_rows, user_table
from .settings import STRIDE

_PARTS = ("train", "val", "test")


def train_by_file(path: Path, out: Path, threads: int) -> dict[str, Any]:
    """Train the network of a prescription on its table; write and return what came out.

    OUT/trained.npz: the parameters, by the names of the network's layout.
    OUT/trained.json: status, seconds, loss and metric of each part, curves. Raises
    BadData in one sentence where file or table cannot be used.
    """
    asked = prescribed(path)
    fold = _fold(asked)
    trial = asked.trial
    rows = fold.split(trial)
    net, (outcome,), _ = trained(trial, [fold.seed], [rows], threads)
    params = outcome.params[0]
    curves = {
        name: outcome.curves[name]
        for name in ("train_loss", "val_loss", "train_metric", "val_metric")
    }
    values = final_values(net, outcome.params, rows)
    result = {
        "file": asked.data["file"],
        "rows": dict(zip(_PARTS, (len(y) for y in fold.data.y), strict=True)),
        "metric": "accuracy" if fold.classes else "R²",
        "status": outcome.status,
        "epochs": outcome.epochs,
        "seconds": outcome.seconds,
        "values": values,
        "curves": thinned(curves),
    }
    out.mkdir(parents=True, exist_ok=True)
    parameters = {
        name: params[start : start + int(np.prod(shape))].reshape(shape)
        for name, start, shape in net.layout
    }
    np.savez(out / "trained.npz", **parameters)
    write_text(out / "trained.json", as_json(finite(result)))
    return finite(result)


def _fold(asked: Prescribed) -> Fold:
    """The rows as the diagnosis cut them for its test."""
    data = asked.data
    seed = int(data.get("seed", 0))
    rows = read_rows(data["file"], data.get("sample"), seed)
    table = user_table(
        rows, data["target"], data.get("task"), data.get("group"), data.get("time")
    )
    out = data.get("leave_out", [])
    names = [name for name in table.columns if name not in out]
    if not names:
        raise BadData(
            "[data] leave_out names every column: none is left to learn from."
        )
    groups = table.groups
    if data.get("equal_rows_together"):
        look = Look(table, np.arange(table.rows), seed)
        look.drop(out)
        groups = row_numbers(look)
    first = seed * STRIDE
    rest, test = held_out(table, groups, first)
    parts = (*final(table, rest, groups, first), test)
    return encoded_fold(first, table, names, parts)


def told(result: dict[str, Any]) -> list[str]:
    """Lines for the terminal: a part each, its loss and its metric."""
    names = {"train": "training", "val": "validation", "test": "test"}
    lines = [
        f"{result['status']} after {result['epochs']} epochs,"
        f" {result['seconds']:.2g} s of training"
    ]
    for part, name in names.items():
        loss = result["values"][f"{part}_loss"]
        metric = result["values"][f"{part}_metric"]
        lines.append(
            f"{name:10} {result['rows'][part]:>9,} rows  loss {_number(loss)}"
            f"  {result['metric'].replace('²', '2')} {_number(metric)}"
        )
    return lines


def _number(value):
    return "not finite" if value is None else f"{value:.4g}"
