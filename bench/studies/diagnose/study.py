"""The whole diagnosis of a table, as plain data: read, check, train, mend, test."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from ...errors import BadData
from ...execution.network import network
from ..evidence import BASELINE, column
from .checks import CHECKS, Finding, Look, inspected
from .checks.copies import row_numbers
from .default import default_trial
from .experiment import DEAREST, Experiment
from .folds import encoded_fold
from .for_tables import OWN, Remedy
from .gaps import gapped, too_dear, way_of
from .guessing import guessing_loss, material
from .metrics import scoring
from .parts import SHARES, held_out, repeated
from .rate import capacity_finding, rate_finding
from .reading import Rows, UserTable, user_table
from .remedies import remedies, usual
from .settings import TUNING_AT, DiagnoseSettings
from .symptoms import detections, examinations, findings
from .training import Conditions
from .versus import baseline_values

Report = Callable[[int, int, str], None]
SPLITS, TUNING = 15, 2
# (multiply-adds of a pass forward over all epochs, splits): the longer, the fewer.
_FEWER = ((3e8, 10), (1.5e9, 6))
_EXAMINED = 4
# Parameters up to which a sweep widens the network four times, not just twice.
_WIDE = 20_000
# judged / training rows, and validation / training rows: for the corrected intervals.
OVERLAP = SHARES[2] / SHARES[0]


@dataclass
class Workup:
    """A table with what was found so far, as the steps of a study fill it in."""

    rows: Rows
    table: UserTable
    settings: DiagnoseSettings
    findings: list[Finding]
    names: list[str]
    groups: np.ndarray | None
    rest: np.ndarray
    test: np.ndarray
    experiment: Experiment
    metric: str
    baselines: dict[str, np.ndarray]
    detections: dict[str, Any]
    inputs: int
    began: float


def examined_case(
    rows: Rows, settings: DiagnoseSettings, progress: Report, beside: bool = True
) -> Workup:
    """Read, check, train the network and baselines, and ask every detector.

    beside: False leaves out the baselines, on which no finding rests. Raises BadData in
    one sentence where the table cannot be used.
    """
    with one_thread():
        return _examined(rows, settings, progress, beside)


@contextmanager
def one_thread() -> Iterator[None]:
    """scikit-learn on one thread: several wait for each other longer than they work.

    What it is compiled with must be loaded before it can be told.
    """
    import_module("sklearn.ensemble")
    with threadpool_limits(1):
        yield


def _examined(rows, settings, progress, beside) -> Workup:
    began = time.monotonic()
    s = settings
    table = user_table(rows, s.target, s.task, s.group, s.time)
    progress(0, len(CHECKS), "Looking at the table")
    found, names, groups, rest, test = looked_at(table, s)
    judging, tuning = _folds(table, names, groups, rest, s)
    imbalanced = any(f.name == "imbalance" for f in found)
    first = judging[0].data
    metric, score = scoring(s.metric, table.task, imbalanced, len(first.y[2]))
    sizes = (len(first.y[0]), len(first.y[1]), len(first.y[2]))
    trial = default_trial(
        sizes, len(table.classes), s.network, s.lr, s.optimizer, s.epochs
    )
    net = network(trial, judging[0].split(trial))
    work = float(net.work) * sizes[0] * trial.epochs
    count = next((n for w, n in _FEWER[::-1] if work > w), SPLITS)
    judging = judging[: s.splits or count]
    experiment = Experiment(
        trial,
        judging,
        tuning,
        Conditions(score, s.threads),
        began + s.budget if s.budget else None,
    )
    about = (rows, table, s, found, names, groups, rest, test, experiment, metric)
    case = Workup(*about, {}, {}, first.x[0].shape[1], began)
    progress(0, 3, "Training the network")
    experiment.run(BASELINE, BASELINE, trial)
    if beside:
        case.baselines = baseline_values(experiment, progress)
    progress(3, 3, "Asking the detectors")
    _ask_detectors(case, net.n_params)
    return case


def looked_at(table: UserTable, settings: DiagnoseSettings):
    """(findings, names of features to use, groups, other rows, test rows).

    Where equal rows would stand on both sides of a split they become groups, and the
    checks look again, at the rows that are then left.
    """
    groups = table.groups
    for _ in range(2):
        rest, test = held_out(table, groups, settings.first_seed)
        look = Look(table, rest, settings.seed)
        found = inspected(look, settings.mute)
        copies = any(f.name == "copies_across" for f in found)
        if not copies or groups is not None:
            break
        groups = row_numbers(look)
    if not look.names:
        raise BadData(
            f"{table.name} has no column left to learn from: each one is constant, a"
            " name or a time; --mute with the code of a check keeps its columns."
        )
    return found, look.names, groups, rest, test


def _folds(table, names, groups, rest, settings):
    """(judging folds, tuning folds), encoded by their own training rows."""
    first = settings.first_seed
    counts = ((first, settings.splits or SPLITS), (first + TUNING_AT, TUNING))
    return [
        [
            encoded_fold(seed, table, names, (p.train, p.validation, p.judged))
            for seed, p in zip(
                range(start, start + count),
                repeated(table, rest, groups, range(start, start + count)),
                strict=True,
            )
        ]
        for start, count in counts
    ]


def _ask_detectors(case: Workup, parameters: int) -> None:
    """Fill in detections and the findings they lead to."""
    experiment, runs = case.experiment, case.experiment.baseline
    seeds = list(runs)
    names = {name for run in runs.values() for name in run.values}
    values: dict[str, Any] = {n: column(runs, seeds, n) for n in sorted(names)}
    values["status"] = [run.status for run in runs.values()]
    if any(run.status != "failed" for run in runs.values()):
        values |= examinations(experiment.trial, experiment.folds[:_EXAMINED])
    values |= _capacity(case, values, parameters)
    values["guessing_loss"] = np.array([guessing_loss(f) for f in experiment.folds])
    if case.settings.memory:
        values["peak_bytes"] = values.get("predicted_bytes")
        values["budget"] = float(case.settings.memory)
    case.detections = detections(values, OVERLAP)
    if "overfitting" in case.detections:
        seen = case.detections["overfitting"]
        case.detections["overfitting"] = material(seen, values, OVERLAP)
    more = findings(case.detections, case.findings, case.settings.mute)
    if not any(f.name == "underfitting" for f in more):
        small = capacity_finding(experiment, OVERLAP, case.settings.mute)
        more += [small] if small else []
    case.findings = [*case.findings, *more]
    fired = [f.name for f in more if f.name in case.detections]
    if fired:
        experiment.detector = fired[0]


def _capacity(case, values, parameters):
    """What the rule for underfitting reads of wider networks, where it may hold."""
    train = values.get("train_metric", np.array([]))
    val = values.get("val_metric", np.array([]))
    hidden = case.experiment.trial.hidden
    known = np.isfinite(train) & np.isfinite(val) if train.size else np.array([])
    if not hidden or not known.any() or case.experiment.expired:
        return {}
    gap, reached = (train - val)[known].mean(), train[known].mean()
    if gap > 0.05 or reached > 0.995:
        return {}
    (wider,) = (remedy for remedy in OWN if remedy.name == "wider_layers")
    found = []
    for times in (2, 4) if parameters <= _WIDE else (2,):
        trial = wider.change(case.experiment.trial, times)
        found.append(case.experiment.run(f"wider_x{times}", "sweep", trial))
    seeds = list(case.experiment.baseline)
    losses = np.stack([column(runs, seeds, "train_loss") for runs in found])
    return {
        "best_sweep_train_loss": losses.min(axis=0),
        "wider_val_metric": column(found[0], seeds, "val_metric"),
        "delta": 0.01,
    }


def mended(
    case: Workup, progress: Report, rate_only: bool = False
) -> list[dict[str, Any]]:
    """Try every fix that applies, then the best two together; their verdict dicts.

    The learning rate comes first: whether it is the trouble is told by its fix.
    rate_only: no other is tried.
    """
    experiment = case.experiment
    chosen = _applicable(case)
    rate = [r for r in chosen if r.name == "learning_rate"]
    for remedy in rate:
        progress(0, len(chosen) + 1, f"Trying: {remedy.label.lower()}")
        experiment.try_remedy(remedy)
        told = rate_finding(experiment, OVERLAP, case.settings.mute)
        if told:
            case.findings.append(told)
            chosen = _applicable(case)
    rest = [r for r in chosen if r.name != "learning_rate" and not rate_only]
    for place, remedy in enumerate(rest, 1):
        progress(place, len(rest) + 2, f"Trying: {remedy.label.lower()}")
        experiment.try_remedy(remedy)
    if rest:
        progress(len(rest) + 1, len(rest) + 2, "Trying the best two together")
    _try_pair(experiment, [*rate, *rest])
    return experiment.judged()


def _applicable(case: Workup) -> list[Remedy]:
    """The remedies for what was found so far that can be afforded."""
    found = {finding.name for finding in case.findings}
    gaps = gapped(case.table, case.names, case.rest)
    found |= {"gaps"} if gaps else set()
    chosen = remedies(case.experiment.trial, case.inputs, found)
    kept = []
    for remedy in chosen:
        way = way_of(remedy.change(case.experiment.trial, usual(remedy)))
        if too_dear(way, len(gaps), case.inputs, len(case.rest)):
            case.experiment.skipped[remedy.label] = "so many columns would take long"
        else:
            kept.append(remedy)
    return _affordable(case, kept)


def _affordable(case: Workup, chosen: list[Remedy]) -> list[Remedy]:
    """Those whose training takes at most `DEAREST` times the multiply-adds."""
    trial, rows = case.experiment.trial, case.experiment.folds[0]
    base = _work(trial, rows)
    kept = []
    for remedy in chosen:
        doses = remedy.doses or (None,)
        works = [_work(remedy.change(trial, dose), rows) for dose in doses]
        cheap = [d for d, w in zip(doses, works, strict=True) if w <= DEAREST * base]
        if cheap:
            kept.append(replace(remedy, doses=tuple(cheap)) if remedy.doses else remedy)
        else:
            case.experiment.skipped[remedy.label] = (
                f"it costs over {DEAREST:g} times the training"
            )
    return kept


def _work(trial, fold):
    """Multiply-adds of a training in passes over rows of one size."""
    try:
        return float(network(trial, fold.split(trial)).work) * trial.epochs
    except ValueError:
        return np.inf


def _try_pair(experiment: Experiment, chosen: list[Remedy]) -> None:
    """The two fixes of the highest worth that help, of two families, as one."""
    helping = [v for v in experiment.judged() if v["verdict"] in ("cured", "relieved")]
    if len(helping) < 2:
        return
    first = helping[0]
    others = [v for v in helping[1:] if v["family"] != first["family"]] or helping[1:]
    by_name = {remedy.name: remedy for remedy in chosen}
    (fix,) = (f for f in experiment.fixes if f.name == first["name"])
    for other in others[:3]:
        if experiment.try_together(fix, by_name[other["name"]]) is not None:
            return
