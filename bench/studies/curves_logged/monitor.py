"""Watch a training of any framework, as it goes on."""

from pathlib import Path
from typing import Any

import numpy as np

from ...statistics.logged import LoggedSeries
from .logged import Logged, logged
from .study import FOUND, curves_content

_CURVES = (
    "train_loss",
    "val_loss",
    "train_accuracy",
    "val_accuracy",
    "gradient_norm",
    "learning_rate",
)


class Monitor:
    """Takes in the curves of one training and names its troubles, at any time.

    No framework is needed: numbers are floats, NumPy scalars, or tensors of one number.

        monitor = Monitor()
        for epoch in range(20):
            ...
            monitor.update(epoch=epoch, train_loss=loss, val_loss=new_loss)
        print(monitor.verdicts)
        monitor.page("curves.html")

    name: what the page calls the training.
    """

    def __init__(self, name: str = "training"):
        self.name = name
        self._rows: list[dict[str, float]] = []
        self._unit = ""

    def update(
        self,
        *,
        epoch: Any = None,
        step: Any = None,
        train_loss: Any = None,
        val_loss: Any = None,
        train_accuracy: Any = None,
        val_accuracy: Any = None,
        gradient_norm: Any = None,
        learning_rate: Any = None,
    ) -> None:
        """Note what is known now; what is left out, or None, is not.

        epoch or step: where the training is, rising, the same of both in every call;
        without them calls are counted. Accuracies: shares from 0 to 1. Raises
        ValueError where the place goes back, TypeError where a value is no number.
        """
        values = (train_loss, val_loss, train_accuracy, val_accuracy)
        values = zip(_CURVES, (*values, gradient_norm, learning_rate), strict=True)
        row = {k: _number(k, v) for k, v in values if v is not None}
        unit, place = self._place(epoch, step)
        if self._rows and unit != self._unit:
            raise ValueError(f"{unit} is given, and before it was {self._unit}")
        if self._rows and not place >= self._rows[-1]["place"]:
            raise ValueError(
                f"{unit} {place:g} comes after {self._rows[-1]['place']:g}; use a new"
                " Monitor for a new training"
            )
        self._unit = unit
        self._rows.append({"place": place, **row})

    def _place(self, epoch: Any, step: Any) -> tuple[str, float]:
        if step is not None:
            return "step", _number("step", step)
        if epoch is not None:
            return "epoch", _number("epoch", epoch)
        return "update", float(len(self._rows))

    @property
    def verdicts(self):
        """A DataFrame, a row a trouble: verdict, what it means, evidence, next step.

        verdict: "found", "not found" or "cannot tell". Raises BadData, a ValueError in
        one sentence, while there are fewer than five values of a loss.
        """
        import pandas as pd

        columns = ("trouble", "verdict", "sentence", "evidence", "next_step")
        rows = [
            {**trouble, "evidence": "; ".join(map(_said, trouble["signs"]))}
            for trouble in self._content()["troubles"]
        ]
        return pd.DataFrame(rows, columns=list(columns)).set_index("trouble")

    @property
    def troubles(self) -> list[str]:
        """Names of the troubles found, the first first; empty while little is known."""
        from ...errors import BadData

        try:
            content = self._content()
        except BadData:
            return []
        return [t["trouble"] for t in content["troubles"] if t["verdict"] == FOUND]

    def page(self, path: str | Path = "curves.html") -> Path:
        """Write the page, its numbers (.json) and its pictures beside it.

        path: the page's file. Returns its path. Raises BadData as `verdicts` does,
        OSError where it cannot be written.
        """
        from ....reports import write_curves_page

        return write_curves_page(self._content(), Path(path))

    def _content(self) -> dict[str, Any]:
        return curves_content(self._logged(), self.name, "monitor.page(...)")

    def _logged(self) -> Logged:
        series = {}
        for name in _CURVES:
            pairs = [(r["place"], r[name]) for r in self._rows if name in r]
            x, y = (np.array([pair[k] for pair in pairs], dtype=float) for k in (0, 1))
            series[name] = LoggedSeries(x, y)
        columns = {name: name for name in _CURVES}
        return logged(series, self._unit or "epoch", "Monitor", columns)

    def __repr__(self) -> str:
        found = ", ".join(self.troubles) or "no trouble"
        return f"Monitor({self.name!r}, {len(self._rows)} updates, {found} found)"

    def _repr_html_(self) -> str:
        if not self._rows:
            return f"<p>{_escaped(repr(self))}</p>"
        try:
            table = self.verdicts.to_html(escape=True)
        except ValueError as error:
            table = f"<p>{_escaped(str(error))}</p>"
        return f"<p>{_escaped(repr(self))}</p>{table}"


def _escaped(text: str) -> str:
    from html import escape

    return escape(text)


def _number(name: str, value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise TypeError(f"{name} must be a number, got {value!r:.60}") from None


def _said(sign: dict[str, Any]) -> str:
    unit = f" {sign['unit']}" if sign["unit"] else ""
    value = "not measured" if sign["value"] is None else f"{sign['value']:.3g}{unit}"
    alarm = f"{sign['comparison']} {sign['threshold']:g}{unit}"
    return f"{sign['name']}: {value} (alarm {alarm})"
