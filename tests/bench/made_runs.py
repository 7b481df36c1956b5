"""Scenarios and runs made up for a test, so that the right answer can be worked out."""

from dataclasses import replace
from functools import partial

from gradclinic.bench.execution.record import Run
from gradclinic.bench.studies.evidence import BASELINE, Evidence
from gradclinic.scenarios import SCENARIOS, Dataset
from gradclinic.scenarios.scenario import Fix

WHOLE = {
    "train_loss": 1.0,
    "val_loss": 3.0,
    "best_val_loss": 2.0,
    "test_loss": 2.0,
    "train_metric": 0.9,
    "val_metric": 0.8,
    "test_metric": 0.7,
    "epochs": 60,
    "predicted_bytes": 1000.0,
    "peak_bytes": 3000.0,
}


def a_fix(name, **changes):
    label = name.replace("_", " ").capitalize()
    return Fix(name, "family", partial(replace, **changes), label, f"{name} helps.")


# Splits of one real data set: test and validation rows differ, and are not redrawn.
SPLITS = Dataset("digits", rows=160, validation=128, test=64)


def a_question(name="overfitting", fixes=("a", "b", "c"), **changes):
    """A scenario that is known, with other fixes and whatever else is changed.

    Overfitting has splits of one data set here.
    """
    known = {q.name: q for s in SCENARIOS.values() for q in (s, *s.parts)}[name]
    if name == "overfitting":
        known = replace(known, baseline=replace(known.baseline, data=SPLITS))
    return replace(known, fixes=tuple(map(a_fix, fixes)), parts=(), **changes)


def a_run(role, fix, seed, *, status="ok", seconds=1.0, reason=None, **values):
    return Run(
        f"{role}-{fix}-{seed}",
        "made up",
        fix,
        role,
        seed,
        status=status,
        reason=reason,
        seconds=seconds,
        bytes=500,
        values=WHOLE | values,
    )


def runs_of(role, fix, seeds=range(5), **columns):
    """{seed: run}; a column is a value for all seeds or a list of one a seed."""
    seeds = list(seeds)

    def of(place):
        return {
            name: column[place] if isinstance(column, (list, tuple)) else column
            for name, column in columns.items()
        }

    return {seed: a_run(role, fix, seed, **of(k)) for k, seed in enumerate(seeds)}


def evidence_of(question, *conditions, planned=0):
    """conditions: (role, fix, columns of `runs_of`)."""
    runs = {(role, fix): runs_of(role, fix, **how) for role, fix, how in conditions}
    return Evidence(question, runs, planned)


def baseline(**how):
    return BASELINE, BASELINE, how
