"""What the study hands to search and statistics, from made-up runs; nothing trains."""

import io
from dataclasses import asdict, replace
from math import inf
from types import SimpleNamespace

import numpy as np
import pytest
from gradclinic.bench.execution import population
from gradclinic.bench.execution.entrant import registered
from gradclinic.bench.execution.record import Run
from gradclinic.bench.statistics.comparison.improvement import beyond_chance
from gradclinic.bench.studies.optimizers import search as search_module
from gradclinic.bench.studies.optimizers import study as module
from gradclinic.bench.studies.optimizers.aggregates import comparisons, cost_array
from gradclinic.bench.studies.optimizers.choice import StudyOptions
from gradclinic.bench.studies.optimizers.content import result
from gradclinic.bench.studies.optimizers.priors import Configuration, configurations
from gradclinic.bench.studies.optimizers.scores import CLOCKS, costs, per_pass
from gradclinic.bench.studies.optimizers.search import Search, Winner
from gradclinic.bench.studies.optimizers.settings import MOST_MASTER, StudySettings
from gradclinic.bench.studies.optimizers.study import Study
from gradclinic.bench.studies.optimizers.targets import Target, target_of, targets_file
from gradclinic.bench.studies.optimizers.tuning import Drawn, Tuning, independent
from gradclinic.reports.optimizers.terminal import print_summary
from gradclinic.scenarios.problems import PROBLEMS
from rich.console import Console
from scipy import stats

EPOCHS, SEEDS = 20, 6
NAMES, TASKS = ("sgd", "adamw", "gradient_descent"), ("wine", "noisy_quadratic")
TARGET = Target(value=1.0, easy=2.0)
# Seconds of a step: those of gradient descent, few as they are, cost least.
STEP = {"sgd": 0.1, "adamw": 0.1, "gradient_descent": 0.01}
BATCHES = {
    name: -(-p.trial.data.rows // (p.trial.batch_size or p.trial.data.rows))
    for name, p in PROBLEMS.items()
}


def a_run(passes, seconds=EPOCHS, best=0.5, status="ok", seed=0):
    """A run that meets the easy target after `passes`, the other one pass later.

    It ends at its best loss, which may be above either.
    """
    losses = np.full(EPOCHS, 3.0)
    losses[passes - 1 :], losses[passes:], losses[-2:] = 1.5, 0.9, best
    values = {"best": best, "epochs": EPOCHS}
    curves = {"val_loss": losses.tolist(), "train_loss": (losses / 2).tolist()}
    return Run(
        f"{passes}-{seconds}-{seed}",
        "p",
        "o",
        "fresh",
        seed,
        status=status,
        seconds=seconds,
        values=values,
        curves=curves,
    )


def a_winner(budget, passes, sweep=(), **how):
    chosen = Configuration((("lr", 0.1 * budget),))
    runs = tuple(a_run(passes + seed % 2, seed=seed, **how) for seed in range(SEEDS))
    refined = ((chosen.scaled(2.0), 0.6), (chosen, 0.5)) if budget > 1 else ()
    return Winner(budget, budget - 1, chosen, runs, refined, sweep)


def a_search(passes, seconds=EPOCHS):
    """Winners of two budgets: the defaults need twice the passes of what is tuned."""
    rates = [Configuration((("lr", lr),)) for lr in (0.01, 0.1, 1.0)]
    bests = [(0.9, 0.7), (0.2, 0.3), (0.8, inf)]
    sweep = tuple(
        (c, tuple(a_run(passes + k, best=b) for k, b in enumerate(pair)))
        for c, pair in zip(rates, bests, strict=True)
    )
    return Search(
        configurations=tuple(Configuration((("lr", 0.1 * k),)) for k in range(1, 5)),
        trials=tuple(a_run(passes, best=0.5 + k) for k in range(4)),
        decades=(-2.0, 3.0),
        extended=1,
        at_edge=True,
        winners=(
            a_winner(1, 2 * passes, best=0.8),
            a_winner(4, passes, sweep, seconds=seconds),
        ),
        keys=frozenset({"one", f"{passes}"}),
    )


@pytest.fixture(scope="module")
def made():
    """sgd is first on every problem; gradient_descent takes least seconds."""
    problems = tuple(
        replace(PROBLEMS[t], trial=replace(PROBLEMS[t].trial, epochs=EPOCHS))
        for t in TASKS
    )
    entrants = tuple(map(registered, NAMES))
    settings = StudySettings(entrants, problems, budgets=(1, 4), seeds=SEEDS)
    needed = {"sgd": (2, 3), "adamw": (4, 5), "gradient_descent": (8, 7)}
    found = {
        (t, n): a_search(needed[n][k], 1.0 if n == "gradient_descent" else 100.0)
        for k, t in enumerate(TASKS)
        for n in NAMES
    }
    seconds = {
        "noisy": False,
        "reasons": [],
        "sanity": [],
        "per_step": {t: {n: [STEP[n], STEP[n], STEP[n]] for n in NAMES} for t in TASKS},
    }
    targets = dict.fromkeys(TASKS, (TARGET, TARGET))
    return Study(settings, targets, found, 7, seconds)


def test_costs_are_counted_on_every_clock():
    wine, descent = PROBLEMS["wine"], registered("gradient_descent")
    runs = [a_run(3, seconds=10.0), a_run(5, seconds=30.0), a_run(4, seconds=100.0)]
    runs.append(a_run(2, status="diverged", seconds=30.0))
    many = BATCHES["wine"]
    assert many > 1

    def used(clock, target, entrant=descent):
        return costs(runs, target, per_pass(wine, entrant, 0.5)[clock]).tolist()

    assert used("evaluations", 2.0) == [3 * many, 5 * many, 4 * many, inf]
    assert used("evaluations", 1.0) == [4 * many, 6 * many, 5 * many, inf]
    assert used("steps", 2.0) == [3, 5, 4, inf]
    assert used("steps", 2.0, registered("sgd"))[:2] == [3 * many, 5 * many]
    # What the runs themselves took counts for nothing.
    assert used("seconds", 2.0) == pytest.approx([1.5, 2.5, 2.0, inf])


@pytest.mark.parametrize("index", [0, 1])
@pytest.mark.parametrize(("target", "later"), [("value", 1), ("easy", 0)])
def test_costs_are_in_the_order_of_optimizers_problems_and_seeds(
    made, index, target, later
):
    found = cost_array(made, index, "evaluations", target)
    slow = 2 - index
    passes = [[(2, 3), (4, 5), (8, 7)][k] for k in range(3)]
    for k in range(3):
        for p, task in enumerate(TASKS):
            first = slow * passes[k][p] + later
            expected = [(first + seed % 2) * BATCHES[task] for seed in range(SEEDS)]
            assert found[k, p].tolist() == expected


@pytest.fixture(scope="module")
def compared(made):
    return {(c["budget"], c["clock"], c["target"]): c for c in comparisons(made)}


def test_seconds_are_compared_at_the_largest_budget_only(compared):
    both = [("evaluations", "value"), ("evaluations", "easy")]
    last = [("seconds", "value"), ("seconds", "easy")]
    assert list(compared) == [
        *((1, *kind) for kind in both),
        *((4, *kind) for kind in (*both, *last)),
    ]
    for (_, clock, _), found in compared.items():
        assert ("improvement" in found) == (clock == "evaluations")
        assert ("interquartile_mean" in found) == (clock == "evaluations")


def test_costs_are_relative_to_the_best_of_each_problem(compared):
    found = compared[4, "evaluations", "value"]
    # Median passes 3.5, 5.5, 9.5 on wine and 4.5, 6.5, 8.5 on the other.
    expected = [[1.0, 1.0], [5.5 / 3.5, 6.5 / 4.5], [9.5 / 3.5, 8.5 / 4.5]]
    for row, wanted in zip(found["relative_costs"], expected, strict=True):
        assert row == pytest.approx(wanted, rel=1e-3)


def test_a_missed_target_has_no_relative_cost(made):
    hard = replace(made, targets=dict.fromkeys(TASKS, (Target(0.1, 2.0),) * 2))
    found = {(c["budget"], c["clock"], c["target"]): c for c in comparisons(hard)}
    assert found[4, "evaluations", "value"]["relative_costs"] == [[None, None]] * 3


def test_those_that_may_be_the_best_are_told_by_their_places_alone(compared):
    for found in compared.values():
        wanted = [i for i, rank in enumerate(found["ranks"]) if rank["low"] == 1]
        assert found["best_group"] == wanted
    assert compared[4, "evaluations", "value"]["best_group"] == [0]


@pytest.mark.parametrize("seconds", [None, "noisy"])
def test_a_noisy_host_gives_no_place_by_seconds(made, seconds):
    told = seconds and made.seconds | {"noisy": True, "reasons": ["It was loud."]}
    clocks = {c["clock"] for c in comparisons(replace(made, seconds=told))}
    assert clocks == {"evaluations"}


def test_each_comparison_is_of_its_own_clock(compared):
    for key in ((1, "evaluations", "value"), (4, "evaluations", "easy")):
        assert [r["first"] for r in compared[key]["ranks"]] == [1, 2, 3]
    ranks = [r["first"] for r in compared[4, "seconds", "value"]["ranks"]]
    assert ranks.index(1) == NAMES.index("gradient_descent")


def test_rows_of_matrices_are_better_than_columns(compared):
    found = compared[4, "evaluations", "value"]
    assert found["improvement"]["value"][0][1:] == [1.0, 1.0]
    assert found["improvement"]["value"][2][:2] == [0.0, 0.0]
    better = found["improvement"]["better"]
    assert better == [[False, True, True], [False, False, True], [False] * 3]
    needed = max(0.75, beyond_chance(3, len(TASKS), SEEDS))
    assert found["improvement"]["needed"] == pytest.approx(needed, abs=1e-3)
    assert [s["low"] for s in found["standings"]] == [1, 2, 3]
    assert found["tie_groups"] == [[0], [1], [2]]
    # 12 pairs of runs, all of one sign: the exact test cannot say less.
    smallest = 2 / 2 ** (len(TASKS) * SEEDS)
    assert found["sign_flip"]["smallest"] == pytest.approx(3 * smallest)
    assert found["sign_flip"]["p"][0][1] == pytest.approx(smallest, rel=1e-3)
    assert found["sign_flip"]["holm"][0][1] == pytest.approx(3 * smallest, rel=1e-3)


def test_the_mean_share_that_is_left_counts_the_whole_budget(compared):
    """Of 20 passes sgd needs 3, 4 and 4, 5: the middle half of the shares left."""
    found = compared[4, "evaluations", "value"]["interquartile_mean"][0][0]
    left = [1 - k / EPOCHS for k in (3, 4) * 3 + (4, 5) * 3]
    assert found == pytest.approx(stats.trim_mean(left, 0.25))


def test_profiles_are_of_the_ratios_to_the_best(compared):
    found = compared[4, "evaluations", "value"]
    profile = found["profile"]
    assert (profile["tau"][0], profile["tau"][-1]) == (1.0, 4.0)
    assert profile["value"][0] == [1.0] * len(profile["tau"])
    assert profile["value"][1][0] == 0.0 and profile["value"][1][-1] == 1.0
    for name in ("low", "high"):
        assert np.shape(profile[name]) == np.shape(profile["value"])
    assert all(
        lo <= hi for lo, hi in zip(profile["low"][1], profile["high"][1], strict=True)
    )
    assert found["profile_score"][0] == [1.0, 1.0, 1.0]
    assert found["stability"]["places"] == [1, 2, 3]
    assert np.shape(found["stability"]["without_problem"]) == (len(TASKS), 3)


def test_one_optimizer_has_nobody_to_compare_with(made):
    alone = replace(made.settings, entrants=made.settings.entrants[:1])
    for found in comparisons(replace(made, settings=alone)):
        assert "improvement" not in found and len(found["ranks"]) == 1


@pytest.fixture(scope="module")
def pair(made):
    """The dict of adamw on wine, whose tuned runs need 5 and 6 passes."""
    wine, adamw = made.settings.problems[0], made.settings.entrants[1]
    return result(wine, adamw, made.found["wine", "adamw"], (TARGET, TARGET), 0.1)


def test_a_pair_tells_its_search(pair):
    assert (pair["problem"], pair["optimizer"]) == ("wine", "adamw")
    assert (pair["decades"], pair["at_edge"]) == ([-2.0, 3.0], True)
    many, ends = BATCHES["wine"], [0.5, 1.5, 2.5, 3.5]
    assert pair["trials"] == {
        "lr": pytest.approx([0.1, 0.2, 0.3, 0.4]),
        "best": ends,
        "settled": ends,
        "value": [5.0 * many, None, None, None],
        "easy": [4.0 * many, 4.0 * many, None, None],
    }
    assert pair["sweep"] == {
        "lr": [0.01, 0.1, 1.0],
        "seeds": [2, 2, 2],
        "best": [0.8, 0.25, None],
        "settled": [0.8, 0.25, None],
        "value": [5.5 * many] * 2 + [None],
        "easy": [4.5 * many] * 2 + [None],
    }
    assert pair["extended"] == 1


def test_a_pair_tells_its_winners(pair):
    many = BATCHES["wine"]
    default, tuned = pair["budgets"]
    assert (default["budget"], default["trial"], default["best"][0]) == (1, 0, 0.8)
    assert (tuned["budget"], tuned["trial"], tuned["hyper"]) == (4, 3, {"lr": 0.4})
    assert tuned["best"] == [0.5] * SEEDS and tuned["status"] == ["ok"] * SEEDS
    assert tuned["final"] == tuned["settled"] == [0.5] * SEEDS
    assert default["refined"]["lr"] == []
    assert tuned["refined"] == {"lr": [0.8, 0.4], "settled": [0.6, 0.5]}
    assert tuned["met"] == dict.fromkeys(("value", "easy"), [True] * SEEDS)
    assert set(tuned["costs"]) == {"value", "easy"}
    for name, later in (("value", 1), ("easy", 0)):
        passes = [4 + later + seed % 2 for seed in range(SEEDS)]
        found = tuned["costs"][name]
        assert list(found) == list(CLOCKS)
        assert found["evaluations"] == [k * many for k in passes]
        assert found["seconds"] == pytest.approx([0.1 * many * k for k in passes])
        reached = tuned["reached"][name]
        assert reached["rate"][0] == 1.0
        wilson = stats.binomtest(SEEDS, SEEDS).proportion_ci(method="wilson")
        assert reached["rate"][1:] == pytest.approx([wilson.low, 1.0])
        assert reached["running_time"][0] == pytest.approx(many * np.mean(passes))


def test_a_search_that_its_own_sweep_beats_has_no_place(pair, made):
    default, tuned = pair["budgets"]
    assert (default["swept"], default["withheld"]) == (None, None)
    assert (tuned["tuned"], tuned["swept"]) == (0.5, 0.25)
    assert tuned["withheld"] == (
        "The search failed its own check: 0.25 times the tuned learning rate settles at"
        " a loss of 0.25 instead of 0.5."
    )
    winner = made.found["wine", "adamw"].winners[-1]
    for loss, fails in ((0.474, True), (0.476, False), (0.6, False), (inf, False)):
        rows = ((winner.configuration.scaled(10.0), (a_run(4, best=loss),) * SEEDS),)
        assert (replace(winner, sweep=rows).withheld is not None) == fails
    lost = tuple(a_run(4, status="diverged") for _ in range(SEEDS))
    rows = ((winner.configuration.scaled(0.1), (a_run(4, best=0.5),) * SEEDS),)
    assert replace(winner, sweep=rows, runs=lost).withheld is not None


def test_the_running_time_charges_a_miss_with_the_whole_budget(made):
    wine, sgd = made.settings.problems[0], made.settings.entrants[0]
    found = made.found["wine", "sgd"]
    runs = (a_run(4), a_run(4), a_run(4, status="diverged"), a_run(4))
    winner = replace(found.winners[-1], runs=runs)
    told = result(wine, sgd, replace(found, winners=(winner, winner)), [TARGET] * 2)
    reached = told["budgets"][1]["reached"]["easy"]
    # Three need 4 passes, one uses up its 20: 32 passes for 3 successes.
    assert reached["running_time"][0] == pytest.approx(BATCHES["wine"] * 32 / 3)
    assert reached["rate"][0] == 0.75


def test_curves_are_quartiles_of_either_loss(pair):
    curve = pair["budgets"][1]["curve"]
    assert curve["passes"] == list(range(1, EPOCHS + 1))
    assert curve["per_pass"] == {
        "steps": BATCHES["wine"],
        "evaluations": BATCHES["wine"],
        "seconds": pytest.approx(0.1 * BATCHES["wine"]),
    }
    # Half of the runs fall after 4 passes, half after 5.
    low, high = curve["val_loss"]["low"], curve["val_loss"]["high"]
    assert (low[2:5], high[2:5]) == ([3.0, 1.5, 0.9], [3.0, 3.0, 1.5])
    assert curve["train_loss"]["high"][2:5] == [1.5, 1.5, 0.75]


def test_tunability_rests_on_the_draws_and_the_gap_on_the_fresh_seeds(pair):
    found = pair["tunability"]
    # The first trial is the defaults: the draws are 1.5, 2.5, 3.5.
    assert found["curve"]["trials"] == [1, 2, 3]
    assert found["curve"]["expected"] == pytest.approx([2.5, 11 / 6, 1.5], rel=1e-4)
    assert found["default_gap"][0] == pytest.approx(0.8 / 0.5)
    assert (found["basin"]["best_lr"], found["basin"]["best_value"]) == (0.1, 0.25)


def test_seeds_of_a_study_are_disjoint_between_kinds_and_masters():
    """At the most that the command allows: 500 trials and 1000 fresh seeds."""

    def kinds(master):
        most = StudySettings(
            (), (), confirm=(5, 100), decide=(5, 100), seeds=1000, master=master
        )
        yield from most.trial_seeds(500)
        yield from most.deciding_seeds
        yield from most.fresh_seeds

    seeds = [seed for master in (0, 1, 2, MOST_MASTER) for seed in kinds(master)]
    assert len(seeds) == len(set(seeds)) == 4 * 1600
    assert max(seeds) < 2**32


class Trainer:
    """Stands in for training: the loss is the distance of log10 lr from a best one."""

    def __init__(self, best=0.003, lucky=()):
        self.best, self.lucky, self.asked = best, lucky, {}

    def __call__(self, role, jobs):
        self.asked.setdefault(role, []).extend(jobs)
        return [self.run(options["lr"], seed) for options, seed in jobs]

    def run(self, lr, seed):
        loss = abs(np.log10(lr / self.best))
        loss = 0.0 if (round(lr, 9), seed) in self.lucky else loss
        return Run(
            f"{lr}-{seed}",
            "p",
            "o",
            "trial",
            seed,
            values={"best": loss, "epochs": 1},
            curves={"val_loss": [loss]},
        )


SETTINGS = StudySettings(
    (), (), budgets=(1, 12), confirm=(3, 2), decide=(2, 3), seeds=4, master=5, sweep=5
)
SGD = (-4.0, 1.0)  # log10 of the rates it is searched in


def a_tuning(trainer, **how):
    sgd = registered("sgd").optimizer
    return Tuning(sgd, PROBLEMS["wine"], replace(SETTINGS, **how), trainer)


def test_two_thirds_of_a_budget_are_independent():
    assert [independent(k) for k in (1, 2, 3, 12, 25, 50)] == [1, 2, 2, 8, 17, 34]


def test_trials_are_the_draws_of_the_master_seed_each_on_its_own_seed():
    trainer = Trainer()
    found = a_tuning(trainer).drawn(SGD)
    sgd = registered("sgd").optimizer
    expected = configurations(sgd, "wine", 5, 8, SGD)
    assert found.configurations == expected != configurations(sgd, "wine", 6, 8, SGD)
    asked = [(dict(c.options), 10_000 + k) for k, c in enumerate(expected)]
    assert trainer.asked == {"trial": asked} and len(found.trials) == 8


def test_the_best_few_are_confirmed_on_their_own_seeds():
    trainer = Trainer()
    tuning = a_tuning(trainer)
    found = tuning.drawn(SGD)
    tuning.tuned(found, 12)
    order = sorted(range(8), key=lambda t: found.trials[t].values["best"])
    asked = [(c["lr"], seed) for c, seed in trainer.asked["confirm"]]
    drawn = found.configurations
    assert asked == [(drawn[t].lr, s) for t in order[:3] for s in (10_500, 10_501)]


@pytest.mark.parametrize("best", [1e-3, 0.02, 0.7])
def test_the_rate_of_the_best_is_refined_to_its_optimum(best):
    trainer = Trainer(best)
    tuning = a_tuning(trainer, budgets=(1, 30))
    found = tuning.drawn(SGD)
    tuned = tuning.tuned(found, 30)
    assert abs(np.log2(tuned.configuration.lr / best)) <= 0.5 + 1e-9
    assert len(tuned.refined) <= 10
    starts = {c.lr for c in found.configurations}
    for configuration, loss in tuned.refined:
        assert loss == pytest.approx(abs(np.log10(configuration.lr / best)))
        powers = [np.log2(configuration.lr / lr) for lr in starts]
        assert min(abs(p - round(p)) for p in powers) < 1e-9
    assert tuned.trial == 0 or dict(tuned.configuration.options) in [
        dict(c.options) for c in (*found.configurations, *(c for c, _ in tuned.refined))
    ]
    jobs = trainer.asked["refine"]
    assert {seed for _, seed in jobs} == set(tuning.settings.confirming_seeds)
    assert len(jobs) == 2 * len(tuned.refined)


def test_the_best_after_refining_are_decided_on_more_seeds():
    trainer = Trainer()
    tuning = a_tuning(trainer)
    found = tuning.drawn(SGD)
    best = [
        (0.1, 0, Configuration((("lr", 0.3),))),
        (0.3, 1, Configuration((("lr", 0.03),))),
        (0.2, 2, Configuration((("lr", 0.003),))),
    ]
    # The second is the better one, on all seeds; the third is not asked.
    assert tuning.decided(best) == best[2][1:]
    seeds = (10_500, 10_501, 10_502)
    asked = [(options["lr"], seed) for options, seed in trainer.asked["decide"]]
    assert asked == [(lr, seed) for lr in (0.3, 0.003) for seed in seeds]
    luckless = {(round(0.3, 9), 10_500)}
    assert a_tuning(Trainer(lucky=luckless)).decided(best) == best[2][1:]
    assert len(found.trials) == 8


def test_refining_never_exceeds_its_third_and_goes_two_steps_either_side():
    tuning = a_tuning(Trainer(1.0))
    start = Configuration((("lr", 1.0), ("weight_decay", 0.5)))
    for left in range(9):
        assert len(tuning.refined([(start, 0.0)], left)) == min(left, 4)
    found = tuning.refined([(start, 0.0), (start.scaled(10.0), 1.0)], 9)
    assert [c.lr for c, _ in found[:4]] == [2.0, 0.5, 4.0, 0.25]
    assert {dict(c.options)["weight_decay"] for c, _ in found} == {0.5}
    # Then around the second: towards the optimum as long as that helps.
    assert [c.lr for c, _ in found[4:]] == [20.0, 5.0, 40.0, 2.5, 1.25]


def test_one_lucky_run_is_not_a_winner():
    found = a_tuning(Trainer()).drawn(SGD)
    worst = max(range(8), key=lambda t: found.trials[t].values["best"])
    lucky = {(round(found.configurations[worst].lr, 9), 10_000 + worst)}
    tuning = a_tuning(Trainer(lucky=lucky))
    again = tuning.drawn(SGD)
    assert again.trials[worst].values["best"] == 0.0
    assert tuning.tuned(again, 12).trial != worst


def test_a_budget_sees_only_its_own_trials():
    trainer = Trainer(best=1e-3)
    tuning = a_tuning(trainer)
    found = tuning.drawn(SGD)
    one = tuning.tuned(found, 1)
    assert (one.trial, one.configuration) == (0, found.configurations[0])
    assert "confirm" not in trainer.asked and one.refined == ()
    few = tuning.tuned(Drawn(found.configurations, found.trials, SGD), 3)
    assert {seed for _, seed in trainer.asked["confirm"]} == {10_500, 10_501}
    asked = {options["lr"] for options, _ in trainer.asked["confirm"]}
    assert asked == {c.lr for c in found.configurations[:2]}
    assert few.trial <= 2 and len(few.refined) == 1


@pytest.mark.parametrize(("best", "decades"), [(100.0, (-4.0, 2.0)), (1e-2, SGD)])
def test_a_range_grows_until_the_best_rate_is_inside(best, decades):
    found = a_tuning(Trainer(best), budgets=(1, 40)).searched()
    assert found.drawn.decades[1] >= decades[1] and found.drawn.decades[0] == -4.0
    assert found.extended == found.drawn.decades[1] - 1.0
    assert len(found.tuned) == 2 and found.tuned[0].trial == 0
    assert found.at_edge == (found.drawn.decades == (-4.0, 3.0) and best > 700)


def test_a_rate_beyond_all_ranges_is_said_to_lie_at_the_edge():
    found = a_tuning(Trainer(1e6), budgets=(1, 40)).searched()
    assert found.at_edge and found.extended == 2


def test_the_sweep_goes_from_a_hundredth_to_a_hundred_times_the_winner():
    trainer = Trainer()
    winner = Configuration((("lr", 0.1), ("eps", 1e-8)))
    sweep = search_module.swept(winner, SETTINGS, trainer)
    assert [c.lr for c, _ in sweep] == pytest.approx([1e-3, 1e-2, 0.1, 1.0, 10.0])
    assert sweep[2][0] == winner
    assert all(dict(c.options)["eps"] == 1e-8 for c, _ in sweep)
    seeds = list(SETTINGS.fresh_seeds)
    losses = [abs(np.log10(c.lr / trainer.best)) for c, _ in sweep]
    for (_, runs), loss in zip(sweep, losses, strict=True):
        # What is far behind on the first half of the seeds ends there.
        behind = loss > search_module.BEHIND * min(losses)
        assert [run.seed for run in runs] == (seeds[:2] if behind else seeds)
        assert [r.values["best"] for r in runs] == pytest.approx([loss] * len(runs))
    assert {len(runs) for _, runs in sweep} == {2, 4}


def test_a_search_runs_its_winners_on_the_fresh_seeds(monkeypatch):
    trainer, entrant = Trainer(best=1.0), registered("sgd")

    def complete(problem, given, role, jobs, known, store, threads):
        assert (problem.name, given, known, store) == ("wine", entrant, {}, "store")
        assert threads == 3
        return trainer(role, jobs)

    monkeypatch.setattr(search_module, "complete", complete)
    settings = replace(SETTINGS, threads=3)
    found = search_module.search(PROBLEMS["wine"], entrant, settings, {}, "store")
    assert [w.budget for w in found.winners] == [1, 12]
    assert found.winners[0].trial == 0 and found.winners[0].sweep == ()
    assert len(found.trials) == len(found.configurations) == 8
    last = found.winners[1]
    tried = [*found.configurations, *(c for c, _ in last.refined)]
    assert last.configuration == tried[last.trial]
    for winner in found.winners:
        assert [run.seed for run in winner.runs] == [10_600, 10_601, 10_602, 10_603]
        lrs = {run.key.split("-10")[0] for run in winner.runs}
        assert lrs == {f"{winner.configuration.lr}"}
    assert last.sweep[2][0] == last.configuration and last.withheld is None
    assert {run.key for run in found.trials} <= found.keys


OPTIONS = [
    ({}, (1, 25, 50), 10, (3, 4), 9),
    ({"quick": True}, (1, 25), 5, (3, 3), 9),
    ({"budget": 30}, (1, 25, 30), 10, (3, 4), 9),
    ({"budget": 25}, (1, 25), 10, (3, 4), 9),
    ({"budget": 1, "seeds": 3}, (1,), 3, (3, 4), 9),
    ({"budget": 200, "seeds": 40}, (1, 25, 50, 200), 40, (3, 4), 9),
]


@pytest.mark.parametrize(("options", "budgets", "seeds", "confirm", "sweep"), OPTIONS)
def test_options_become_settings(
    options, budgets, seeds, confirm, sweep, monkeypatch, tmp_path
):
    from gradclinic.bench.studies.optimizers import choice

    monkeypatch.setattr(choice, "chosen_threads", lambda asked: ("threads", asked))
    given = StudyOptions(
        ("sgd",), seed=9, threads=2, out=tmp_path, force=True, **options
    )
    found = given.settings()
    assert (found.budgets, found.seeds, found.confirm) == (budgets, seeds, confirm)
    assert (found.sweep, found.master, found.threads) == (sweep, 9, ("threads", 2))
    assert (found.out, found.force, found.quick) == (
        tmp_path,
        True,
        options.get("quick", False),
    )
    assert [e.name for e in found.entrants] == ["sgd"]
    quick = {name for name, p in PROBLEMS.items() if p.quick}
    assert {p.name for p in found.problems} == (quick if found.quick else set(PROBLEMS))
    words = found.command.split()
    assert words[:4] == ["gradclinic", "optimizers", "--optimizer", "sgd"]
    assert "--seed 9" in found.command and ("--quick" in words) == found.quick
    for name, typed in (("budget", "trials"), ("seeds", "seeds")):
        said = f"--{typed} {options[name]}" if name in options else f"--{typed} "
        assert (said in found.command) == (name in options)


@pytest.fixture
def content(made, monkeypatch):
    """The whole content from the made-up searches: what is heavy is replaced."""
    monkeypatch.setattr(module, "run_study", lambda settings, progress: made)
    monkeypatch.setattr(module, "extras", lambda settings, progress: {"more": settings})
    monkeypatch.setattr(module, "convergence_rates", lambda: ["rate"])
    monkeypatch.setattr(module, "seconds_measured", lambda *given: made.seconds)
    return module.study(replace(made.settings, master=3), lambda *said: None)


def test_the_content_tells_the_settings(content, made):
    told = content["settings"]
    assert (told["budgets"], told["seeds"], told["seed"]) == ([1, 4], SEEDS, 3)
    assert (told["confirm"], told["sweep"], told["threads"]) == ([3, 4], [9, SEEDS], 1)
    assert told["priors"]["beta1"] == [5e-3, 0.5, True]
    assert told["priors"]["eps"] == [1e-10, 1e-3, False]
    assert told["priors"]["weight_decay (coupled)"] == [1e-6, 1e-2, False]
    assert told["priors"]["weight_decay (decoupled)"] == [1e-5, 0.1, False]
    assert told["halves"] == {
        "eps": "default",
        "weight_decay (coupled)": 0.0,
        "weight_decay (decoupled)": 0.0,
    }
    assert told["rates"] == {
        "sgd": [1e-4, 10.0],
        "adamw": [1e-4, 1.0],
        "gradient_descent": [1e-4, 10.0],
    }
    assert (told["decoupled"], told["independent"]) == (["adamw"], [1, 3])
    assert (told["edge"], told["quick"]) == (0.05, False)
    assert content["training_runs"] == {"total": 7, "trained": 7}
    assert content["main"] == {"budget": 4, "clock": "evaluations", "target": "value"}
    assert (content["theory"], content["more"].master) == (["rate"], 3)
    assert content["targets"]["version"] == targets_file()["version"]
    assert "problems" not in content["targets"] and content["failed"] == []
    assert [(r["problem"], r["optimizer"]) for r in content["results"]] == [
        (t, n) for t in TASKS for n in NAMES
    ]
    assert content["warnings"][0].startswith("sgd on wine: the best learning rate")
    assert content["warnings"][-2].startswith("6 of 6 searches had their best")
    assert content["warnings"][-1].startswith("6 of 6 searches are beaten by more")


def test_the_content_tells_problems_and_optimizers(content, made):
    for problem, row in zip(made.settings.problems, content["problems"], strict=True):
        assert (row["name"], row["title"]) == (problem.name, problem.title)
        assert (row["epochs"], row["batches"]) == (EPOCHS, BATCHES[problem.name])
        assert {k: row[k] for k in ("value", "easy")} == asdict(TARGET)
        medians = targets_file()["problems"][problem.name]["medians"]
        assert row["medians"] == medians["1"]
        assert row["targets"] == {"1": TARGET.value, "4": TARGET.value}
        assert not {"Optimizer", "Target"} & set(row["trial"])
    sgd, adamw, descent = content["optimizers"]
    assert (sgd["name"], adamw["slots"], descent["full_batch"]) == ("sgd", 2, True)
    assert adamw["state_bytes_per_parameter"] == 8.0
    assert sgd["state_bytes_per_parameter"] == 0.0
    assert sgd["file"] is None and sgd["gate"] is None
    assert sgd["defaults"] == registered("sgd").optimizer.defaults


@pytest.mark.parametrize("quick", [False, True])
def test_a_study_aims_at_the_target_of_its_own_budget(made, quick):
    main = module._main(replace(made.settings, quick=quick, budgets=(1, 25)))
    assert main == {"budget": 25, "clock": "evaluations", "target": "value"}


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_easy_target_is_above_the_target(name):
    row = targets_file()["problems"][name]
    for trials in (1, 25, 50):
        target = target_of(name, trials)
        assert target.value == row["targets"][str(trials)]
        assert target.easy == row["easy"]
    assert target_of(name, 50).value < row["easy"]


def test_each_budget_has_costs_to_its_own_target(made):
    other = {t: (Target(2.0, 2.0), TARGET) for t in TASKS}
    found = cost_array(replace(made, targets=other), 0, "evaluations", "value")
    easy = cost_array(made, 0, "evaluations", "easy")
    assert found.tolist() == easy.tolist()
    last = cost_array(replace(made, targets=other), 1, "evaluations", "value")
    assert last.tolist() == cost_array(made, 1, "evaluations", "value").tolist()


def test_the_summary_ranks_by_the_main_comparison(content):
    out = io.StringIO()
    print_summary(content, Console(file=out, width=200))
    lines = [line.split() for line in out.getvalue().splitlines()]
    assert lines[0][:2] == ["optimizer", "rank"]
    ranked = [words for words in lines if words and words[0] in NAMES]
    assert [words[0] for words in ranked[:3]] == list(NAMES)
    main = content["comparisons"][2]
    assert (main["budget"], main["target"]) == (4, "value")
    for words, score in zip(ranked, main["profile_score"], strict=False):
        assert f"{score[0]:.2f}" in words and words[-1] == "100%"
    said = " ".join(out.getvalue().split())
    assert "May be the best: sgd." in said and "by seconds" not in said
    assert "7 training runs (7 of them now) on 2 problems" in said
    assert f"gradients to the target, best of 4 trials, {SEEDS} fresh seeds." in said
    assert "6 of 6 searches" in said


@pytest.mark.parametrize("lost", [(), ("sgd",), ("sgd", "adamw")])
def test_the_summary_marks_places_that_rest_on_failed_searches(content, lost):
    results = [
        r
        | {
            "budgets": [
                *r["budgets"][:-1],
                r["budgets"][-1]
                | {"withheld": "Why." if r["optimizer"] in lost else None},
            ]
        }
        for r in content["results"]
    ]
    out = io.StringIO()
    print_summary(content | {"results": results}, Console(file=out, width=200))
    lines = [line.split() for line in out.getvalue().splitlines()]
    marked = {w[0] for w in lines if len(w) > 4 and w[0] in NAMES and w[4][-1] == "*"}
    assert marked == set(lost)
    assert ("failed their own check" in out.getvalue()) == bool(lost)


def test_the_summary_says_why_there_is_no_place_by_seconds(content):
    out = io.StringIO()
    loud = content["seconds_measured"] | {"noisy": True, "reasons": ["It was loud."]}
    print_summary(content | {"seconds_measured": loud}, Console(file=out, width=200))
    assert "No place by seconds is given. It was loud." in out.getvalue()


@pytest.mark.parametrize("status", ["ok", "diverged", "stopped_early", "failed"])
def test_of_stored_trainings_only_the_failed_are_trained_again(monkeypatch, status):
    wine, sgd, job = PROBLEMS["wine"], registered("sgd"), ({"lr": 0.1}, 7)
    name = population.key(wine, sgd, *job)
    before = replace(a_run(2, status=status), key=name, reason="before")
    asked, put = [], []

    def trained(problem, entrant, role, jobs, threads):
        asked.append((problem, entrant, role, jobs, threads))
        return [replace(before, status="ok", reason="again")]

    monkeypatch.setattr(population, "trained", trained)
    store, known = SimpleNamespace(put=put.extend), {name: before}
    (found,) = population.complete(wine, sgd, "fresh", [job], known, store, 3)
    again = status == "failed"
    assert asked == ([(wine, sgd, "fresh", {name: job}, 3)] if again else [])
    assert found.reason == ("again" if again else "before")
    assert put == ([found] if again else []) and known[name] == found
