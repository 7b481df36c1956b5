"""`gradclinic optimizers`: search, fresh seeds, aggregates, put together as plain data.

The content, `optimizers.json` (null stands for what is infinite: a run that missed or
diverged; an interval is [value, low, high]):

- schema, kind, command, created, version, seconds, machine, noise
- settings: budgets (trials), seeds (fresh ones), seed (master), quick, threads, sweep
  [rates, seeds], priors {name: [low, high, of 1 - value?]}, decades, edge
- targets: what `targets.toml` says of itself: version, made, baselines, trials, seeds
- training_runs: {total: that this content rests on, trained: not found in the store}
- failed: [{problem, optimizer, reason}], pairs that could not be trained: all missed
- problems: [{name, title, summary, trial {setting: words}, n_params, epochs,
  batches (a pass), value (target), easy, medians {baseline: value}}]
- optimizers: [{name, source, defaults, full_batch, slots, state_bytes_per_parameter (of
  the largest network here), evaluations_per_step, file, gate (of a user's file, else
  null: {deterministic, remaining (share of the loss of a quadratic), lr})}]
- results: [a dict a pair:
  problem, optimizer, decades (of log10 rate/default searched), at_edge,
  budgets: [{budget, trial (its number), hyper, best [of each fresh seed], status [..],
    costs {value|easy: {evaluations|steps|seconds: [of each fresh seed]}},
    reached {value|easy: {rate: interval, running_time: interval of evaluations}},
    curve {passes [..], per_pass {clock: of one pass}, val_loss|train_loss {low|median|
    high: [..]}: quartiles over the fresh seeds}}],
  trials {lr, best, value, easy: columns over the trials; costs in evaluations},
  sweep {lr, best, value, easy: columns over the rates, median over seeds},
  tunability {curve {trials, expected, low, high, median, reach: of the best of so many
    trials, validation losses}, default_gap: interval of loss by defaults / tuned,
    basin: null or {best_lr, best_value, low, high, decades, open_low, open_high}}]
- comparisons: [a dict a budget, clock and target: budget, clock, target,
  profile {tau, value, low, high: a row an optimizer}, profile_score [interval],
  reach_rate [interval], ranks [{first, last, low, high}],
  stability {without_problem, without_optimizer: places, a row a thing left out;
    problem_swaps, optimizer_swaps, low, high}; where the clock is
    evaluations interquartile_mean [interval of the share of the budget that is left at
    the target], and where optimizers are several
  improvement {value, low, high: matrices; needed; better: matrix},
  standings [{low, high, tied [numbers]}], tie_groups [[numbers]],
  sign_flip {p, holm: matrices; smallest}; lists are in the order of `optimizers`]
- main: {budget, clock, target} of the comparison to show first
- theory: [{optimizer, kappa, theory, measured, difference}], rates of convergence of
  full-batch least squares by the same engine
- rules, parity, updates, surfaces: see `further`
- warnings: [sentences]
"""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from ...execution.data import split
from ...execution.network import network
from ...execution.population import DATA_SEED, batches
from ...execution.store import Store
from ...measurement.machine import machine_facts, package_version
from ...measurement.noise import HostWatch
from ..settings import settings as in_words
from .aggregates import comparisons
from .content import result
from .further import further
from .gate import gate
from .priors import DECADES, EDGE, PRIORS
from .rates import convergence_rates
from .search import Search, search
from .settings import StudySettings
from .targets import Target, target_of, targets_file

SCHEMA = 1
STORE = "optimizers.sqlite"


@dataclass(frozen=True)
class Study:
    """All that was run: {(problem, optimizer): Search}, and the frozen targets."""

    settings: StudySettings
    targets: dict[str, Target]
    found: dict[tuple[str, str], Search]
    trained: int


def run_study(settings: StudySettings, progress: Callable) -> Study:
    """Run what the store of `settings.out` lacks; resumes where it was interrupted."""
    targets = {p.name: target_of(p.name) for p in settings.problems}
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
                    problem, entrant, settings, targets[problem.name], known, store
                )
                done += 1
            trained += len(known) - stored
    return Study(settings, targets, found, trained)


def study(settings: StudySettings, progress: Callable) -> dict[str, Any]:
    """Run the study; returns its content, plain data, see above.

    Raises BadData where a user's optimizer does not pass the gate.
    """
    began = time.perf_counter()
    gates = {e.name: gate(e, settings.threads) for e in settings.entrants if e.file}
    with HostWatch() as watch:
        made = run_study(settings, progress)
    more = further(settings, progress)
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
        "problems": [_problem(p, made.targets[p.name]) for p in settings.problems],
        "optimizers": [
            _optimizer(e, settings) | {"gate": gates.get(e.name)}
            for e in settings.entrants
        ],
        "results": [
            result(p, e, made.found[p.name, e.name], made.targets[p.name])
            for p in settings.problems
            for e in settings.entrants
        ],
        "comparisons": comparisons(made),
        "main": _main(settings),
        "theory": convergence_rates(),
        **more,
        "warnings": warnings(made),
        "seconds": time.perf_counter() - began,
    }


def _main(settings):
    """What the quick look's few trials can be expected to reach is the easy target."""
    target = "easy" if settings.quick else "value"
    return {"budget": settings.budgets[-1], "clock": "evaluations", "target": target}


def _all_runs(made):
    return {key for found in made.found.values() for key in found.keys}


def _settings(settings):
    return {
        "budgets": list(settings.budgets),
        "seeds": settings.seeds,
        "seed": settings.master,
        "quick": settings.quick,
        "threads": settings.threads,
        "confirm": list(settings.confirm),
        "sweep": list(settings.sweep),
        "priors": {name: list(prior) for name, prior in PRIORS.items()},
        "decades": list(DECADES),
        "edge": EDGE,
    }


def _net(problem):
    return network(problem.trial, split(problem.trial.data, DATA_SEED))


def _problem(problem, target):
    skipped = ("Optimizer", "Target")
    words = {k: v for k, v in in_words(problem.trial).items() if k not in skipped}
    return {
        "name": problem.name,
        "title": problem.title,
        "summary": problem.summary,
        "trial": words,
        "n_params": _net(problem).n_params,
        "epochs": problem.trial.epochs,
        "batches": batches(problem),
        **asdict(target),
        "medians": targets_file()["problems"][problem.name]["medians"],
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
    """What a reader must know: ranges that were extended, optimizers that missed."""
    said = []
    for (problem, name), found in made.found.items():
        if found.at_edge:
            low, high = found.decades
            said.append(
                f"{name} on {problem}: the best learning rate lies at the edge of its"
                f" range, even extended to 10^{low:g} to 10^{high:g} times the default."
            )
    extended = sum(found.decades != DECADES for found in made.found.values())
    if extended:
        said.append(
            f"{extended} of {len(made.found)} searches had their best learning rate in"
            " the outer 5 % of its range and were run again on a range a decade wider."
        )
    return said
