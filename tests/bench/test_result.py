"""The result dict of a scenario, its curves and its exhibits, from made-up runs."""

from dataclasses import asdict, replace
from math import exp, log
from types import SimpleNamespace

import numpy as np
import pytest
from gradclinic.bench.measurement.machine import machine_facts
from gradclinic.bench.measurement.noise import Signs
from gradclinic.bench.schemas import faults
from gradclinic.bench.studies import result as module
from gradclinic.bench.studies.curves import learning_curves
from gradclinic.bench.studies.exhibits import exhibits
from gradclinic.bench.studies.judgement import judge
from gradclinic.bench.studies.suite import SuiteOptions
from gradclinic.reports.files import finite
from gradclinic.scenarios import SCENARIOS

from .made_runs import a_question, baseline, evidence_of

QUESTION = a_question()
MACHINE = {"cpu": "Example 3000"}


def a_result(evidence, **options):
    name = evidence.scenario.name
    judged = {name: (evidence, judge(evidence, 1))}
    return module.scenario_result(
        evidence.scenario, judged, SuiteOptions(**options), MACHINE
    )


@pytest.fixture(scope="module")
def evidence():
    losses = [2.0, 2.2, 1.9, 2.4, 2.1]
    return evidence_of(
        QUESTION,
        baseline(test_loss=losses, seconds=2.0),
        ("fix", "a", {"test_loss": [x / 2 for x in losses], "seconds": 1.0}),
        (
            "fix",
            "b",
            {
                "test_loss": losses,
                "status": ["failed", *["ok"] * 4],
                "reason": "it broke",
                "seconds": None,
            },
        ),
        planned=40,
    )


def test_a_result_tells_what_was_run(evidence):
    found = a_result(evidence)
    assert (found["runs"], found["missing_runs"]) == (15, 25)
    assert found["seconds"] == 5 * 2.0 + 5 * 1.0
    assert found["failed_runs"] == [{"fix": "b", "seed": 0, "reason": "it broke"}]
    assert (found["scenario"], found["title"]) == (QUESTION.name, QUESTION.title)
    assert found["problem"] == QUESTION.summary and found["survival"] is None
    assert found["best"] == {
        "fixes": ["a"],
        "reason": "It is the only fix that helps.",
        "without_new_data": ["a"],
    }
    assert found["metric"] == vars(QUESTION.metric)
    assert found["delta"] == QUESTION.delta
    assert found["delta_ratio"] == pytest.approx(exp(-QUESTION.delta))
    assert found["delta_label"] == "5 %"
    symptom = found["symptom"]
    assert symptom["detector"] == QUESTION.symptom.detector
    assert symptom["rule"] == QUESTION.symptom.rule and symptom["fires"] is True
    assert symptom["refuted"] is False
    assert {c["refuted"] for c in symptom["components"]} <= {True, False}
    assert len(symptom["components"]) == 3
    names = [fix["name"] for fix in found["fixes"]]
    assert names[:3] == ["a", "b", "c"] and len(names) == 6
    assert not any("undecided" in fix for fix in found["fixes"])
    assert [c["role"] for c in found["controls"]] == [
        "placebo",
        "wrong_mechanism",
        "positive",
    ]
    assert found["references"] == list(QUESTION.references) and found["parts"] == []
    noise = {"noisy": None, "noise_reasons": [], "noise_factor": 1.0}
    machine = {"cpu": "Example 3000"} | noise
    assert found["machine"] == machine and found["schema"] == 1
    assert found["meaning"][0].startswith("25 of 40 runs were not started")
    told = found | {"machine": machine_facts() | machine}
    assert list(faults(finite(told), "scenario")) == []


@pytest.mark.parametrize(
    ("signs", "reasons", "factor"),
    [
        (Signs(0.0, 0.1, 2, 0.01), [], 1.0),
        (Signs(None, None, 2, 0.01), [], 1.0),
        (
            Signs(0.2, 0.1, 2, 0.0),
            ["Other virtual machines took 20.0 % of the time."],
            1.25,
        ),
        (
            Signs(0.0, 0.1, 2, 0.1),
            ["The same work took 10 % longer at the end."],
            1.1,
        ),
        (
            Signs(0.0, 0.1, 2, -0.2),
            ["The same work took 20 % less time at the end."],
            1.25,
        ),
        (
            Signs(0.0, 1.5, 2, 0.01),
            ["Other work kept 1.5 of 2 cores busy at the start."],
            None,
        ),
        (None, ["Nobody watched the host while some of them were taken."], None),
    ],
)
def test_times_of_a_noisy_host_are_as_rough_as_its_noise(signs, reasons, factor):
    """Or not compared, where no sign tells how rough."""
    question = a_question("slow_training.seconds", fixes=("a",))
    step = {"seconds_per_step": 1.0, "steps_per_second": 1.0, "disagreement": 0.0}
    if signs:
        step |= {f"host_{name}": value for name, value in asdict(signs).items()}
    found = evidence_of(
        question,
        baseline(seconds=[1.0, 1.1, 0.9, 1.0, 1.0], **step),
        ("fix", "a", step | {"seconds": [3.0, 3.3, 2.8, 3.0, 3.0]}),
    )
    judged = {question.name: (found, judge(found, 1))}
    answer = module.scenario_result(question, judged, SuiteOptions(), MACHINE)
    machine = answer["machine"]
    assert (machine["noisy"], machine["noise_reasons"]) == (bool(reasons), reasons)
    assert machine["noise_factor"] == pytest.approx(factor)
    seconds, told = (f["seconds"] for f in (answer["fixes"][0], judge(found, 1)[0]))
    assert seconds["median"] == 3.0
    if factor is None:
        assert seconds["interval"] is None and seconds["ratio"] is None
        return
    ratio, low, high = told["interval"]
    assert seconds["ratio"] == ratio
    assert seconds["interval"] == pytest.approx([ratio, low / factor, high * factor])


@pytest.mark.parametrize(
    ("options", "words", "preset"),
    [
        ({}, "", "full"),
        ({"quick": True}, " --quick", "quick"),
        ({"seed": 3, "seeds": 7}, " --seed 3 --seeds 7", "full"),
    ],
)
def test_a_result_tells_the_command_that_makes_it(evidence, options, words, preset):
    found = a_result(evidence, **options)
    assert found["command"] == f"gradclinic run {QUESTION.name}{words}"
    assert (found["preset"], found["seed"]) == (preset, options.get("seed", 0))


def test_a_difference_that_matters_is_said_in_points():
    metric = SimpleNamespace(scale="linear")
    assert module._delta_label(SimpleNamespace(metric=metric, delta=0.015)) == (
        "1.5 points"
    )
    one = SimpleNamespace(metric=metric, delta=0.01)
    assert module._delta_label(one) == "1 point"


@pytest.mark.parametrize(
    ("better", "delta", "ratio", "label"),
    [
        ("lower", -log(0.95), 0.95, "5 %"),
        ("lower", log(1.1), 1 / 1.1, "9.1 %"),
        ("higher", log(1.05), 1.05, "5 %"),
    ],
)
def test_the_smallest_effect_that_matters_is_on_the_scale_of_the_ratios(
    better, delta, ratio, label
):
    metric = SimpleNamespace(scale="log", better=better)
    question = SimpleNamespace(metric=metric, delta=delta)
    assert module._delta_ratio(question) == pytest.approx(ratio)
    assert module._delta_label(question) == label


def with_curves(runs, scale):
    """The runs with curves over three epochs, seed k ending after 2 + k of them."""
    for seed, run in runs.items():
        epochs = list(range(1, 3 + seed))
        run.curves["epoch"] = epochs
        for place, name in enumerate(
            ("val_loss", "train_loss", "val_metric", "train_metric")
        ):
            run.curves[name] = [scale * (seed + 1 + 10 * place)] * len(epochs)


def test_curves_are_quartiles_as_far_as_half_of_the_runs_go():
    seeds = {"seeds": range(5)}
    found = evidence_of(QUESTION, baseline(**seeds), ("fix", "a", seeds))
    with_curves(found.baseline, 1.0)
    with_curves(found.of("fix", "a"), 100.0)
    best = {"role": "fix", "name": "a", "label": "The best"}
    loss, metric = learning_curves(found, best)
    assert (loss["y_scale"], metric["y_scale"]) == ("log", "linear")
    assert (loss["y_label"], metric["y_label"]) == ("loss (nats)", "accuracy")
    assert loss["x_label"] == metric["x_label"] == "epoch (passes over the data)"
    assert [(s["label"], s["role"], s["mid"][0]) for s in loss["series"]] == [
        ("Baseline: validation", "baseline", 3.0),
        ("Baseline: training", "baseline_train", 13.0),
        ("The best: validation", "best", 300.0),
        ("The best: training", "best_train", 1300.0),
    ]
    first = loss["series"][0]
    assert first["x"] == [1, 2, 3, 4] and metric["series"][0]["mid"][0] == 23.0
    assert (first["low"][0], first["high"][0]) == (2.0, 4.0)
    assert (first["low"][3], first["high"][3]) == (3.5, 4.5)  # of the last three
    assert len(learning_curves(found, None)[0]["series"]) == 2


def test_of_a_regression_there_is_no_accuracy():
    mse = replace(QUESTION, baseline=replace(QUESTION.baseline, loss="mse"))
    found = evidence_of(mse, baseline())
    assert learning_curves(found, None) == []
    with_curves(found.baseline, 1.0)
    (chart,) = learning_curves(found, None)
    assert chart["y_label"] == "loss (squared error)"


def test_a_capacity_sweep_is_drawn_by_width():
    question = a_question("underfitting")
    name = question.sweep[0].name
    found = evidence_of(
        question,
        baseline(train_loss=[1.0, 2.0], val_loss=3.0, seeds=[0, 1]),
        ("sweep", name, {"train_loss": 0.5, "val_loss": [2.0, None], "seeds": [0, 1]}),
    )
    _, plots = exhibits(found)
    (plot,) = (p for p in plots if p["title"] == "Loss against width")
    widths = [
        trial.hidden[0] if trial.hidden else 1
        for trial in (question.baseline, question.sweep[0].treated(question.baseline))
    ]
    assert [s["label"] for s in plot["series"]] == ["training", "validation"]
    assert [s["x"] for s in plot["series"]] == [widths, widths]
    assert [s["y"] for s in plot["series"]] == [[1.5, 0.5], [3.0, None]]
    assert (plot["x_scale"], plot["y_scale"], plot["kind"]) == ("log", "log", "line")
    assert plot["verticals"] == [{"label": "baseline", "x": widths[0]}]
    assert (plot["x_label"], plot["y_label"]) == ("units in a hidden layer", "loss")


def test_predicted_and_measured_memory_are_in_megabytes():
    question = a_question("memory_pressure", fixes=("a",))
    sizes = {"predicted_parameters": 2e6, "predicted_bytes": 7e6, "peak_bytes": 8e6}
    sizes["mapped_bytes"] = 1.5e6
    over = sizes | {"status": ["MemoryError", "killed", "killed", "ok", "killed"]}
    found = evidence_of(question, baseline(**over), ("fix", "a", sizes))
    tables, _ = exhibits(found)
    (table,) = (t for t in tables if t["title"] == "Predicted and measured memory")
    columns = table["columns"]
    assert columns == [
        "Condition",
        "Parameters",
        "Gradients",
        "State",
        "Activations",
        "Workspace",
        "Data",
        "Predicted sum",
        "Measured peak",
        "Ratio",
        "Mapped files",
        "Outcome under the budget",
    ]
    first, second = (dict(zip(columns, row, strict=True)) for row in table["rows"])
    assert (first["Condition"], second["Condition"]) == ("Baseline", "A")
    assert (first["Parameters"], first["Gradients"]) == (2.0, None)
    assert (first["Predicted sum"], first["Measured peak"]) == (7.0, 8.0)
    assert first["Mapped files"] == 1.5
    assert first["Outcome under the budget"] == "MemoryError, fits, killed"
    assert second["Outcome under the budget"] == "fits"


def test_engines_are_told_in_microseconds():
    question = a_question("slow_training.seconds", fixes=("a",))
    step = {"seconds_per_step": 2e-4, "steps_per_second": 5000.0}
    found = evidence_of(
        question,
        baseline(disagreement=3e-7, **step),
        ("fix", "a", {"disagreement": 1e-7, **step, "seconds_per_step": 1e-4}),
    )
    tables, _ = exhibits(found)
    (table,) = (t for t in tables if "computed differently" in t["title"])
    assert table["rows"] == [
        ["Baseline: plain Python", 200.0, 5000, "3e-07"],
        ["A", 100.0, 5000, "1e-07"],
    ]
    assert table["columns"][1] == "Microseconds a step"


@pytest.mark.parametrize(
    ("measured", "agrees"),
    [((0.9, 1.1), "yes"), ((1.1, 1.2), "no"), ((0.8, 0.9), "no"), ((None, 1.1), "yes")],
)
def test_theory_lies_between_the_last_stable_and_the_first_divergent(measured, agrees):
    """lambda_max is 2: rates below 1 should be stable."""
    question = a_question("divergence")
    lowest, above = measured
    told = {"lambda_max": 2.0, "seeds": [0, 1], "first_loss": 1.0}
    conditions = [("sweep", "high", told | {"lr": above, "final_loss": 9.0})]
    if lowest:
        conditions.append(("sweep", "low", told | {"lr": lowest, "final_loss": 0.5}))
    if measured == (1.1, 1.2):
        conditions[1][2]["final_loss"] = 0.5
    if measured == (0.8, 0.9):
        conditions[0][2]["final_loss"] = 9.0
    tables, plots = exhibits(evidence_of(question, baseline(), *conditions))
    (table,) = tables
    assert table["rows"] == [[seed, 1.0, lowest, above, agrees] for seed in (0, 1)]
    (plot,) = plots
    (series,) = plot["series"]
    rates = sorted(r for r in measured if r)
    assert series["x"] == rates and series["y"][-1] == 1.0
    assert plot["verticals"][0]["x"] == 1.0
    assert (plot["x_scale"], plot["y_scale"]) == ("log", "linear")
    assert np.isfinite(series["y"]).all()


def test_architectures_are_compared_by_the_length_of_sequences():
    question = SCENARIOS["long_memory"]
    found = evidence_of(
        question,
        baseline(test_loss=[0.1, 0.2, 0.3], seeds=range(3)),
        ("fix", "gru", {"test_loss": [0.01, 0.02, 0.06], "seeds": range(3)}),
        ("fix", "lstm", {"test_loss": 0.01}),  # on one length: not drawn
        ("fix", "clipping", {"test_loss": 9.0}),  # of the baseline's architecture
        ("sweep", "elman_60", {"test_loss": [0.1, None, 0.4], "seeds": range(3)}),
        ("sweep", "gru_60", {"test_loss": 0.04, "seeds": range(3)}),
        ("sweep", "gru_10", {"status": "diverged", "seeds": range(3)}),
    )
    tables, plots = exhibits(found)
    (table,) = tables
    assert table["columns"] == ["Architecture", "10 steps", "30 steps", "60 steps"]
    assert table["rows"] == [
        ["Elman (the baseline)", None, "0.2 (0 of 3)", "0.4 (0 of 3)"],
        ["GRU", "diverged (0 of 3)", "0.02 (2 of 3)", "0.04 (3 of 3)"],
    ]
    (plot,) = plots
    first, second = plot["series"]
    assert (first["x"], first["y"]) == ([30, 60], [0.2, 0.4])
    assert (second["x"], second["y"]) == ([10, 30, 60], [None, 0.02, 0.04])


def test_no_lengths_are_compared_where_none_was_run():
    assert exhibits(evidence_of(SCENARIOS["long_memory"], baseline())) == ([], [])


def test_what_lacked_a_device_is_told_and_is_no_failure():
    losses = [2.0, 2.2, 1.9, 2.4, 2.1]
    about = {"status": "unavailable", "reason": "There is no GPU here."}
    lost = about | {"test_loss": [None] * 5}
    evidence = evidence_of(QUESTION, baseline(test_loss=losses), ("fix", "a", lost))
    found = a_result(evidence)
    (fix,) = (f for f in found["fixes"] if f["name"] == "a")
    assert found["failed_runs"] == []
    assert fix["verdict"] == "not measurable" and fix["status"] == {"unavailable": 5}
    assert fix["note"] == "5 of 5 runs were not measured: There is no GPU here."
