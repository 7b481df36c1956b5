"""The study: what it holds, and that it resumes, reruns and compares as it should."""

import json
from dataclasses import replace
from math import inf

import numpy as np
import pytest
from gradclinic.bench.execution.entrant import Entrant, registered
from gradclinic.bench.execution.population import clocks, epochs_of
from gradclinic.bench.execution.record import Run
from gradclinic.bench.schemas import faults
from gradclinic.bench.statistics.comparison import profile_scores, rank_intervals
from gradclinic.bench.studies.optimizers.aggregates import cost_array
from gradclinic.bench.studies.optimizers.checks import (
    RANDOM,
    adamw_again,
    baselines_are_stable,
    random_is_last,
    rates_match,
)
from gradclinic.bench.studies.optimizers.content import result
from gradclinic.bench.studies.optimizers.priors import RATES
from gradclinic.bench.studies.optimizers.scores import costs, per_pass
from gradclinic.bench.studies.optimizers.search import hit
from gradclinic.bench.studies.optimizers.study import (
    failures,
    run_study,
    study,
    warnings,
)
from gradclinic.bench.studies.optimizers.tuning import best_of, final_of, settled_of
from gradclinic.kernels import OPTIMIZERS, Optimizer
from gradclinic.kernels.optimizer import keep
from gradclinic.kernels.threads import available_threads
from gradclinic.scenarios.problems import PROBLEMS


def silent(done, total, text):
    pass


def run(values, status="ok"):
    best = min((v for v in values if v is not None), default=None)
    return Run(
        "k",
        "wine",
        "sgd",
        "fresh",
        0,
        status=status,
        seconds=2.0,
        values={"best": best, "epochs": len(values)},
        curves={"val_loss": values},
    )


def bests(made):
    return {
        pair: [best_of(run) for winner in found.winners for run in winner.runs]
        for pair, found in made.found.items()
    }


def test_passes_until_the_target_is_met_for_good():
    assert hit(run([3.0, 2.0, 1.0, 2.0]), 2.0) == 2
    assert hit(run([1.0]), 2.0) == 1
    assert hit(run([3.0, 2.5]), 2.0) == inf
    assert hit(run([3.0, None, 1.0]), 2.0) == 3
    assert hit(run([]), 2.0) == inf


def test_a_dip_below_the_target_is_no_success():
    dip = run([3.0, 1.0, 2.5, 2.6, 2.5])
    assert hit(dip, 2.0) == inf and final_of(dip) == 2.5 and best_of(dip) == 1.0
    back = run([3.0, 1.0, 2.5, 2.0, 1.5])
    assert hit(back, 2.0) == 4
    # What a run ends at is the lowest target that it meets.
    for one in (dip, back):
        assert hit(one, final_of(one)) < inf
        assert hit(one, np.nextafter(final_of(one), 0)) == inf
    assert hit(run([3.0, 1.0, None]), 2.0) == inf


def test_a_run_settles_at_the_largest_of_its_last_tenth():
    losses = [3.0] + [1.0] * 18 + [0.1]
    assert settled_of(run(losses)) == 1.0 and final_of(run(losses)) == 0.1
    assert settled_of(run([*losses, 0.2])) == 1.0
    assert settled_of(run([3.0, 2.0])) == 2.0
    assert settled_of(run([*losses, None])) == inf
    assert settled_of(run(losses, status="diverged")) == settled_of(run([])) == inf


def test_a_run_that_diverges_counts_as_infinite_even_after_the_target():
    diverged = run([3.0, 1.0, 90.0], status="diverged")
    assert hit(diverged, 2.0) == inf
    assert best_of(diverged) == final_of(diverged) == inf
    assert best_of(run([])) == final_of(run([])) == inf
    assert final_of(run([1.0, None])) == final_of(run([1.0, float("nan")])) == inf


def test_a_gradient_of_all_rows_and_a_second_gradient_are_counted():
    wine = PROBLEMS["wine"]
    batches = wine.trial.data.rows / wine.trial.batch_size
    plain, whole, seconds = registered("sgd"), registered("gradient_descent"), 1e-3
    twice = replace(plain, optimizer=replace(plain.optimizer, gradients=2))
    assert clocks(wine, plain) == {"steps": batches, "evaluations": batches}
    assert clocks(wine, whole) == {"steps": 1, "evaluations": batches}
    assert clocks(wine, twice) == {"steps": batches, "evaluations": 2 * batches}
    assert epochs_of(wine, twice) == epochs_of(wine, plain) / 2
    values, units = run([3.0, 1.0]), per_pass(wine, twice, seconds)
    assert costs([values], 2.0, units["evaluations"]) == [4 * batches]
    assert costs([values], 2.0, units["seconds"]) == [2 * batches * seconds]
    # Where no seconds were measured, none are told, those of the runs least of all.
    assert costs([values], 2.0, per_pass(wine, twice)["seconds"]) == [inf]


def test_the_content_is_plain_data_as_documented(small):
    content = study(small, silent)
    assert json.loads(json.dumps(content, allow_nan=False)) == content
    assert list(faults(content, "optimizers")) == []
    assert len(content["results"]) == 4
    for row in content["results"]:
        assert [b["budget"] for b in row["budgets"]] == [1, 6]
        assert row["budgets"][0]["trial"] == 0
        assert len(row["trials"]["lr"]) == 4
        assert 1 <= len(row["budgets"][1]["refined"]["lr"]) <= 2
        assert len(row["sweep"]["lr"]) == 3
        curve = row["budgets"][1]["curve"]
        assert len(curve["passes"]) == len(curve["val_loss"]["median"])
    for comparison in content["comparisons"]:
        assert len(comparison["profile_score"]) == 2
    kinds = [(c["budget"], c["clock"], c["target"]) for c in content["comparisons"]]
    assert kinds.count((6, "evaluations", "value")) == 1
    noisy = content["seconds_measured"]["noisy"]
    assert kinds.count((6, "seconds", "easy")) == (not noisy)


def test_a_study_resumes_where_it_was_interrupted(small):
    def interrupt(done, total, text):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_study(small, interrupt)
    resumed = run_study(small, silent)
    whole = run_study(replace(small, out=small.out / "whole"), silent)
    assert 0 < resumed.trained < whole.trained
    assert bests(resumed) == bests(whole)
    assert run_study(small, silent).trained == 0


def test_a_changed_optimizer_is_run_again_alone(small):
    before = run_study(small, silent)
    changed = replace(small.entrants[0], source="another")
    after = run_study(replace(small, entrants=(changed, small.entrants[1])), silent)
    mine = {k for pair, f in after.found.items() if pair[1] == "sgd" for k in f.keys}
    assert after.trained == len(mine)
    assert bests(before) == bests(after)


def test_another_optimizer_changes_nothing_for_those_there(small):
    before = run_study(small, silent)
    more = replace(small, entrants=(*small.entrants, registered("adam")))
    after = bests(run_study(more, silent))
    assert {pair: after[pair] for pair in bests(before)} == bests(before)


@pytest.mark.skipif(available_threads() < 2, reason="needs two threads")
def test_threads_change_nothing(small):
    two = replace(small, threads=2, out=small.out / "two")
    assert bests(run_study(small, silent)) == bests(run_study(two, silent))


def test_adamw_under_another_name_ties_with_adamw(small):
    both = replace(small, entrants=(registered("adamw"), adamw_again()))
    made = run_study(both, silent)
    for target in ("value", "easy"):
        same = cost_array(made, 1, "evaluations", target)
        np.testing.assert_array_equal(*same)


def test_a_random_direction_ranks_last(small):
    longer = tuple(PROBLEMS[name] for name in ("noisy_quadratic", "digits_softmax"))
    settings = replace(small, problems=longer, budgets=(1, 12), seeds=8)
    made = run_study(replace(settings, entrants=(*small.entrants, RANDOM)), silent)
    easy = cost_array(made, 1, "evaluations", "easy")
    assert np.isinf(easy[-1]).all()
    assert np.isfinite(easy[:-1]).mean() > 0.5
    ranks = rank_intervals(easy, profile_scores)
    assert ranks[-1].low == ranks[-1].first == 3
    holds, figures = random_is_last(settings)
    assert isinstance(holds, bool) and "of 3" in figures


def test_master_seeds_are_compared(small):
    passes, figures = baselines_are_stable(small, masters=(0, 1))
    assert isinstance(passes, bool | np.bool_)
    assert "sgd" in figures and "adamw" in figures


def test_rates_of_convergence_are_those_of_theory():
    holds, figures = rates_match()
    assert holds, figures


def test_a_best_rate_at_the_edge_is_searched_further_and_said(small, monkeypatch):
    monkeypatch.setitem(RATES, "timid", (1e-5, 0.1))
    timid = replace(OPTIMIZERS["sgd"], name="timid")
    entrant = Entrant("timid", timid, "timid")
    softmax = PROBLEMS["digits_softmax"]
    softmax = replace(softmax, trial=replace(softmax.trial, epochs=2))
    settings = replace(small, entrants=(entrant,), problems=(softmax,), budgets=(1, 24))
    made = run_study(settings, silent)
    found = made.found["digits_softmax", "timid"]
    assert found.extended > 0 and found.decades == (-5.0, -1.0 + found.extended)
    assert max(c.lr for c in found.configurations) > 0.1
    assert any("searches had their best" in said for said in warnings(made))
    stuck = replace(found, at_edge=True)
    said = warnings(replace(made, found={("digits_softmax", "timid"): stuck}))
    assert said[0].startswith("timid on digits_softmax: the best learning rate lies")
    assert said[1].startswith("1 of 1 searches")


def test_each_rule_has_a_source_of_its_own():
    assert len({registered(name).source for name in OPTIMIZERS}) == len(OPTIMIZERS)


def test_a_rule_that_always_diverges_is_ranked_and_not_dropped(small):
    def update(p, g, state, hyper, step, layout):
        for i in range(p.size):
            p[i] *= p.dtype.type(1e20)

    broken = Entrant("broken", Optimizer("broken", update, 0, "2026", {"lr": 1.0}), "b")
    content = study(replace(small, entrants=(*small.entrants, broken)), silent)
    for row in content["results"]:
        if row["optimizer"] == "broken":
            assert set(row["budgets"][1]["best"]) == {None}
            assert row["tunability"]["basin"] is None
    for comparison in content["comparisons"]:
        assert comparison["ranks"][-1]["last"] == 3
        assert comparison["reach_rate"][-1][0] == 0


def test_a_loss_of_exactly_nothing_has_a_gap_too(small):
    made = run_study(replace(small, problems=small.problems[:1]), silent)
    found = made.found["wine", "sgd"]
    none = tuple(
        replace(r, curves={"val_loss": [0.0], "train_loss": [0.0]})
        for r in found.trials[:3]
    )
    winner = replace(found.winners[-1], runs=none)
    found = replace(found, winners=(found.winners[0], winner))
    pair = (small.problems[0], small.entrants[0], found, made.targets["wine"])
    gap = result(*pair)["tunability"]["default_gap"]
    assert gap[0] > 1e4


def test_what_cannot_be_trained_is_a_record_with_its_reason(small):
    def no_tail(n, layout):
        raise ValueError("this rule takes no network of this shape")

    picky = Optimizer("picky", keep, 1, "2026", {"lr": 1.0}, tail=no_tail)
    settings = replace(small, entrants=(Entrant("picky", picky, "p"),), sweep=0)
    made = run_study(settings, silent)
    (wine, quadratic) = failures(made)
    assert wine["problem"] == "wine" and quadratic["optimizer"] == "picky"
    assert "no network of this shape" in wine["reason"]
    assert np.isinf(cost_array(made, 1, "seconds", "easy")).all()
    assert run_study(settings, silent).trained == 0
