"""What is predicted beside what is measured, and a host that outlives failures."""

from dataclasses import replace

import pytest
from gradclinic.bench.execution import safety
from gradclinic.bench.execution.guarded import GuardedServer
from gradclinic.bench.execution.memory import WARM_UP, run_guarded
from gradclinic.bench.execution.record import Run
from gradclinic.bench.execution.task import Condition, Task
from gradclinic.bench.studies.evidence import BASELINE, Evidence
from gradclinic.bench.studies.exhibits.checkpoint_interval import exhibit as curve
from gradclinic.bench.studies.exhibits.memory_ledger import PARTS
from gradclinic.bench.studies.exhibits.memory_ledger import exhibit as ledger
from gradclinic.bench.studies.question import Question
from gradclinic.scenarios import SCENARIOS
from gradclinic.scenarios.memory_ledger import CHECKPOINTS, LAYERS, LEDGER

SCENARIO = SCENARIOS["memory_pressure"]
TIMES, TOLERANCE = 50, 0.05
guarded = pytest.mark.skipif(bool(safety.unsupported()), reason="no guarded trials")


@pytest.fixture(scope="module")
def server():
    with GuardedServer(warm_up=WARM_UP) as server:
        yield server


def run_of(fix, seed, server):
    """The run of a fix of the scenario, in a real child."""
    condition = Condition(
        SCENARIO.name, fix.name, "sweep", fix.treated(SCENARIO.baseline)
    )
    (run,) = run_guarded(Task(condition, (seed,), "guard"), server)
    return run


@guarded
@pytest.mark.exhaustive
@pytest.mark.parametrize("fix", (*LEDGER, *CHECKPOINTS), ids=lambda fix: fix.name)
def test_the_prediction_is_within_five_percent_of_the_peak(server, fix):
    values = run_of(fix, 3000, server).values
    ratio = values["predicted_bytes"] / values["peak_bytes"]
    print(f"{fix.name}: {values['peak_bytes'] / 1e6:.2f} MB, predicted x{ratio:.3f}")
    assert abs(ratio - 1) <= TOLERANCE


@guarded
@pytest.mark.exhaustive
def test_what_does_not_fit_fails_as_predicted_and_the_suite_survives(server):
    """Each failure is followed by a training of the same trial that has room."""
    task = Task(
        Condition(SCENARIO.name, BASELINE, BASELINE, SCENARIO.baseline),
        tuple(range(TIMES)),
        "guard",
    )
    runs, before = run_guarded(task, server), server._process.pid
    failed = [run for run in runs if run.status in ("MemoryError", "killed")]
    predicted = [r for r in failed if r.values["predicted_bytes"] > r.values["budget"]]
    survived = [run for run in failed if "peak_bytes" in run.values]
    print(f"{len(predicted)} of {TIMES} failed as predicted, {len(survived)} survived")
    assert len(predicted) == len(survived) == TIMES
    assert server._process.pid == before and server._process.poll() is None


def made(fix, role, **values):
    return Run(fix, SCENARIO.name, fix, role, 0, values=values)


def sizes(total, peak):
    parts = {f"predicted_{part}": total / len(PARTS) for part in PARTS}
    return {**parts, "predicted_bytes": total, "peak_bytes": peak}


def _of(words):
    """The name of what is measured under a label that ends so."""
    (fix, *_) = (f for f in (*LEDGER, *CHECKPOINTS) if f.label.endswith(words))
    return fix.name


def evidence(names):
    """A baseline of 12 MB, and of each name of the sweep one run."""
    runs = {(BASELINE, BASELINE): {0: made("baseline", BASELINE, **sizes(12e6, 12e6))}}
    for name, total, peak in names:
        found = made(name, "sweep", seconds=total / 1e6, **sizes(total, peak))
        runs["sweep", name] = {0: found}
    return Evidence(SCENARIO, runs)


def test_the_table_tells_settings_sizes_and_the_worst_prediction():
    names = [(_of("8-bit Adam"), 6e6, 6.3e6), (_of("bfloat16"), 9e6, 10e6)]
    names.append((_of("2 layers a segment"), 3e6, 3e6))
    (_, table), plots = ledger(evidence(names))
    assert plots == []
    columns = dict(zip(table["columns"], zip(*table["rows"], strict=True), strict=True))
    assert columns["Optimizer"] == ("8-bit Adam", "Adam", "Adam")
    assert columns["Hidden"] == ("2×768", "16×96", "16×96")
    assert columns["Rows"] == (256, 3072, 3072)
    assert columns["Stored as"] == ("float32", "bfloat16", "float32")
    assert columns["Segment"] == ("all", "all", 2)
    assert columns["Parameters"] == (1.0, 1.5, 0.5)
    assert columns["Predicted sum"] == (6.0, 9.0, 3.0)
    assert columns["Measured peak"] == (6.3, 10.0, 3.0)
    assert columns["Ratio"] == (0.952, 0.9, 1.0)
    assert "Of 3 predictions the worst is 10.0 % off" in table["sentence"]


def test_the_curve_is_over_the_interval_with_its_square_root():
    shown = (4, 1, LAYERS)
    names = [(_of(f"{k} layers a segment"), k * 1e6, k * 2e6) for k in shown]
    tables, (memory, seconds) = curve(evidence(names))
    assert tables == []
    measured, predicted = memory["series"]
    assert measured["x"] == predicted["x"] == [1, 4, LAYERS]
    assert measured["y"] == [2.0, 8.0, 34.0] and predicted["y"] == [1.0, 4.0, 17.0]
    assert seconds["series"][0]["y"] == [1.0, 4.0, 17.0]
    for plot in (memory, seconds):
        assert plot["verticals"][0]["x"] == pytest.approx(LAYERS**0.5)
    assert "least, within 1 %, is at 1;" in memory["sentence"]
    assert curve(evidence(names[:2])) == ([], [])


def test_other_scenarios_have_neither():
    other = replace(evidence([]), scenario=SCENARIOS["overfitting"])
    assert ledger(other) == curve(other) == ([], [])


def test_what_is_only_shown_runs_on_one_seed():
    question = Question(SCENARIO, (0, 1, 2), (3, 4), tuning=(9,))
    seeds = {t.condition.fix: t.seeds for t in question.tasks()}
    assert {seeds[fix.name] for fix in (*LEDGER, *CHECKPOINTS)} == {(0,)}
    assert seeds[BASELINE] == seeds["checkpointing"] == (0, 1, 2)
    further = question.extension({"checkpointing"})
    assert {t.condition.fix for t in further} == {BASELINE, "checkpointing"}


def test_what_is_trained_without_a_budget_has_its_ledger_too():
    other = SCENARIOS["overfitting"]
    fix = other.fixes[0]
    prices = {BASELINE: made(BASELINE, "price", **sizes(60e3, 75e3))}
    prices[fix.name] = made(fix.name, "price", **sizes(6e3, 10e3))
    prices[other.fixes[1].name] = made(other.fixes[1].name, "price")
    (table,), plots = ledger(Evidence(other, {}, prices=prices))
    assert plots == []
    assert [row[0] for row in table["rows"]] == ["Baseline", fix.label]
    assert [row[-3:] for row in table["rows"]] == [[60.0, 75.0, 0.8], [6.0, 10.0, 0.6]]
    assert {len(row) for row in table["rows"]} == {len(table["columns"])}


def test_the_intervals_are_all_of_the_deep_network():
    assert len(SCENARIO.baseline.hidden) + 1 == LAYERS
    trials = [fix.treated(SCENARIO.baseline) for fix in CHECKPOINTS]
    assert [t.memory.checkpoint for t in trials] == [*range(1, LAYERS + 1)]
    names = {fix.name for fix in (*LEDGER, *CHECKPOINTS)}
    assert len(names) == len(LEDGER) + len(CHECKPOINTS) >= 10
