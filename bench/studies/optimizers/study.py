"""`gradclinic optimizers`: search, fresh seeds, aggregates, put together as plain data.

The content, `optimizers.json` (null stands for what is infinite: a run that missed or
diverged; an interval is [value, low, high]):

- schema, kind, command, created, version, seconds, machine, noise
- settings: budgets (trials), seeds (fresh ones), seed (master), quick, threads, confirm
  and decide [of the best, on seeds], independent (trials of each budget; the others
  refine), sweep [rates, seeds], priors {name: [low, high, of 1 - value?]}, of weight
  decay for each kind apart, halves {name: what half of the trials have instead,
  "default" or a number}, rates {optimizer: [low, high] of the learning rates searched
  at first}, decoupled [optimizers whose weight decay is apart from the gradient], edge
- targets: what `targets.toml` says of itself: version, made, baselines, budgets, trials
  (of the largest), seeds, share_of_budget
- training_runs: {total: that this content rests on, trained: not found in the store}
- failed: [{problem, optimizer, reason}], pairs that could not be trained: all missed
- problems: [{name, title, summary, trial {setting: words}, n_params, epochs, batches (a
  pass), value (target of the main budget), targets {budget: its target}, easy, medians
  {baseline: settled loss, tuned with the trials of the main budget}}]
- optimizers: [{name, source, defaults, full_batch, slots, state_bytes_per_parameter (of
  the largest network here), evaluations_per_step, file, gate (of a user's file, else
  null: {deterministic, remaining (share of the loss of a quadratic), lr})}]
- results: [a dict a pair; losses are validation losses, and a run settles at the
  largest of its last tenth of evaluations, by which it is tuned and checked:
  problem, optimizer, decades (log10 of the learning rates searched), extended (decades
  that the range grew by), at_edge,
  budgets: [{budget, trial (its number), hyper (all values), refined {lr, settled:
    columns over the trials after the independent ones, medians over the confirming
    seeds}, best, final, settled, status: lists over the fresh seeds of the least loss,
    the last one, the one it settles at (null where the run diverged) and what became of
    the run; tuned: median of settled, swept: least of sweep.settled (null where there
    is no sweep), withheld: null or why this pair has no place, met {value|easy: does
    the loss stay at the target? [of each fresh seed]}, costs {value|easy: {clock: [of
    each fresh seed, until it stays there]}, clocks: evaluations, steps, seconds},
    reached {value|easy: {rate: interval, running_time: interval of evaluations}}, curve
    {passes [..], per_pass {clock: of one pass}, val_loss|train_loss {low|median|high:
    [..]}: quartiles over the fresh seeds}}],
  trials {lr, best, settled, value, easy: columns over the independent trials of the
    largest budget, the defaults first; costs in evaluations},
  sweep {lr, best, settled, value, easy: columns over rates around the winner of the
    largest budget, medians over the fresh seeds},
  tunability {curve {trials, expected, low, high, median, reach: of the best of so many
    independent draws, settled}, default_gap: interval of loss by defaults / tuned,
    basin: null or {best_lr, best_value, low, high, decades, open_low, open_high}}]
- comparisons: [a dict a budget, clock and target (by seconds only where they were
  measured on a quiet host): budget, clock, target,
  relative_costs [a row an optimizer: [a column a problem: median cost / the least
  median cost of any optimizer there, null where the target is missed]],
  best_group [numbers of the optimizers that may be the best: the interval of their
  places holds 1],
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
- seconds_measured: {noisy, reasons [sentences], sanity [{rules [two whose arithmetic is
  the same], problem, ratio: interval of the first's seconds over the second's}],
  per_step {problem: {optimizer: interval of seconds a step}}}, measured after the runs
- theory: [{optimizer, kappa, theory, measured, difference}], rates of convergence of
  full-batch least squares by the same engine
- rules, parity, updates, surfaces: see `further`
- warnings: [sentences]
"""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from ...execution.data import split
from ...execution.network import network
from ...execution.population import DATA_SEED, batches
from ...execution.store import Store
from ...measurement.machine import machine_facts, package_version
from ...measurement.noise import HostWatch
from ...statistics.intervals import finite_or_none
from ..settings import settings as in_words
from .aggregates import comparisons
from .content import result
from .further import further
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
    """Run the study; returns its content, plain data, see above.

    Raises BadData where a user's optimizer does not pass the gate.
    """
    began = time.perf_counter()
    gates = {e.name: gate(e, settings.threads) for e in settings.entrants if e.file}
    with HostWatch() as watch:
        made = run_study(settings, progress)
    made = replace(made, seconds=seconds_measured(settings, progress))
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
            p, e, made.found[p.name, e.name], made.targets[p.name],
            made.step_seconds(p.name, e.name),
        )
        for p in made.settings.problems
        for e in made.settings.entrants
    ]  # fmt: skip


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
    words = {k: v for k, v in in_words(problem.trial).items() if k not in skipped}
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
