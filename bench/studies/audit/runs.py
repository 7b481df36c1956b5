"""The stored runs of a folder as tables, read without the program that wrote them."""

import json
import sqlite3
from pathlib import Path

import pandas as pd

# Runs of one master seed have seeds in a span of their own.
STRIDE = 1000


def table(path: Path) -> pd.DataFrame:
    """A row a run: scenario, fix, role, seed, status, seconds, trial, values, curves.

    The last three are dicts. Of two runs of one condition and seed the later counts.
    """
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        runs = pd.read_sql_query("SELECT *, rowid FROM runs ORDER BY created", database)
    database.close()
    for name in ("trial", "values", "curves"):
        runs[name] = runs[name].map(json.loads)
    return runs


def of_seed(runs: pd.DataFrame, scenario: str, master: int) -> pd.DataFrame:
    """The runs of one question and master seed, the latest of each condition."""
    low, high = master * STRIDE, (master + 1) * STRIDE
    mine = (runs["scenario"] == scenario) & runs["seed"].between(low, high - 1)
    chosen = pd.DataFrame(runs[mine])
    return chosen.drop_duplicates(subset=["role", "fix", "seed"], keep="last")


def condition(runs: pd.DataFrame, role: str, fix: str) -> pd.DataFrame:
    """The runs of one condition, by seed, with a column for each value and status."""
    rows = runs[(runs.role == role) & (runs.fix == fix)].set_index("seed").sort_index()
    values = pd.DataFrame(rows["values"].tolist(), index=rows.index)
    mixed = values.select_dtypes(exclude=["number", "bool"]).columns
    values[mixed] = values[mixed].apply(pd.to_numeric, errors="coerce")
    about = rows[["status", "trial", "curves"]]
    return pd.concat([values, about], axis=1)
