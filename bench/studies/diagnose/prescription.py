"""What to do now: the settings of the winner, and code that trains it elsewhere."""

from typing import Any

from ....scenarios import Trial
from .parts import final
from .prescribing.code import Recipe, code_blocks
from .prescribing.toml import prescription_toml
from .study import Workup


def prescription(case: Workup, trial: Trial) -> dict[str, Any]:
    """toml: text; code: [{name, title, text}] that train the same network elsewhere."""
    s, table = case.settings, case.table
    out = tuple(n for n in table.columns if n not in case.names)
    data = {
        "file": case.rows.path or "put the path of your table here",
        "target": table.target,
        "task": table.task,
        "group": s.group,
        "time": s.time,
        "sample": s.sample,
        "seed": s.seed,
        "leave_out": list(out),
        "equal_rows_together": case.groups is not None and table.groups is None,
    }
    train, _ = final(table, case.rest, case.groups, s.first_seed)
    recipe = Recipe(
        read=case.rows.code,
        target=table.target,
        classes=len(table.classes),
        text_classes=not _numeric(table.classes),
        categories=tuple(n for n in case.names if table.columns[n].kind == "category"),
        leave_out=(*out, *table.names.values()),
        coerced=any(table.columns[n].rubbish for n in case.names),
        rows=len(train),
        seed=s.first_seed,
        trial=trial,
    )
    return {"toml": prescription_toml(data, trial), "code": code_blocks(recipe)}


def _numeric(classes):
    try:
        return bool([float(name) for name in classes])
    except ValueError:
        return False
