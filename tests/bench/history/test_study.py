"""The study of seven decades: what is declared, trained, summed up and handed on."""

import math

import pytest
from gradclinic.bench.schemas import faults
from gradclinic.bench.studies.history import plots, study, training
from gradclinic.bench.studies.history.systems import SYSTEMS
from gradclinic.bench.studies.history.tasks import TASKS
from gradclinic.reports.files import finite
from gradclinic.scenarios.data import load

SETTINGS = study.HistorySettings(("xor",), seeds=2, master=3, threads=2)
OWN = {"threshold", "perceptron"}


def quiet(done, total, text):
    assert 0 <= done < total and text


@pytest.fixture(scope="module")
def content():
    return finite(study.history(SETTINGS, "gradclinic history --task xor", quiet))


def test_systems_are_in_the_order_of_their_years():
    years = [int(system.year) for system in SYSTEMS.values()]
    assert years == sorted(years) and (years[0], years[-1]) == (1943, 2017)
    for name, system in SYSTEMS.items():
        assert system.name == name and set(system.tasks) <= set(TASKS)
        assert bool(system.own) == (name in OWN)
        assert system.idea.endswith(".") and system.mended.endswith(".")


@pytest.mark.parametrize("name", TASKS)
def test_a_task_has_the_rows_it_says(name):
    task = TASKS[name]
    rows = load(task.data, 0)
    assert len(rows.x_test) == task.data.test > 0
    assert rows.x_train.shape == (task.data.rows, math.prod(task.shape))
    assert sum(name in system.tasks for system in SYSTEMS.values()) > 2
    known = {n for n, system in SYSTEMS.items() if name in system.tasks}
    assert set(dict(task.published)) <= known
    assert bool(task.family) == (task.length is not None)


def test_every_trial_reads_its_tasks_rows_and_fits_its_measure():
    for system in SYSTEMS.values():
        for name, trial in system.trials.items():
            assert trial.data == TASKS[name].data
            numbers = math.prod(TASKS[name].shape)
            assert math.prod(trial.shape or (numbers,)) == numbers
            assert (trial.loss == "mse") == (TASKS[name].measure == "mse")


def test_the_content_is_what_its_schema_says(content):
    assert list(faults(content, "history")) == []
    assert [s["name"] for s in content["systems"]] == [
        "threshold",
        "perceptron",
        "logistic",
        "mlp",
    ]
    assert content["settings"] == {"quick": False, "seed": 3}


def test_hidden_units_solve_xor_and_one_plane_does_not(content):
    reached = {s["name"]: s["results"][0] for s in content["systems"]}
    assert reached["threshold"]["values"] == [1, 1]
    assert reached["threshold"]["parameters"] == 9
    assert reached["mlp"]["mean"] == 1
    for name in ("perceptron", "logistic"):
        assert max(reached[name]["values"]) < 0.8
    assert reached["mlp"]["curve"][-1] < reached["mlp"]["curve"][0]
    assert not reached["perceptron"]["curve"]


def test_a_run_repeats_itself_but_for_its_seconds():
    runs = [training.measured(SYSTEMS["mlp"], "xor", 5) for _ in range(2)]
    for run in runs:
        assert run.pop("seconds") > 0
    assert runs[0] == runs[1]


def test_seeds_of_one_data_set_get_the_wider_interval():
    runs = [
        {"value": v, "parameters": 1, "seconds": s, "status": "ok", "curve": [v]}
        for v, s in ((0.9, 1.0), (1.0, 5.0), (0.95, 2.0))
    ]
    redrawn, split = study.result("mnist1d", runs), study.result("digits", runs)
    assert redrawn["mean"] == split["mean"] == pytest.approx(0.95)
    assert redrawn["seconds"] == 2 and redrawn["curve"] == [0.9]
    half = [r["high"] - r["mean"] for r in (redrawn, split)]
    assert half[0] == pytest.approx(4.3027 * 0.05 / math.sqrt(3), rel=1e-3)
    assert half[1] == pytest.approx(half[0] * math.sqrt(1 + 3 * 450 / 1200), rel=1e-6)


def test_a_run_that_diverged_leaves_no_mean():
    runs = [
        {"value": v, "parameters": 1, "seconds": 1.0, "status": "ok", "curve": []}
        for v in (0.1, math.nan)
    ]
    found = study.result("adding", runs)
    assert found["mean"] is None and found["high"] is None
    assert found["values"] == [0.1, None]


def test_learning_curves_are_of_the_recurrences_on_adding_alone():
    found = {
        ("elman", "adding"): {"curve": [0.2, 0.1]},
        ("mlp", "adding"): {"curve": [0.3]},
        ("lstm", "digits"): {"curve": [0.4]},
    }
    (series,) = plots.learning_curves(found)["series"]
    assert (series["x"], series["y"]) == ([1, 2], [0.2, 0.1])
    assert series["label"] == SYSTEMS["elman"].title
    assert plots.learning_curves({}) is None


def result_of(mean):
    return {"mean": mean, "curve": []}


def test_recall_is_by_length_and_of_the_copy_task_alone():
    found = {
        ("lstm", "copying_20"): result_of(0.25),
        ("lstm", "copying_10"): result_of(0.5),
        ("lstm", "digits"): result_of(0.9),
        ("gru", "copying_10"): result_of(None),
    }
    (series,) = plots.recalled(found)["series"]
    assert (series["x"], series["y"]) == ([10, 20], [50, 25])
    assert series["label"] == SYSTEMS["lstm"].title
    assert plots.recalled({}) is None


def test_a_task_has_its_own_number_of_seeds_unless_they_are_asked_for():
    usual, asked = study.HistorySettings(master=2), study.HistorySettings(seeds=4)
    assert usual.seeds_of("gru", "mnist1d") == range(2000, 2010)
    assert len(usual.seeds_of("lstm", "mnist1d")) == study.FEW
    assert len(usual.seeds_of("mlp", "xor")) == 5
    assert len(asked.seeds_of("gru", "mnist1d")) == 4
    assert len(study.HistorySettings(quick=True).seeds_of("gru", "mnist1d")) == 2


def test_the_command_says_what_was_typed():
    settings = study.HistorySettings(master=4, quick=True, seeds=7)
    said = study.command_line(settings, ("xor", "adding"))
    assert said == (
        "gradclinic history --quick --task xor --task adding --seeds 7 --seed 4"
    )
