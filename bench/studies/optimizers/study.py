"""`gradclinic optimizers`: search, fresh seeds, aggregates, put together as plain data.

The content, `optimizers.json`, is told in `schemas/optimizers.json`.
"""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from ....reports.trial_words import trial_words
from ...execution.data import split
from ...execution.network import network
from ...execution.population import DATA_SEED, batches
from ...execution.store import Store
from ...measurement.machine import machine_facts, package_version
from ...measurement.noise import HostWatch
from ...statistics.intervals import finite_or_none
from .aggregates import comparisons
from .content import result
from .extras import extras
from .gate import gate
from .priors import DECAYS, DECOUPLED, EDGE, PRIORS, decades
from .rates import convergence_rates
from .search import Search, search
from .seconds import seconds_measured
from .settings import StudySettings
from .targets import Target, frozen_budget, target_of, targets_file
from .tuning import independent

SCHEMA = 1
STORE = "optimizers.sqlite"


@dataclass(frozen=True)
class Study:
    """All that was run: {(problem, optimizer): Search}, and the frozen targets.

    targets: {problem: the target of each budget}; seconds: see `seconds_measured`, None
    where they were not measured.
    """

    settings: StudySettings
    targets: dict[str, tuple[Target, ...]]
    found: dict[tuple[str, str], Search]
    trained: int
    seconds: dict[str, Any] | None = None

    @property
    def timed(self) -> bool:
        """Were seconds measured on a quiet host, so that a place by them means much?"""
        return self.seconds is not None and not self.seconds["noisy"]

    def step_seconds(self, problem: str, name: str) -> float | None:
        """Median seconds of a step; None where none was measured."""
        if self.seconds is None:
            return None
        measured = self.seconds["per_step"].get(problem, {}).get(name)
        return measured[0] if measured else None


def run_study(settings: StudySettings, progress: Callable) -> Study:
    """Run what the store of `settings.out` lacks; resumes where it was interrupted."""
    targets = {
        p.name: tuple(target_of(p.name, budget) for budget in settings.budgets)
        for p in settings.problems
    }
    found, done, trained = {}, 0, 0
    total = len(settings.problems) * len(settings.entrants)
    settings.out.mkdir(parents=True, exist_ok=True)
    with Store(settings.out / STORE, force=settings.force) as store:
        for problem in settings.problems:
            known = {run.key: run for run in store.runs(problem.name)}
            stored = len(known)
            for entrant in settings.entrants:
                progress(done, total, f"{problem.title}: {entrant.name}")
                found[problem.name, entrant.name] = search(
                    problem, entrant, settings, known, store
                )
                done += 1
            trained += len(known) - stored
    return Study(settings, targets, found, trained)


def study(settings: StudySettings, progress: Callable) -> dict[str, Any]:
    """Run the study; returns its content, plain data.

    Raises BadData where a user's optimizer does not pass the gate.
    """
    began = time.perf_counter()
    gates = {e.name: gate(e, settings.threads) for e in settings.entrants if e.file}
    with HostWatch() as watch:
        made = run_study(settings, progress)
    made = replace(made, seconds=seconds_measured(settings, progress))
    more = extras(settings, progress)
    progress(1, 1, "Comparing")
    return {
        "schema": SCHEMA,
        "kind": "optimizers",
        "command": settings.command,
        "created": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "version": package_version("gradclinic"),
        "machine": machine_facts(),
        "noise": asdict(watch.noise) | {"reasons": list(watch.noise.reasons)},
        "settings": _settings(settings),
        "targets": {k: v for k, v in targets_file().items() if k != "problems"},
        "failed": failures(made),
        "training_runs": {"total": len(_all_runs(made)), "trained": made.trained},
        "problems": [_problem(p, made) for p in settings.problems],
        "optimizers": [
            _optimizer(e, settings) | {"gate": gates.get(e.name)}
            for e in settings.entrants
        ],
        "results": _results(made),
        "comparisons": comparisons(made),
        "main": _main(settings),
        "seconds_measured": made.seconds,
        "theory": convergence_rates(),
        **more,
        "warnings": warnings(made),
        "seconds": time.perf_counter() - began,
    }


def _results(made):
    return [
        result(
            p,
            e,
            made.found[p.name, e.name],
            made.targets[p.name],
            made.step_seconds(p.name, e.name),
        )
        for p in made.settings.problems
        for e in made.settings.entrants
    ]


def _main(settings):
    last = settings.budgets[-1]
    return {"budget": last, "clock": "evaluations", "target": "value"}


def _all_runs(made):
    return {key for found in made.found.values() for key in found.keys}


def _settings(settings):
    rules = {entrant.name: entrant.optimizer for entrant in settings.entrants}
    laws = PRIORS | {f"weight_decay ({kind})": law for kind, law in DECAYS.items()}
    return {
        "budgets": list(settings.budgets),
        "seeds": settings.seeds,
        "seed": settings.master,
        "quick": settings.quick,
        "threads": settings.threads,
        "confirm": list(settings.confirm),
        "decide": list(settings.decide),
        "independent": [independent(budget) for budget in settings.budgets],
        "sweep": [settings.sweep, settings.seeds],
        "priors": {n: [law.low, law.high, law.complement] for n, law in laws.items()},
        "halves": {n: law.half for n, law in laws.items() if law.half is not None},
        "rates": {
            name: [float(f"{10**end:.4g}") for end in decades(rule)]
            for name, rule in rules.items()
        },
        "decoupled": [n for n, rule in rules.items() if rule.name in DECOUPLED],
        "edge": EDGE,
    }


def _net(problem):
    return network(problem.trial, split(problem.trial.data, DATA_SEED))


def _problem(problem, made):
    skipped = ("Optimizer", "Target")
    words = {k: v for k, v in trial_words(problem.trial).items() if k not in skipped}
    budgets, targets = made.settings.budgets, made.targets[problem.name]
    medians = targets_file()["problems"][problem.name]["medians"]
    return {
        "name": problem.name,
        "title": problem.title,
        "summary": problem.summary,
        "trial": words,
        "n_params": _net(problem).n_params,
        "epochs": problem.trial.epochs,
        "batches": batches(problem),
        **asdict(targets[-1]),
        "targets": {
            str(b): target.value for b, target in zip(budgets, targets, strict=True)
        },
        "medians": {
            name: finite_or_none(value)
            for name, value in medians[str(frozen_budget(budgets[-1]))].items()
        },
    }


def _optimizer(entrant, settings):
    rule = entrant.optimizer
    net = max((_net(p) for p in settings.problems), key=lambda net: net.n_params)
    rows, columns = rule.state_shape(net.n_params, net.matrices)
    return {
        "name": entrant.name,
        "source": rule.source,
        "defaults": dict(rule.defaults),
        "full_batch": rule.full_batch,
        "slots": rule.slots,
        "state_bytes_per_parameter": 4 * rows * columns / net.n_params,
        "evaluations_per_step": entrant.evaluations_per_step,
        "file": str(entrant.file) if entrant.file else None,
    }


def failures(made: Study) -> list[dict[str, Any]]:
    """The pairs with runs that could not be trained, and the reason of the first."""
    return [
        {"problem": problem, "optimizer": name, "reason": bad[0].reason}
        for (problem, name), found in made.found.items()
        if (bad := [run for run in found.trials if run.status == "failed"])
    ]


def warnings(made: Study) -> list[str]:
    """What a reader must know: ranges that grew, searches that failed their check."""
    said = []
    for (problem, name), found in made.found.items():
        if found.at_edge:
            low, high = found.decades
            said.append(
                f"{name} on {problem}: the best learning rate lies at the edge of its"
                f" range, even extended to 10^{low:g} to 10^{high:g}."
            )
    extended = sum(found.extended > 0 for found in made.found.values())
    if extended:
        said.append(
            f"{extended} of {len(made.found)} searches had their best learning rate in"
            " the outer 5 % of its range and were run again on a range a decade wider."
        )
    failed = sum(w.withheld is not None for f in made.found.values() for w in f.winners)
    if failed:
        said.append(
            f"{failed} of {len(made.found)} searches are beaten by more than 5 % by"
            " another learning rate with all else as it was tuned: no place is given"
            " to these."
        )
    return said
