"""What a study hands to the statistics: worked out again here from made-up runs."""

from dataclasses import replace
from math import exp, expm1, inf, log, sqrt

import numpy as np
import pytest
from gradclinic.bench.execution.record import Run
from gradclinic.bench.studies.judgement import controls_of, judge
from gradclinic.bench.studies.symptom import detect
from gradclinic.bench.studies.waiting import survival_curves
from gradclinic.scenarios.data import SOURCES
from gradclinic.scenarios.scenario import BALANCED_ACCURACY
from gradclinic.scenarios.trial import MemoryPlan
from scipy import stats

from .made_runs import a_question, a_run, baseline, evidence_of, runs_of

BEFORE = [2.0, 2.2, 1.9, 2.4, 2.1]
AFTER = [1.8, 2.1, 1.6, 2.3, 1.7]
# Test and validation rows differ, so that one cannot stand for the other.
QUESTION = a_question()
DATA = QUESTION.baseline.data
TEST, VALIDATION = DATA.test / DATA.rows, DATA.validation / DATA.rows


def judged(evidence, name="a", looks=1):
    return next(fix for fix in judge(evidence, looks) if fix["name"] == name)


def of_a(question=QUESTION, before=None, after=None):
    """The verdict dict of fix a whose runs differ from the baseline's as given."""
    found = evidence_of(
        question,
        baseline(**(before or {"test_loss": BEFORE})),
        ("fix", "a", after or {"test_loss": AFTER}),
    )
    return judged(found)


def t_interval(values, level, ratio):
    """Nadeau and Bengio's interval, by SciPy's own t."""
    n = len(values)
    scale = np.std(values, ddof=1) * sqrt(1 / n + ratio)
    return stats.t.interval(level, n - 1, np.mean(values), scale)


def test_the_rows_of_the_parts_differ():
    assert not SOURCES[DATA.name].redrawn
    assert TEST != VALIDATION


@pytest.mark.parametrize("looks", [1, 2])
@pytest.mark.parametrize("fixes", [("a",), ("a", "b", "c")], ids=len)
def test_alpha_is_shared_among_all_fixes_and_looks(fixes, looks):
    question = a_question(fixes=fixes)
    control = question.controls.positive.name
    evidence = evidence_of(
        question,
        baseline(test_loss=BEFORE),
        ("fix", "a", {"test_loss": AFTER}),
        ("positive", control, {"test_loss": AFTER}),
    )
    level = 1 - 0.05 / (len(fixes) * looks)
    gains = np.log(BEFORE) - np.log(AFTER)
    for name in ("a", control):
        fix = judged(evidence, name, looks)
        assert fix["level"] == pytest.approx(level, abs=1e-12)
        assert fix["gain"] == pytest.approx(gains.mean())
        expected = (*t_interval(gains, level, TEST), *t_interval(gains, 0.9, TEST))
        found = [fix[end] for end in ("low", "high", "low90", "high90")]
        assert found == pytest.approx(expected)
        assert fix["sd_over_delta"] == pytest.approx(
            np.std(gains, ddof=1) / question.delta
        )


def test_a_scenario_without_fixes_still_judges_its_controls():
    question = a_question(fixes=())
    control = question.controls.positive.name
    evidence = evidence_of(question, baseline(), ("positive", control, {}))
    assert judged(evidence, control)["level"] == pytest.approx(0.95)


@pytest.mark.parametrize(
    ("scale", "better", "sign", "of"),
    [
        ("log", "lower", 1, np.log),
        ("log", "higher", -1, np.log),
        ("linear", "lower", 1, np.asarray),
        ("linear", "higher", -1, np.asarray),
    ],
)
def test_the_effect_is_on_the_scale_and_in_the_sense_of_the_metric(
    scale, better, sign, of
):
    metric = replace(QUESTION.metric, scale=scale, better=better)
    fix = of_a(replace(QUESTION, metric=metric))
    assert fix["gain"] == pytest.approx(sign * (of(BEFORE) - of(AFTER)).mean())


@pytest.mark.parametrize(
    ("delta", "verdict"), [(0.3, "too small to matter"), (0.02, "relieved")]
)
def test_delta_decides_what_matters(delta, verdict):
    after = [0.9 * loss * (1 + 0.001 * k) for k, loss in enumerate(BEFORE)]
    fix = of_a(replace(QUESTION, delta=delta), after={"test_loss": after})
    assert fix["verdict"] == verdict


def test_a_time_needs_no_correction_for_overlapping_rows():
    metric = replace(QUESTION.metric, rows=None)
    fix = of_a(replace(QUESTION, metric=metric))
    gains = np.log(BEFORE) - np.log(AFTER)
    low, high = t_interval(gains, 0.9, 0.0)
    assert (fix["low90"], fix["high90"]) == pytest.approx((low, high))


def test_the_symptom_is_looked_for_in_the_runs_of_the_fix():
    healthy = {"val_loss": 1.0, "best_val_loss": 1.0, "val_metric": 0.9}
    better = {"test_loss": [1.0, 1.01, 0.99, 1.02, 0.98]}
    cured = of_a(after=healthy | better)
    assert (cured["symptom_fires"], cured["refuted"]) == (False, True)
    assert cured["verdict"] == "cured"
    open_case = of_a(after=healthy | better | {"val_loss": [0.3, 3.0, 1.0, 0.4, 2.0]})
    assert (open_case["symptom_fires"], open_case["refuted"]) == (False, False)
    assert open_case["verdict"] == "relieved"
    sick = of_a(before={"test_loss": BEFORE} | healthy)
    assert sick["symptom_fires"] is True


def test_the_detector_gets_the_ratio_of_the_validation_rows():
    losses = [2.0, 3.0, 4.0, 2.5, 3.5]
    evidence = evidence_of(QUESTION, baseline(val_loss=losses))
    gap = detect(evidence, evidence.baseline).components[0]
    low, high = t_interval(np.log(losses), 0.95, VALIDATION)
    assert (gap.low, gap.high) == pytest.approx((expm1(low), expm1(high)))


def test_only_seeds_that_were_measured_on_both_sides_are_compared():
    seeds = range(6)
    evidence = evidence_of(
        QUESTION,
        baseline(seeds=seeds, test_loss=[9.0, *BEFORE]),
        (
            "fix",
            "a",
            {
                "seeds": seeds,
                "test_loss": [1.0, *AFTER],
                "reason": "it broke",
                "status": ["failed", *["ok"] * 5],
            },
        ),
    )
    fix = judged(evidence)
    assert fix["n"] == 5 and fix["status"] == {"failed": 1, "ok": 5}
    assert fix["gain"] == pytest.approx((np.log(BEFORE) - np.log(AFTER)).mean())
    assert fix["note"] == "1 of 6 runs were not measured: it broke"
    assert fix["metric"] == pytest.approx(
        {
            "mean": np.mean(AFTER),
            "baseline_mean": np.mean(BEFORE),
            "median": np.median(AFTER),
            "baseline_median": np.median(BEFORE),
        }
    )


def test_one_seed_measures_nothing_and_a_run_that_diverged_is_infinitely_bad():
    one = evidence_of(QUESTION, baseline(seeds=[0]), ("fix", "a", {"seeds": [0]}))
    fix = judged(one)
    assert (fix["n"], fix["verdict"], fix["undecided"]) == (1, "not measurable", False)
    fix = of_a(after={"test_loss": AFTER, "status": ["diverged", *["ok"] * 4]})
    assert fix["metric"]["mean"] is None and fix["effect"]["kind"] == "censored"
    assert "4 are better, 1 worse, 0 equal" in fix["verdict_reason"]


def test_where_all_fail_on_both_sides_nothing_is_gained():
    fix = of_a(before={"status": "diverged"}, after={"status": "diverged"})
    assert fix["verdict_reason"] == (
        "It fails on every seed, as the baseline does: nothing is gained."
    )
    one_side = of_a(before={"status": "diverged"})
    assert "5 are better" in one_side["verdict_reason"]


def test_undecided_are_the_inconclusive_and_the_widely_spread():
    wild = [1.0, 3.0, 1.5, 4.0, 1.2]
    assert of_a(after={"test_loss": wild})["undecided"] is True
    assert of_a(after={"test_loss": BEFORE})["undecided"] is False


def priced(before, after, **columns):
    """The seconds of fix a whose passes took as long as given, round by round."""
    how = {"epochs": 10, "test_loss": BEFORE}
    found = evidence_of(QUESTION, baseline(**how), ("fix", "a", how | columns))
    for runs in found.runs.values():
        for run in runs.values():
            run.trial["epochs"] = 40
    for name, samples in (("baseline", before), ("a", after)):
        run = a_run("price", name, 0)
        run.curves["seconds_per_epoch"] = samples
        found.prices[name] = run
    return judged(found)["seconds"]


def test_a_training_costs_its_passes_timed_in_turns():
    """Rounds that are slow for both say nothing; the fix trains half as long."""
    before, after = [1.0, 2.0, 1.0, 4.0, 1.0], [3.0, 6.3, 2.9, 12.0, 3.1]
    found = priced(before, after, epochs=5)
    ratios = np.log(np.array(after) * 5 / (np.array(before) * 10))
    low, high = t_interval(ratios, 0.95, 0.0)
    assert found["interval"] == pytest.approx(np.exp([ratios.mean(), low, high]))
    assert found["ratio"] == found["interval"][0]
    assert found["median"] == pytest.approx(3.1 * 5)


def test_a_run_that_diverged_would_have_cost_its_whole():
    found = priced([1.0, 1.0], [1.0, 1.0], status="diverged", epochs=2)
    assert found["ratio"] == pytest.approx(40 / 10)


def test_what_was_not_timed_in_turns_has_no_price():
    nothing = {"median": None, "ratio": None, "interval": None}
    assert of_a()["seconds"] == nothing
    trial = replace(QUESTION.baseline, memory=MemoryPlan(budget=10**6))
    alone = replace(QUESTION, baseline=trial)
    seconds = {"seconds": [3.0, 2.0, 6.0, 20.0, 4.0]}
    found = of_a(alone, {"seconds": [1.0, 2.0, 4.0, 5.0, 8.0]}, seconds)["seconds"]
    ratios = np.log([3.0, 1.0, 1.5, 4.0, 0.5])
    expected = np.exp([ratios.mean(), *t_interval(ratios, 0.95, 0.0)])
    assert found["interval"] == pytest.approx(expected) and found["median"] == 4.0
    lost = of_a(alone, after={"seconds": [None, 1.0, 1.0, 1.0, 1.0]})
    assert lost["seconds"] == nothing


def test_bytes_are_the_median_and_the_median_of_paired_ratios():
    fix = of_a(
        before={"predicted_bytes": [1.0, 2.0, 4.0, 5.0, 8.0]},
        after={"predicted_bytes": [3.0, 2.0, 6.0, 20.0, 4.0]},
    )
    # Ratios 3, 1, 1.5, 4, .5: their median is not the ratio of the medians, 4 / 4.
    assert fix["bytes"] == {"median": 4.0, "ratio": 1.5}
    assert fix["bytes_kind"] == "predicted"


def test_under_a_budget_the_bytes_are_those_measured():
    trial = replace(QUESTION.baseline, memory=MemoryPlan(budget=10**6))
    fix = of_a(
        replace(QUESTION, baseline=trial), {"peak_bytes": 40.0}, {"peak_bytes": 80.0}
    )
    assert fix["bytes"] == {"median": 80.0, "ratio": 2.0}
    assert fix["bytes_kind"] == "measured"


def test_bytes_that_nothing_predicts_are_those_measured():
    """Of a model in the network's place: beside what a pass of the baseline held."""
    found = evidence_of(QUESTION, baseline(test_loss=BEFORE), ("fix", "a", {}))
    for run in found.of("fix", "a").values():
        del run.values["predicted_bytes"]
    assert judged(found)["bytes"] == {"median": 3000.0, "ratio": None}
    timed = Run("k", "s", "baseline", "price", 0, values={"peak_bytes": 1500.0})
    fix = judged(replace(found, prices={"baseline": timed}))
    assert fix["bytes"] == {"median": 3000.0, "ratio": 2.0}
    assert fix["bytes_kind"] == "measured"


def test_what_a_run_scored_that_diverged_is_no_number():
    found = evidence_of(QUESTION, baseline(test_loss=BEFORE), ("fix", "a", {}))
    runs = found.of("fix", "a")
    first = min(runs)
    values = runs[first].values | {"test_metric": -1e39}
    runs[first] = replace(runs[first], status="diverged", values=values)
    score = judged(found)["test_metric"]
    assert score["mean"] is None and score["not_worse"] is None
    assert score["baseline_mean"] is not None


def test_of_a_timed_step_the_bytes_are_those_of_the_run():
    metric = replace(QUESTION.metric, name="seconds_per_step", rows=None)
    step = {"seconds_per_step": 1.0, "predicted_bytes": 7.0}
    fix = of_a(replace(QUESTION, metric=metric), step, step)
    assert fix["bytes"] == {"median": 500.0, "ratio": 1.0}


def gains_with(centre):
    """Test accuracies whose gain is `centre` on average, spread by half a point."""
    spread = np.array([-1, -0.5, 0, 0.5, 1]) * 0.005
    return (0.7 + centre + spread).tolist()


@pytest.mark.parametrize("side", [1, -1])
def test_the_guard_of_the_test_metric_counts_overlapping_rows(side):
    """A gain whose plain interval decides, and whose corrected one does not."""
    spread = np.array([-1, -0.5, 0, 0.5, 1]) * 0.005
    plain = stats.t.interval(0.9, 4, 0.0, np.std(spread, ddof=1) / sqrt(5))[1]
    right = t_interval(spread, 0.9, TEST)[1]
    between = -0.01 + side * (plain + right) / 2
    assert of_a(after={"test_metric": gains_with(between)})["test_metric"] == (
        pytest.approx(
            {
                "name": "accuracy",
                "mean": 0.7 + between,
                "baseline_mean": 0.7,
                "not_worse": None,
            }
        )
    )
    beyond = -0.01 + side * 1.01 * right
    guard = of_a(after={"test_metric": gains_with(beyond)})["test_metric"]
    assert guard["not_worse"] is (side > 0)


def test_a_regression_is_guarded_by_its_r2_and_a_run_without_a_number_by_nothing():
    mse = replace(QUESTION, baseline=replace(QUESTION.baseline, loss="mse"))
    assert of_a(mse)["test_metric"]["name"] == "R²"
    assert of_a(after={"test_metric": None})["test_metric"] is None
    lost = of_a(after={"test_metric": [None, 0.7, 0.7, 0.7, 0.7]})["test_metric"]
    assert lost["not_worse"] is None and lost["mean"] is None


@pytest.mark.parametrize(
    ("role", "verdict", "behaved"),
    [
        ("placebo", "cured", False),
        ("placebo", "relieved", False),
        ("placebo", "too small to matter", True),
        ("placebo", "worse", True),
        ("wrong_mechanism", "relieved", False),
        ("wrong_mechanism", "worse", True),
        ("positive", "cured", True),
        ("positive", "relieved", True),
        ("positive", "too small to matter", False),
        ("positive", "inconclusive", False),
        *(
            (role, "not measurable", None)
            for role in ("placebo", "wrong_mechanism", "positive")
        ),
    ],
)
def test_a_control_behaves_or_not_or_was_not_run(role, verdict, behaved):
    fix = {"name": "n", "label": "L", "role": role, "verdict": verdict}
    expected = "must help" if role == "positive" else "must not help"
    told = {"name": "n", "label": "L", "role": role, "expected": expected}
    told |= {"verdict": verdict, "behaved": behaved}
    assert controls_of([fix | {"role": "fix"}, fix]) == [told]


SLOW = a_question("slow_training")
NAME = SLOW.metric.name


def slow_evidence(epochs, needed, reference):
    return evidence_of(
        SLOW,
        baseline(epochs=epochs, **{NAME: needed}),
        ("sweep", "tuned_reference", {NAME: reference}),
    )


def test_a_missed_target_counts_as_the_longest_training_of_the_baseline():
    evidence = slow_evidence([10, 40, 20, 30, 10], [None] * 5, [2.0] * 5)
    cost = detect(evidence, evidence.baseline).components[0]
    assert cost.value == pytest.approx(40 / 2)


def test_costs_are_compared_seed_by_seed_with_the_tuned_reference():
    needed, reference = [8.0, 9.0, 12.0, 10.0, 7.0], [2.0, 3.0, 2.0, 2.5, 1.4]
    evidence = slow_evidence(40, needed, reference)
    cost = detect(evidence, evidence.baseline).components[0]
    logs = np.log(needed) - np.log(reference)
    data = SLOW.baseline.data
    low, high = t_interval(logs, 0.95, data.validation / data.rows)
    assert (cost.value, cost.low, cost.high) == pytest.approx(
        (exp(logs.mean()), exp(low), exp(high))
    )


@pytest.fixture
def handed(monkeypatch):
    """What the detector of a scenario is handed: its values and its ratio."""
    from gradclinic.bench.studies import symptom

    seen = {}

    def spy(values, test_over_train=None):
        seen.update(values=values, ratio=test_over_train)

    monkeypatch.setattr(
        symptom, "DETECTORS", {"underfitting": spy, "slow_training": spy}
    )
    return seen


def test_a_symptom_of_the_first_steps_is_read_where_they_are_diagnosed():
    """By the runs of the condition itself, and only those that were measured."""
    question = a_question("dead_relu", fixes=("a", "b"))
    conditions = [("fix", name, {"test_loss": AFTER}) for name in ("a", "b")]
    evidence = evidence_of(question, baseline(test_loss=BEFORE), *conditions)
    first_steps = {
        "baseline": runs_of("examination", "baseline", dead_fraction=0.9),
        "a": runs_of("examination", "a", dead_fraction=0.1),
        "b": runs_of(
            "examination",
            "b",
            dead_fraction=[0.1] * 3 + [0.9] * 2,
            status=["ok"] * 3 + ["failed"] * 2,
        ),
    }
    evidence = replace(evidence, examinations=first_steps)
    assert detect(evidence, evidence.baseline).fires
    for name in ("a", "b"):
        fix = judged(evidence, name)
        assert (fix["symptom_fires"], fix["refuted"]) == (False, True)
    del first_steps["a"]
    fix = judged(evidence, "a")
    assert (fix["symptom_fires"], fix["refuted"]) == (False, False)


def test_where_there_is_a_target_a_reference_is_compared_by_passes():
    question = a_question("long_memory")
    assert question.metric.name == "test_loss"
    evidence = evidence_of(
        question,
        baseline(evaluations_to_target=[None] * 5, epochs=20),
        ("sweep", "tuned_reference", {"evaluations_to_target": 4.0}),
    )
    cost = detect(evidence, evidence.baseline).components[0]
    assert cost.value == pytest.approx(20 / 4)


def test_a_sweep_hands_over_its_best_loss_and_the_doubled_width(handed):
    question = a_question("underfitting")
    evidence = evidence_of(
        question,
        baseline(seeds=[0, 1], train_loss=[1.0, 1.1]),
        (
            "sweep",
            "wider_x2",
            {"seeds": [0, 1], "train_loss": [0.6, 0.3], "val_metric": [0.8, 0.9]},
        ),
        ("sweep", "wider_x4", {"seeds": [0, 1, 2], "train_loss": [0.5, 0.4, 0.1]}),
        ("sweep", "narrower", {"seeds": [0, 1], "train_loss": 0.01}),
        ("fix", "wider_net", {"seeds": [0, 1], "train_loss": 0.01}),
        ("sweep", "wider_x8", {"seeds": [0], "train_loss": 0.01}),
    )
    detect(evidence, evidence.baseline)
    values, data = handed["values"], question.baseline.data
    assert values["best_sweep_train_loss"].tolist() == [0.5, 0.3]
    assert values["wider_val_metric"].tolist() == [0.8, 0.9]
    assert values["train_loss"].tolist() == [1.0, 1.1]
    assert (values["delta"], values["status"]) == (0.01, ["ok", "ok"])
    expected = None if SOURCES[data.name].redrawn else data.validation / data.rows
    assert handed["ratio"] == expected
    assert "reference_evaluations" not in values


def test_a_reference_is_used_only_where_every_seed_has_one(handed):
    whole = slow_evidence(40, [8.0] * 5, [2.0] * 5)
    detect(whole, whole.baseline)
    assert handed["values"]["reference_evaluations"].tolist() == [2.0] * 5
    assert handed["values"]["evaluations_budget"].tolist() == [40.0] * 5
    lacking = evidence_of(
        SLOW, baseline(), ("sweep", "tuned_reference", {"seeds": range(4)})
    )
    detect(lacking, lacking.baseline)
    assert "reference_evaluations" not in handed["values"]
    without = slow_evidence(None, [8.0] * 5, [2.0] * 5)
    detect(without, without.baseline)
    assert handed["values"]["evaluations_budget"].tolist() == [inf] * 5


def test_stored_values_that_are_missing_are_not_numbers():
    run = a_run("fix", "a", 0, test_loss=None)
    assert isinstance(run, Run)
    evidence = evidence_of(QUESTION, baseline(val_loss=[None, 3.0, 3.0, 3.0, 3.0]))
    gap = detect(evidence, evidence.baseline).components[0]
    assert gap.value == pytest.approx(expm1(log(3.0)))


def test_an_effect_is_told_as_a_ratio_of_the_metric():
    fix = of_a()
    effect = fix["effect"]
    assert effect["kind"] == "ratio" and "difference" not in effect
    ratios = np.array(AFTER) / BEFORE
    value, low, high = effect["ratio"]
    assert value == pytest.approx(stats.gmean(ratios))
    assert (low, high) == pytest.approx((exp(-fix["high"]), exp(-fix["low"])))
    assert effect["ratio90"] == pytest.approx([exp(-fix["high90"]), exp(-fix["low90"])])
    assert effect["pairs"] == [[k, pytest.approx(r)] for k, r in enumerate(ratios)]
    counts = [effect[name] for name in ("better", "worse", "equal", "missed")]
    assert counts == [5, 0, 0, 0] and effect["missed_baseline"] == 0


@pytest.mark.parametrize(("better", "sign"), [("lower", 1), ("higher", -1)])
def test_a_linear_effect_is_told_as_a_difference_of_the_metric(better, sign):
    metric = replace(QUESTION.metric, scale="linear", better=better)
    fix = of_a(replace(QUESTION, metric=metric))
    effect = fix["effect"]
    value, low, high = effect["difference"]
    assert effect["kind"] == "difference" and "ratio" not in effect
    assert value == pytest.approx(np.mean(np.array(AFTER) - BEFORE))
    ends = sorted((-sign * fix["low"], -sign * fix["high"]))
    assert (low, high) == pytest.approx(tuple(ends))


def missing_evidence():
    """Twenty seeds: the baseline misses on seed 0, the fix on 1, both on 2."""
    needed = [100.0 + k for k in range(20)]
    fixed = [x / 4 for x in needed]
    needed[0] = needed[2] = fixed[1] = fixed[2] = None
    how = {"seeds": range(20), "epochs": 200}
    return evidence_of(
        SLOW,
        baseline(**how, **{NAME: needed}),
        ("fix", "a", how | {NAME: fixed}),
        ("placebo", SLOW.controls.placebo.name, how | {NAME: needed}),
        ("sweep", "tuned_reference", how | {NAME: 10.0}),
    )


def test_one_missed_target_deletes_no_effect():
    fix = judged(missing_evidence())
    effect = fix["effect"]
    assert effect["kind"] == "censored"
    assert effect["ratio"] == pytest.approx([0.25, 0.25, 0.25])
    assert [effect[n] for n in ("better", "worse", "equal")] == [18, 1, 1]
    assert (effect["missed"], effect["missed_baseline"]) == (2, 2)
    assert effect["pairs"][:3] == [[0, 0.0], [1, None], [2, 1.0]]
    assert effect["pairs"][3] == [3, pytest.approx(0.25)]
    # The reference needs 10 passes; a quarter of about 110 is not 3 times as many.
    assert (fix["verdict"], fix["refuted"]) == ("cured", True)
    assert fix["metric"]["mean"] is None and fix["metric"]["median"] is not None


def test_what_can_be_missed_is_a_median_for_every_fix():
    """The placebo's runs all have a partner, and yet no mean stands beside medians."""
    evidence = missing_evidence()
    placebo = judged(evidence, SLOW.controls.placebo.name)
    assert placebo["effect"]["kind"] == "censored" and evidence.censored
    assert placebo["verdict"] == "too small to matter"
    # A diverged baseline, too, makes medians of all effects.
    sick = evidence_of(
        QUESTION, baseline(status=["diverged", *["ok"] * 4]), ("fix", "a", {})
    )
    assert sick.censored and judged(sick)["effect"]["kind"] == "censored"
    assert not evidence_of(QUESTION, baseline(), ("fix", "a", {})).censored


def test_a_rescued_baseline_has_a_ratio_of_nothing():
    effect = of_a(before={"status": "diverged"})["effect"]
    assert effect["ratio"] == [0.0, 0.0, None]  # five pairs bound nothing
    assert (effect["better"], effect["missed_baseline"]) == (5, 5)
    lost = of_a(after={"status": "diverged"})["effect"]
    assert lost["ratio"] == [None, 0.0, None] and lost["missed"] == 5


def test_a_guardrail_that_fails_overrides():
    """A small loss in the metric, and surely four points of accuracy lost."""
    worse = [0.66, 0.661, 0.659, 0.66, 0.66]
    fix = of_a(after={"test_loss": BEFORE, "test_metric": worse})
    assert fix["verdict"] == "worse"
    assert fix["guardrail"] == (
        "On test rows accuracy falls by over a point (confirmed)."
    )
    assert fix["verdict_reason"].endswith(fix["guardrail"])
    assert of_a()["guardrail"] is None


@pytest.mark.parametrize(
    ("words", "harms"),
    [
        ({"measures": BALANCED_ACCURACY}, False),
        ({"label": "test balanced accuracy"}, True),
    ],
)
def test_what_a_metric_measures_says_whether_lost_accuracy_harms(words, harms):
    """Not its label, which is for readers."""
    metric = replace(QUESTION.metric, **words)
    fix = of_a(replace(QUESTION, metric=metric), after={"test_metric": [0.66] * 5})
    assert (fix["guardrail"] is not None) == harms


def test_survival_counts_the_runs_above_their_target():
    evidence = missing_evidence()
    curves = survival_curves(evidence, judge(evidence, 1))
    at, share = curves["baseline"]["at"], curves["baseline"]["share"]
    assert (at[0], share[0], at[-1]) == (0.0, 1.0, 200.0)
    assert share[-1] == share[-2] == pytest.approx(2 / 20)
    assert curves["a"]["at"][1] == pytest.approx(100 / 4)
    assert survival_curves(evidence_of(QUESTION, baseline()), []) is None


def test_a_run_that_diverged_never_reaches_its_target():
    how = {"seeds": range(3), "epochs": [5, 40, 40], "status": ["diverged", "ok", "ok"]}
    evidence = evidence_of(SLOW, baseline(**how, **{NAME: [3.0, 10.0, 20.0]}))
    curve = survival_curves(evidence, [])["baseline"]
    assert curve["at"] == [0.0, 10.0, 20.0, 40.0]
    assert curve["share"] == pytest.approx([1, 2 / 3, 1 / 3, 1 / 3])
