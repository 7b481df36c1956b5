"""What the page on slow training shows beside its verdicts, from made-up runs."""

import json
from dataclasses import asdict
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from gradclinic import bench
from gradclinic.bench.execution.record import Run
from gradclinic.bench.studies.evidence import Evidence, conditions
from gradclinic.bench.studies.exhibits import exhibits
from gradclinic.reports.figures import _DRAWN
from gradclinic.scenarios import SCENARIOS

SCHEMA = json.loads(
    (Path(bench.__file__).parent / "schemas" / "scenario.json").read_text()
)
SLOW = SCENARIOS["slow_training"]
(SECONDS,) = (p for p in SLOW.parts if p.name.endswith(".seconds"))
SEEDS = range(6)
LEAST, CRITICAL = 100.0, 64.0


def a_run(condition, seed, **fields):
    about = condition.scenario, condition.fix, condition.role, seed
    return Run("k", *about, trial=asdict(condition.trial), **fields)


def straight(passes, target):
    """Validation losses that fall by a straight line through the target."""
    epochs = np.arange(1, 251)
    loss = target + (passes - epochs) * 0.01
    return {"epoch": epochs.tolist(), "val_loss": loss.tolist()}


def swept():
    """Batch sizes that follow the law, and a noise scale of 50 rows."""
    runs, prices = {}, {}
    for condition in conditions(SLOW):
        trial = condition.trial
        if condition.role != "sweep" or trial.optimizer != "sgd":
            continue
        steps = LEAST * (1 + CRITICAL / trial.batch_size)
        passes = steps * trial.batch_size / trial.data.rows
        values = {"noise_scale": 50.0} if trial.batch_size == 32 else {}
        runs["sweep", condition.fix] = {
            s: a_run(condition, s, values=values, curves=straight(passes, trial.target))
            for s in SEEDS
        }
        timed = {"seconds_per_epoch": 0.001}
        prices[condition.fix] = a_run(condition, 0, values=timed)
    return Evidence(SLOW, runs, prices=prices)


def timed():
    """A step that four threads take in half the time, and networks at once."""
    runs = {}
    for condition in conditions(SECONDS):
        engine, precision = condition.trial.engine, condition.trial.precision
        if engine == "cuda":
            about = {"status": "unavailable", "reason": "There is no GPU."}
            runs[condition.role, condition.fix] = {
                s: a_run(condition, s, **about) for s in SEEDS
            }
            continue
        curves = {}
        if engine == "numba_parallel":
            curves = {"threads": [1, 4], "seconds_by_threads": [0.004, 0.002]}
        if engine == "population":
            curves = {"networks": [1, 16], "seconds_by_networks": [0.002, 0.001]}
        seconds = 0.004 if precision == "float64" else 0.002
        values = {
            "seconds_per_step": seconds,
            "steps_per_second": 1 / seconds,
            "disagreement": 1e-7,
        }
        runs[condition.role, condition.fix] = {
            s: a_run(condition, s, values=values, curves=curves) for s in SEEDS
        }
    return Evidence(SECONDS, runs)


@pytest.fixture(scope="module")
def shown():
    """{title: table or plot} of both questions."""
    found = [exhibits(swept()), exhibits(timed())]
    return {each["title"]: each for pair in found for part in pair for each in part}


def test_the_critical_batch_size_stands_beside_the_noise_scale(shown):
    rows = shown["The critical batch size beside the gradient noise scale"]["rows"]
    told = {row[0]: row[1] for row in rows}
    assert told["Critical batch size, of the fit"] == pytest.approx(CRITICAL, rel=0.01)
    assert told["Gradient noise scale on the whole way to the target"] == 50
    assert told["Steps that no batch saves, S_min"] == pytest.approx(LEAST, rel=0.01)
    plot = shown["Steps and passes to the target by rows a step"]
    marks = {mark["label"]: mark["x"] for mark in plot["verticals"]}
    assert marks["critical batch size"] == pytest.approx(CRITICAL, rel=0.01)
    assert marks["noise scale"] == 50
    drawn = {series["label"]: series for series in plot["series"]}
    assert drawn["steps"]["x"] == [4, 8, 16, 32, 64, 128, 256, 512]
    assert drawn["steps"]["y"][4] == pytest.approx(200, abs=1)
    assert drawn["passes"]["y"][4] == pytest.approx(25, abs=0.1)


def test_a_noise_without_signal_is_infinite():
    evidence = swept()
    runs = evidence.runs["sweep", "batch_32"]
    for seed in (0, 1, 2, 3):
        runs[seed].values["noise_scale"] = None
    tables, (plot,) = exhibits(evidence)
    (table,) = (t for t in tables if "noise scale" in t["title"])
    row = next(r for r in table["rows"] if r[0].startswith("Gradient noise"))
    assert row[1] == "infinite"
    assert [mark["label"] for mark in plot["verticals"]] == ["critical batch size"]


def test_steps_passes_and_seconds_are_told_of_each_size(shown):
    table = shown["Batch size: steps, passes and seconds to the target"]
    by_size = {row[0]: row[2:] for row in table["rows"]}
    assert list(by_size) == [4, 8, 16, 32, 64, 128, 256, 512]
    steps, passes, milliseconds = by_size[64]
    assert steps == pytest.approx(200, abs=1) and passes == pytest.approx(25, abs=0.1)
    assert milliseconds == pytest.approx(25, abs=0.1)


def test_a_warm_start_tells_what_it_took_before():
    runs = {}
    for condition in conditions(SLOW):
        first = 12.5 if condition.trial.warm_start else None
        if first or condition.role == "baseline":
            values = {"evaluations_to_target": 80.0}
            values |= {"earlier_passes": first} if first else {}
            runs[condition.role, condition.fix] = {
                s: a_run(condition, s, values=values) for s in SEEDS
            }
    tables, _ = exhibits(Evidence(SLOW, runs))
    (table,) = (t for t in tables if t["title"].startswith("Warm starts"))
    assert table["rows"][0] == ["Baseline", 0, 80, 80]
    assert [row[1:] for row in table["rows"][1:]] == [[12.5, 67.5, 80]] * 2


def test_threads_stand_beside_the_ideal(shown):
    plot = shown["Threads: times as fast as one"]
    assert plot["sentence"].startswith("4 cores are usable here.")
    small, large, ideal = plot["series"]
    assert small["y"] == large["y"] == [1.0, 2.0] and ideal["y"] == [1, 4]
    assert small["label"] == "32 rows a step, 32 units"


def test_a_population_stands_beside_a_loop(shown):
    plot = shown["Networks at once: time of one network's step"]
    together, alone = plot["series"]
    np.testing.assert_allclose(together["y"], [2000, 1000])
    np.testing.assert_allclose(alone["y"], [2000, 2000])


def test_lower_precision_is_told_by_its_ratio(shown):
    table = shown["Lower precision: the time of a step by its numbers"]
    assert len(table["rows"]) == 6
    assert {(row[1], row[3]) for row in table["rows"]} >= {("float64", 1)}
    assert [row[3] for row in table["rows"] if row[1] == "float32"] == [0.5, 0.5]


def test_an_engine_without_its_device_has_no_row_of_times(shown):
    rows = shown["The same step, computed differently"]["rows"]
    assert not any("GPU" in row[0] for row in rows)


def test_every_plot_is_told_by_the_schema_and_drawn(shown):
    for plot in (each for each in shown.values() if "kind" in each):
        told = {"$defs": SCHEMA["$defs"], "$ref": f"#/$defs/{plot['kind']}"}
        jsonschema.validate(plot | {"command": "c"}, told)
        draw, describe = _DRAWN[plot["kind"]]
        assert draw(plot).axes and len(describe(plot)) > 40
