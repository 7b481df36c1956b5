"""The scores of `gradclinic detectors`, beside what its stored runs give.

Published rules and our rules on several seeds are applied again here, by pandas and
scipy; so are counts, precision, recall and F1. Our rules on one run are asked once
more as a user asks them, through the content of the page of curves.
"""

import json
from collections.abc import Iterator
from math import isclose, sqrt
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

from ...statistics.logged import LoggedSeries
from ..curves_logged.logged import logged
from ..curves_logged.study import FOUND, curves_content
from . import published_rules, symptoms
from .runs import STRIDE, table

CLOSE = 1e-9
_CURVES = {"train_loss": "train_loss", "val_loss": "val_loss"}
_ACCURACIES = {"train_accuracy": "train_metric", "val_accuracy": "val_metric"}


def audit_detectors(folder: Path) -> Iterator[str]:
    """Sentences on what does not follow in `detectors.json` of the folder."""
    path = folder / "detectors.json"
    if not path.is_file():
        yield f"{folder} holds runs of a study of detectors, and no {path.name}."
        return
    content = json.loads(path.read_text(encoding="utf-8"))
    runs = chosen(table(folder / "detectors.sqlite"), content)
    watched = runs[runs.role != "sweep"]
    if len(watched) != content["runs"]:
        yield f"{content['runs']} runs are told of, and {len(watched)} are stored."
        return
    said = verdicts(content, runs)
    for rule in content["rules"]:
        key = rule["unit"], rule["maker"], rule["detector"]
        about = f"{rule['maker']} on {rule['detector']}, a {rule['unit']}"
        for score in rule["scores"]:
            for line in _score(content, rule["detector"], score, said[key]):
                yield f"{about}, {score['severity']}: {line}"


def chosen(runs: pd.DataFrame, content) -> pd.DataFrame:
    """The runs that a content rests on: of its seeds, troubles and sound trainings."""
    first, groups = content["settings"]["seed"], content["settings"]["groups"]
    master, place = runs.seed // STRIDE, runs.seed % STRIDE
    of_seeds = master.between(first, first + groups - 1)
    of_seeds &= place < content["settings"]["seeds"]
    conditions = {
        (patient, f"{trouble['name']}.{severity}")
        for trouble in content["troubles"]
        for patient in trouble["patients"]
        for severity in trouble["strengths"]
    } | {(p, t["twin"]) for t in content["troubles"] for p in t["patients"]}
    plain = runs.fix.str.replace(r"\.(wider_x\d+|new_rows)$", "", regex=True)
    wanted = [pair in conditions for pair in zip(runs.scenario, plain, strict=True)]
    found = pd.DataFrame(runs[of_seeds & np.array(wanted, dtype=bool)])
    keys = ["scenario", "fix", "role", "seed"]
    return found.drop_duplicates(subset=keys, keep="last").assign(group=master)


def verdicts(content, runs) -> dict[tuple[str, str, str], pd.DataFrame]:
    """{(unit, maker, detector): DataFrame of trouble, severity, named}."""
    watched = runs[runs.role != "sweep"].reset_index(drop=True)
    trouble = watched.fix.where(watched.role != "healthy").str.split(".").str[0]
    about = watched[["scenario", "fix", "group"]].assign(
        trouble=trouble, severity=watched.role
    )
    found = {}
    for maker, detector, named in _of_runs(content, watched):
        each = about.assign(named=named)
        found["run", maker, detector] = each
        if maker != "gradclinic":
            keys = ["scenario", "fix", "group"]
            most = each.groupby(keys, sort=False).agg(
                trouble=("trouble", "first"),
                severity=("severity", "first"),
                named=("named", lambda s: s.sum() > len(s) / 2),
            )
            found["group", maker, detector] = most.reset_index(drop=True)
    for detector, rows in _of_groups(content, runs).items():
        found["group", "gradclinic", detector] = rows
    return found


def _of_runs(content, watched) -> Iterator[tuple[str, str, list[bool]]]:
    rows = [row for _, row in watched.iterrows()]
    ours = [_told(row) for row in rows]
    for rule in content["rules"]:
        if rule["unit"] != "run":
            continue
        maker, detector = rule["maker"], rule["detector"]
        if maker == "gradclinic":
            yield maker, detector, [detector in named for named in ours]
        else:
            speaks = published_rules.RULES[maker, detector]
            with np.errstate(all="ignore"):
                yield maker, detector, [bool(speaks(row)) for row in rows]


def _told(row) -> set[str]:
    """Troubles that the page of a run's logged curves names."""
    names = _CURVES | (_ACCURACIES if row.trial["loss"] != "mse" else {})
    series = {
        name: LoggedSeries(
            np.array(row.curves["epoch"], float), np.array(row.curves[curve], float)
        )
        for name, curve in names.items()
    }
    log = logged(series, "epoch", "", {name: name for name in names})
    content = curves_content(log, "", "")
    return {t["trouble"] for t in content["troubles"] if t["verdict"] == FOUND}


def _of_groups(content, runs) -> dict[str, pd.DataFrame]:
    """{detector: DataFrame of trouble, severity, named} of our rules on groups."""
    twins = {t["name"]: t["twin"] for t in content["troubles"]}
    names = {
        r["detector"]
        for r in content["rules"]
        if (r["unit"], r["maker"]) == ("group", "gradclinic")
    }
    real = {p["name"] for p in content["patients"] if p["real"]}
    lines = {name: [] for name in names}
    watched = runs[runs.role != "sweep"]
    keys = ["scenario", "fix", "role", "group"]
    for (patient, fix, role, group), mine in watched.groupby(keys, sort=False):
        trouble = None if role == "healthy" else fix.split(".")[0]
        here = runs[(runs.scenario == patient) & (runs.group == group)]
        twin = here[here.fix == (fix if trouble is None else twins[trouble])]
        beside = _beside(here, fix, mine, twin)
        data = twin.trial.iloc[0]["data"]
        overlap = data["validation"] / data["rows"] if patient in real else None
        values = _values(mine)
        for name in names:
            fires, _ = symptoms.RULES[name](values, beside, overlap)
            lines[name].append((trouble, role, bool(fires)))
    columns = ["trouble", "severity", "named"]
    return {name: pd.DataFrame(rows, columns=columns) for name, rows in lines.items()}


def _beside(here, fix, mine, twin):
    """What was trained beside runs of the same seeds, and the passes that were given.

    Late falls of the validation loss decide whether a missed target means slowness.
    """
    found = {
        name: _values(rows)
        for name in ("wider_x2", "wider_x4", "new_rows")
        if len(rows := here[here.fix == f"{fix}.{name}"]) == len(mine)
    }
    budget = max(len(curves["epoch"]) for curves in mine.curves)
    return found | {"tuned_reference": _values(twin), "budget": budget}


def _values(rows) -> pd.DataFrame:
    by_seed = rows.set_index("seed").sort_index()
    found = pd.DataFrame(by_seed["values"].tolist(), index=by_seed.index)
    found = found.apply(pd.to_numeric, errors="coerce").assign(status=by_seed.status)
    if by_seed.trial.iloc[0]["loss"] == "mse":
        found[["train_metric", "val_metric"]] = np.nan
    falls = [_late_fall(curves["val_loss"]) for curves in by_seed.curves]
    return found.assign(late_fall=falls)


def _late_fall(curve):
    loss = pd.Series(curve, dtype=float).to_numpy()
    tenth = max(1, len(loss) // 10)
    last, before = loss[-tenth:], loss[-2 * tenth : -tenth]
    return 1 - last.mean() / before.mean() if len(loss) >= 2 * tenth else np.nan


def _score(content, detector, score, said) -> Iterator[str]:
    about = {t["name"]: t for t in content["troubles"]}
    wanted = [score["severity"]]
    if score["severity"] == "all":
        wanted = ["mild", "clear", "severe"]
    mine = said[said.severity.isin([*wanted, "healthy"])]
    shows = mine.trouble.map(lambda t: t in about and about[t]["shows"] == detector)
    may = mine.trouble.map(lambda t: t in about and detector in about[t]["may_show"])
    ill, well = mine[shows], mine[~shows & ~may]
    tp, fp = int(ill.named.sum()), int(well.named.sum())
    found = {"tp": tp, "fp": fp, "fn": len(ill) - tp, "tn": len(well) - fp}
    if found != score["counts"]:
        yield f"the counts are said to be {score['counts']}, and are {found}."
        return
    shares = {"precision": (tp, tp + fp), "recall": (tp, len(ill))}
    for name, (k, n) in shares.items():
        yield from _near(name, score[name], _wilson(k, n))
    jaccard = _wilson(tp, len(ill) + fp)
    yield from _near("f1", score["f1"], [2 * j / (1 + j) for j in jaccard])


def _wilson(k, n):
    """[share, low, high] by scipy; nothing to share is bounded by 0 and 1."""
    if not n:
        return [np.nan, 0.0, 1.0]
    found = stats.binomtest(k, n).proportion_ci(method="wilson")
    return [k / n, found.low, found.high]


def _near(name, said, found):
    for a, b in zip(said, found, strict=True):
        known = not np.isnan(b)
        if (a is not None) != known or (
            known and not isclose(a, b, rel_tol=1e-6, abs_tol=sqrt(CLOSE))
        ):
            yield f"{name} is said to be {said}, and is {found}."
            return
