"""Networks in files: compressed, written, read, judged and timed as they run."""

import json
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from gradclinic.bench.execution import deployment, pricing
from gradclinic.bench.execution.compression import COMPRESSIONS, compressions
from gradclinic.bench.execution.compression.distil import TEMPERATURE
from gradclinic.bench.execution.compression.retraining import Retraining
from gradclinic.bench.execution.data import split
from gradclinic.bench.execution.population import trained as trained_problem
from gradclinic.bench.execution.setting import setting
from gradclinic.bench.execution.task import Condition, Task, declared, key, named_by
from gradclinic.bench.execution.training import run_training
from gradclinic.bench.studies.diagnose.remedies import remedies
from gradclinic.bench.studies.exhibits import compressed_files
from gradclinic.kernels import load_network, mlp, train
from gradclinic.reports.trial_words import trial_words
from gradclinic.scenarios import (
    SCENARIOS,
    Dataset,
    Deployment,
    MemoryPlan,
    Trial,
    layer,
)
from gradclinic.scenarios.problems import PROBLEMS
from scipy.special import softmax

from .made_runs import baseline, evidence_of

SCENARIO = SCENARIOS["large_model"]
QUESTIONS = (SCENARIO, *SCENARIO.parts)
FIXES = {fix.name: fix for fix in SCENARIO.fixes}
SMALL = Trial(
    Dataset("digits", 200, 60, 80, transforms=(("min_max", 0),)),
    hidden=(24, 16),
    lr=0.01,
    epochs=4,
    deployment=Deployment(budget=5000),
)


def compressed(trial=SMALL, fine_tuning=2, **plan):
    plan = {"fine_tuning": fine_tuning, **plan}
    return replace(trial, deployment=replace(trial.deployment, **plan))


def a_task(trial, name="f", seeds=(0, 1), kind="train"):
    return Task(Condition("s", name, "fix", trial), seeds, kind)


@cache
def values(trial):
    return [run.values for run in run_training(a_task(trial), 1)]


def test_int8_is_within_a_point_at_a_quarter_of_the_bytes():
    start = SCENARIO.baseline
    plain = values(start)
    for name in ("int8_tensor", "int8_channel"):
        for before, after in zip(
            plain, values(FIXES[name].treated(start)), strict=True
        ):
            assert abs(after["test_metric"] - before["test_metric"]) < 0.01
            assert after["file_bytes"] < 0.28 * before["file_bytes"]
            assert after["file_bytes"] < start.deployment.budget < before["file_bytes"]
            assert after["prediction_bytes"] < before["prediction_bytes"]


@pytest.mark.parametrize("name", sorted(FIXES))
def test_every_compression_makes_the_file_smaller(name):
    fix = FIXES[name]
    trial = fix.treated(SMALL, None if fix.doses is None else fix.doses.values[2])
    for before, after in zip(values(SMALL), values(trial), strict=True):
        assert after["file_bytes"] < 0.8 * before["file_bytes"]
        assert 0 < after["test_metric"] <= 1
        assert after["file_budget"] == 5000


def test_zeros_that_are_stored_save_nothing():
    dense = SCENARIO.controls.wrong_mechanism.treated(SMALL)
    for before, after in zip(values(SMALL), values(dense), strict=True):
        assert after["file_bytes"] == before["file_bytes"]
        assert after["test_metric"] != before["test_metric"]


def test_a_file_without_compression_is_the_network():
    alone = run_training(a_task(replace(SMALL, deployment=None)), 1)
    for before, after in zip(alone, values(SMALL), strict=True):
        same = {"val_loss", "test_loss", "test_metric", "train_metric", "epochs"}
        assert {k: before.values[k] for k in same} == {k: after[k] for k in same}
        assert after["file_bytes"] > 4 * after["stored_parameters"]


def retraining(trial, seed=0):
    return Retraining(trial, split(trial.data, seed), seed, 1)


def start_of(trial):
    net, params, _ = setting(trial, split(trial.data, 0), 0)
    return net, params


def test_pruned_weights_are_zero_in_the_file(tmp_path):
    trial = compressed(compression=(("prune", 0.75),), sparse=True)
    net, params = start_of(trial)
    _, found = deployment.compact(retraining(trial), net, params)
    model = deployment.from_file(trial, net, found)
    weights = sum(i * o for _, i, o in net.matrices.tolist())
    for all_values in (found, model.params):
        zeros = sum(
            (all_values[start : start + i * o] == 0).sum()
            for start, i, o in net.matrices.tolist()
        )
        assert zeros == pytest.approx(0.75 * weights, abs=1)


def test_several_are_applied_in_their_own_order():
    pairs = (("prune", 0.5), ("distil", 8.0), ("low_rank", 2.0), ("prune_units", 0.5))
    trial = compressed(compression=tuple(sorted(pairs)))
    order = [name for name, _ in compressions(trial)]
    assert order == ["distil", "prune_units", "low_rank", "prune"]
    net, params = deployment.compact(retraining(trial), *start_of(trial))
    assert [node.outputs for node in net.nodes] == [2, 4, 4, 2, 10]
    assert np.isfinite(params).all()
    assert [name for name, _ in compressions(replace(SMALL, deployment=None))] == []


def test_fixes_can_be_applied_in_any_order():
    for one in FIXES.values():
        for two in FIXES.values():
            if one.family != two.family:
                both = one.treated(two.treated(SMALL))
                assert both == two.treated(one.treated(SMALL))


def test_a_student_learns_the_softened_answers():
    """Its cross-entropy to the teacher's answers falls; its logits are not divided."""
    trial = replace(SMALL, epochs=30, lr=0.01)
    net, params = start_of(trial)
    rows = split(trial.data, 0)
    train(net, params, rows.x_seen, rows.y_seen, lr=0.01, epochs=10)
    plan = compressed(trial, compression=(("distil", 12.0),))
    student, own = deployment.compact(retraining(plan, 0), net, params)
    assert [node.outputs for node in student.nodes] == [12, 12, 10]
    assert student.loss == "cross_entropy"
    answers, found = (
        softmax(n.predict(p, rows.x_train) / TEMPERATURE, axis=1)
        for n, p in ((net, params), (student, own))
    )
    assert np.abs(found - answers).mean() < 0.02
    assert np.abs(answers - 0.1).mean() > 0.05


def test_a_student_of_real_targets_learns_the_outputs():
    data = Dataset("diabetes", 200, 60, 80, transforms=(("standardise", 0),))
    trial = replace(SMALL, data=data, loss="mse", lr=0.003)
    (found, *_) = values(compressed(trial, compression=(("distil", 8.0),)))
    assert np.isfinite(found["test_loss"])


def test_a_loss_without_soft_targets_is_refused():
    trial = replace(SMALL, data=Dataset("breast_cancer", 200, 60, 80), loss="hinge")
    with pytest.raises(ValueError, match="distillation needs outputs"):
        run_training(a_task(compressed(trial, compression=(("distil", 8.0),))), 1)


def test_an_unknown_compression_is_refused():
    with pytest.raises(ValueError, match="unknown compression 'zip'; there are distil"):
        run_training(a_task(compressed(compression=(("zip", 1.0),))), 1)
    assert {*COMPRESSIONS} == {"distil", "low_rank", "prune", "prune_units"}


@pytest.mark.parametrize(
    "change",
    [
        {"members": 2},
        {"engine": "numpy"},
        {"memory": MemoryPlan(budget=10**6)},
        {"hidden": (), "layers": (layer("Dense", outputs=3),)},
    ],
)
def test_what_cannot_be_a_file_is_refused_where_it_is_declared(change):
    with pytest.raises(ValueError, match="a Trial with a deployment trains one"):
        replace(SMALL, **change)


def test_where_networks_are_not_written_they_are_refused(monkeypatch):
    problem = replace(PROBLEMS["wine"], trial=replace(SMALL, data=Dataset("wine")))
    with pytest.raises(ValueError, match="set deployment=None in problem 'wine'"):
        trained_problem(problem, None, "fresh", {}, 1)
    base = replace(SMALL, deployment=None)
    names = {r.name for r in remedies(base, 64, {"overfitting", "memory_pressure"})}
    assert names and not names & {*FIXES}


def test_stored_runs_without_a_file_keep_their_keys():
    plain = Condition("s", "f", "fix", replace(SMALL, deployment=None))
    assert "deployment" not in declared(plain.trial)
    assert declared(SMALL)["deployment"]["budget"] == 5000
    others = (SMALL, compressed(numbers="int8"), compressed(sparse=True))
    keys = {key(replace(plain, trial=trial), 0, "train") for trial in others}
    assert len({key(plain, 0, "train"), *keys}) == 4
    pruned = named_by(compressed(compression=(("prune", 0.5),)))
    assert {("compression", f) for f in ("file", "magnitude", "zeros")} <= {*pruned}


def test_a_prediction_is_timed_by_what_was_read(monkeypatch):
    """Networks that share their training share its time."""
    seconds = iter(range(10**6))
    monkeypatch.setattr(
        pricing, "timed", lambda call, _: call() or 1e-3 * next(seconds)
    )
    monkeypatch.setattr(pricing, "steps_per_sample", lambda call: 2)
    trials = {
        "baseline": SMALL,
        "int8": compressed(numbers="int8", fine_tuning=0),
        "pruned": compressed(compression=(("prune", 0.5),), sparse=True),
        "student": compressed(compression=(("distil", 4.0),), fine_tuning=0),
    }
    asked = []
    real = pricing.answer
    monkeypatch.setattr(
        pricing,
        "answer",
        lambda m, x: asked.append((type(m).__name__, len(x))) or real(m, x),
    )
    tasks = [a_task(trial, name, (0,), "price") for name, trial in trials.items()]
    runs = {run.fix: run for run in pricing.run_pricing(tasks)}
    assert (
        runs["int8"].curves["seconds_per_epoch"]
        == (runs["baseline"].curves["seconds_per_epoch"])
    )
    for run in runs.values():
        assert len(run.curves["seconds_per_prediction"]) == pricing.ROUNDS
    passes = {name: run.values["tuning_epochs"] for name, run in runs.items()}
    assert passes == {"baseline": 0, "int8": 0, "pruned": 2, "student": 4}
    assert "seconds_per_tuning_epoch" in runs["student"].values
    assert "seconds_per_tuning_epoch" not in runs["int8"].values
    kinds = ("LoadedNetwork", "QuantisedNetwork")
    counts = {kind: asked.count((kind, 80)) for kind in kinds}
    assert counts == {kinds[0]: 3 * 2 * pricing.ROUNDS, kinds[1]: 2 * pricing.ROUNDS}


def priced(name, seconds):
    run = a_task(SMALL, name, (0,), "price").run(
        0,
        values={"seconds_per_prediction": seconds[0]},
        curves={"seconds_per_prediction": seconds},
    )
    signs = {"steal": 0.0, "others": 0.0, "cores": 2, "drift": 0.0}
    return replace(run, values=run.values | {f"host_{k}": v for k, v in signs.items()})


def found_evidence(noise=None, **changes):
    sizes = {"file_budget": 32_000, "prediction_bytes": 7e5}
    files = {"float16_file": 5e4, "int8_channel": 3e4, "magnitude_pruning": 3e4}
    fixes = tuple(
        FIXES[name].at(0.8) if FIXES[name].doses else FIXES[name] for name in files
    )
    evidence = evidence_of(
        replace(SCENARIO, fixes=fixes, parts=()),
        baseline(file_bytes=1e5, **sizes),
        *(("fix", name, {"file_bytes": b, **sizes}) for name, b in files.items()),
        ("wrong_mechanism", "pruned_but_dense", {"file_bytes": 1e5, **sizes}),
    )
    seconds = [1e-3, 1.1e-3, 1e-3, 1.05e-3]
    prices = {name: priced(name, seconds) for name in ("baseline", *files)}
    slow = [2 * s for s in seconds]
    prices |= {"int8_channel": priced("int8_channel", slow)}
    if noise:
        prices = {
            name: replace(run, values=run.values | noise)
            for name, run in prices.items()
        }
    return replace(evidence, prices=prices)


def test_a_page_says_what_is_not_saved_and_why():
    (table,), (plot,) = compressed_files.exhibit(found_evidence())
    rows = {row[0]: row for row in table["rows"]}
    assert rows["Baseline"][1:] == [70.0, 100.0, None, 700, 1000, None, ""]
    said = {label: row[-1] for label, row in rows.items()}
    assert "No memory: 16 bits are widened" in said[FIXES["float16_file"].label]
    assert "It takes longer: each row is rounded" in said[FIXES["int8_channel"].label]
    assert rows[FIXES["int8_channel"].label][6] == "×2.00 (2.00 to 2.00)"
    pruned = said[FIXES["magnitude_pruning"].label]
    assert "No time: the kernel is dense, and multiplies the zeros too." in pruned
    dense = said[SCENARIO.controls.wrong_mechanism.label]
    assert "No bytes of the file: zeros in a dense matrix are stored too." in dense
    assert plot["verticals"] == [{"label": "budget, kB", "x": 32.0}]
    lines = {s["label"]: (s["x"], s["y"]) for s in plot["series"]}
    assert lines["16 and 8 bits"][0] == [30.0, 50.0]
    assert lines["The baseline"] == ([100.0], [pytest.approx(30.0)])
    json.dumps([table, plot], allow_nan=False)


def test_no_time_is_told_where_other_work_went_on():
    (table,), _ = compressed_files.exhibit(found_evidence({"host_others": 1.9}))
    assert all(row[5] is None and row[6] is None for row in table["rows"])
    assert "the host was noisy" in table["sentence"]


def test_times_that_were_stolen_make_the_intervals_wider():
    (table,), _ = compressed_files.exhibit(found_evidence({"host_steal": 0.2}))
    rows = {row[0]: row for row in table["rows"]}
    assert rows[FIXES["int8_channel"].label][6] == "×2.00 (1.60 to 2.50)"
    assert "a factor of 1.25 out for the host's noise" in table["sentence"]


def test_nothing_is_shown_where_no_file_is_written():
    other = evidence_of(SCENARIOS["long_memory"], baseline())
    assert compressed_files.exhibit(other) == ([], [])


def test_a_deployment_is_told_in_words():
    words = trial_words(compressed(compression=(("prune", 0.5),), numbers="int8"))
    assert words["File budget"] == "5 kB"
    assert words["Compression"] == "prune 0.5, then trained for 2 epochs"
    assert words["File holds"] == "int8"


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.name)
def test_the_baseline_is_too_large_and_int8_is_not(question):
    net = mlp(
        [64 if "images" not in question.name else 784, *question.baseline.hidden, 10]
    )
    budget = question.baseline.deployment.budget
    assert 4 * net.n_params > 2.5 * budget
    assert 1.02 * net.n_params < budget


def test_a_network_in_memory_is_what_is_measured(tmp_path):
    trial = compressed()
    net, params = start_of(trial)
    path = tmp_path / "n"
    deployment.save_network(path, net, params)
    x = deployment.sample_of(split(trial.data, 0))
    peak = deployment.peak_of(path, x)
    assert params.nbytes < peak < 100 * params.nbytes
    assert deployment.peak_of(path, x) == pytest.approx(peak, rel=0.05)
    assert load_network(path).predict(x).shape == (80, 10)
