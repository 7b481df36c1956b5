"""`diagnose(X, y)`: the diagnosis of a table from Python."""

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .content import diagnosis
from .reading import Rows, read_rows, rows_of
from .settings import DiagnoseSettings
from .study import Report

if TYPE_CHECKING:
    import pandas

# Columns of `Diagnosis.fixes`, from the keys of the content.
_FIX = ("label", "strength", "verdict", "gain", "low", "high", "cost", "worth")


class Diagnosis:
    """What is wrong with training on a table, and what helps.

    content: all of it as plain data, see `schemas/diagnose.json`. Shown in a notebook
    and at a prompt by itself.
    """

    def __init__(self, content: dict[str, Any]) -> None:
        self.content = content

    @cached_property
    def verdicts(self) -> "pandas.DataFrame":
        """The troubles, the worst first; empty where none was found.

        Columns: code, title, kind, evidence, next_step, columns.
        """
        import pandas as pd

        names = ["code", "title", "kind", "evidence", "next_step", "columns"]
        rows = [{name: v[name] for name in names} for v in self.content["verdicts"]]
        return pd.DataFrame(rows, columns=names)

    @cached_property
    def fixes(self) -> "pandas.DataFrame":
        """The fixes, the one worth most first; indexed by name.

        Columns: label, strength, verdict; gain, low, high (on the scale of the metric:
        logarithms of ratios, or differences; positive is better); cost (multiply-adds
        as a multiple of the baseline's); worth (low / cost).
        """
        import pandas as pd

        rows = [{name: f[name] for name in _FIX} for f in self.content["fixes"]]
        index = pd.Index([f["name"] for f in self.content["fixes"]], name="fix")
        return pd.DataFrame(rows, columns=list(_FIX), index=index)

    @property
    def headline(self) -> list[str]:
        """The verdict in a few sentences."""
        return list(self.content["headline"])

    @property
    def prescription(self) -> str:
        """Settings as TOML, which `gradclinic run --config FILE` takes."""
        return self.content["prescription"]["toml"]

    @property
    def code(self) -> dict[str, str]:
        """{rows, gradclinic, sklearn, torch, keras: code that trains the winner}."""
        return {b["name"]: b["text"] for b in self.content["prescription"]["code"]}

    def page(self, path: str | os.PathLike) -> Path:
        """Write the page, one offline HTML file, and the folder `figures` beside it.

        Returns its path. Raises OSError where it cannot be written.
        """
        from ....reports import write_diagnose_page

        return write_diagnose_page(self.content, Path(path))

    def __repr__(self) -> str:
        lines = [*self.headline, ""]
        lines += [f"{v['code']}  {v['title']}" for v in self.content["verdicts"]]
        return "\n".join(line for line in lines).rstrip()

    def __rich__(self) -> Any:
        """The headline and a table of troubles and fixes, for rich."""
        from rich.console import Group
        from rich.table import Table
        from rich.text import Text

        parts: list[Any] = [Text(" ".join(self.headline))]
        if self.content["verdicts"]:
            table = Table("Code", "Trouble", "Evidence", "Next step")
            for v in self.content["verdicts"]:
                cells = (v["code"], v["title"], v["evidence"], v["next_step"])
                table.add_row(*map(Text, cells))
            parts.append(table)
        if self.content["fixes"]:
            table = Table("Fix", "Verdict", "Effect", "Cost")
            for cells in fix_lines(self.content):
                table.add_row(*map(Text, cells))
            parts.append(table)
        return Group(*parts)

    def _repr_html_(self) -> str:
        from ....reports.diagnose import summary_html

        return summary_html(self.content)


def fix_lines(content: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """(label with strength, verdict, effect, cost) of each fix, in words."""
    from ....reports.effect import said_of

    found = []
    for fix in content["fixes"]:
        label = (
            f"{fix['label']} ({fix['strength']})" if fix["strength"] else fix["label"]
        )
        cost = f"x{fix['cost']:.2g}" if fix["cost"] is not None else "-"
        found.append((label, fix["verdict"], said_of(fix, content["metric"]), cost))
    return found


def diagnose(
    x: Any,
    y: Any = None,
    *,
    target: str | None = None,
    sample: int | None = None,
    seed: int = 0,
    threads: int | None = None,
    progress: Report | None = None,
    **settings: Any,
) -> Diagnosis:
    """Find out what is wrong with training on a table, and what to do about it.

    x: float[rows, features], a DataFrame of pandas or of another library, or the path
    of a file or the name of a data set, as `gradclinic diagnose` takes it. y: one value
    a row, or the name of a column; target: the same. sample: rows at most. settings:
    the other fields of `DiagnoseSettings`. progress: of (done, total, text). Raises
    BadData or UsageError with one sentence.
    """
    target = y if target is None and isinstance(y, str) else target
    if isinstance(x, str | os.PathLike):
        rows = read_rows(str(x), sample, seed)
    else:
        rows = rows_of(x, target if y is None else y, sample, seed)
    return Diagnosis(
        run(rows, target, sample, seed, threads, progress or _silent, settings)
    )


def run(
    rows: Rows, target, sample, seed, threads, progress, settings
) -> dict[str, Any]:
    """The content of the diagnosis of some rows."""
    from ....kernels.threads import chosen_threads

    asked = DiagnoseSettings(
        target=target,
        sample=sample,
        seed=seed,
        threads=chosen_threads(threads),
        **settings,
    )
    return diagnosis(rows, asked, "gradclinic.bench.diagnose(x, y)", progress)


def _silent(done: int, total: int, text: str) -> None:
    """No progress is shown."""


__all__ = ["Diagnosis", "diagnose"]
