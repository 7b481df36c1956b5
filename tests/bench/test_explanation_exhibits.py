"""What the page on interpretability shows beside its verdicts, from a few runs."""

import json
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from gradclinic import bench
from gradclinic.bench.execution.task import Condition, Task
from gradclinic.bench.execution.training import run_training
from gradclinic.bench.studies.evidence import Evidence
from gradclinic.bench.studies.exhibits import exhibits
from gradclinic.reports.figures import _DRAWN
from gradclinic.scenarios import SCENARIOS

SCHEMA = json.loads(
    (Path(bench.__file__).parent / "schemas" / "scenario.json").read_text()
)
SEEDS = (0, 1, 2)


def evidence_of(question):
    """The runs of the baseline, and of two ways to explain the same network."""
    fixes = [f for f in question.fixes if f.name in ("permutation", "saliency")]
    trials = {("baseline", "baseline"): question.baseline}
    trials |= {("fix", f.name): f.treated(question.baseline) for f in fixes}
    runs = {}
    for (role, name), trial in trials.items():
        condition = Condition(question.name, name, role, trial)
        found = run_training(Task(condition, SEEDS, "train"), 1)
        runs[role, name] = {run.seed: run for run in found}
    return Evidence(question, runs)


@pytest.fixture(scope="module")
def shown():
    """{title: table or plot} of the scenario and of its digits."""
    scenario = SCENARIOS["poor_interpretability"]
    digits = next(p for p in scenario.parts if p.name.endswith(".digits"))
    found = {}
    for question in (scenario, digits):
        tables, plots = exhibits(evidence_of(question))
        found[question.name] = {each["title"]: each for each in (*tables, *plots)}
    return found


def plots(shown):
    return [p for each in shown.values() for p in each.values() if "kind" in p]


def test_every_plot_is_told_by_the_schema_and_drawn(shown):
    assert {plot["kind"] for plot in plots(shown)} == {"line", "squares", "points"}
    for plot in plots(shown):
        told = {"$defs": SCHEMA["$defs"], "$ref": f"#/$defs/{plot['kind']}"}
        jsonschema.validate(plot | {"command": "c"}, told)
        draw, describe = _DRAWN[plot["kind"]]
        assert draw(plot).axes and plot["title"][:9] and len(describe(plot)) > 40
        assert all(len(panel["label"]) < 16 for panel in plot.get("panels", ()))


def test_a_better_order_loses_accuracy_earlier(shown):
    plot = shown["poor_interpretability"]["What is lost as inputs are taken away"]
    weights, permutation = plot["series"]
    assert weights["label"].startswith("First-layer weights")
    assert weights["y"][0] == permutation["y"][0]
    assert np.trapezoid(permutation["y"]) < np.trapezoid(weights["y"])
    assert all(
        low <= mid <= high
        for low, mid, high in zip(
            weights["low"], weights["y"], weights["high"], strict=True
        )
    )


def test_seeds_of_the_same_columns_are_compared(shown):
    table = shown["poor_interpretability.digits"]["Do two seeds name the same inputs?"]
    assert [row[3] for row in table["rows"]] == [3] * 3
    assert all(-1 <= row[2] <= row[1] <= 1 for row in table["rows"])
    assert not any("two seeds" in title for title in shown["poor_interpretability"])


def test_gradients_forget_what_was_not_learnt(shown):
    """Adebayo et al. (2018): gradient times input keeps the image."""
    name = "An explanation must change with the network"
    plot = shown["poor_interpretability.digits"][name]
    by_label = {s["label"]: s["y"] for s in plot["series"]}
    assert all(y[0] == 1 for y in by_label.values())
    assert abs(by_label["Saliency (gradient)"][-1]) < 0.3
    assert by_label["Gradient times input"][-1] > 0.5


def test_a_larger_tree_speaks_for_more_of_the_network(shown):
    name = "How large a tree must be to speak for the network"
    for found in shown.values():
        answers = found[name]["series"][0]
        assert answers["x"] == sorted(answers["x"])
        assert answers["y"][-1] > answers["y"][0]


def test_the_images_that_classes_ask_for_are_images(shown):
    plot = shown["poor_interpretability.digits"]["The image that a class asks for"]
    assert [panel["label"] for panel in plot["panels"]] == list("0123456789")
    values = np.array([panel["values"] for panel in plot["panels"]])
    assert values.shape == (10, 8, 8) and 0 <= values.min() < values.max() <= 1


def test_other_scenarios_have_none_of_this():
    question = SCENARIOS["overfitting"]
    assert exhibits(Evidence(question, {})) == ([], [])


def test_points_are_written_as_their_class():
    panel = {"label": "PCA", "x": [0.0, 1.0, 2.0], "y": [1.0, 0.0, 1.0]}
    picture = {"title": "t", "panels": [panel], "classes": [3, 0, 3]}
    draw, describe = _DRAWN["points"]
    (axes,) = draw(picture).axes
    assert [text.get_text() for text in axes.texts] == ["3", "0", "3"]
    low, high = axes.get_xlim()
    assert low < 0 < 2 < high
    assert "3 points of 2 classes" in describe(picture)


def test_a_line_has_a_band_where_it_is_given_one():
    series = [
        {"label": "a", "x": [0, 1], "y": [1.0, 2.0], "low": [0.5, 1], "high": [2, 3]},
        {"label": "b", "x": [0, 1], "y": [1.0, 2.0]},
    ]
    plot = {"series": series, "x_label": "x", "y_label": "y"}
    plot |= {"x_scale": "linear", "y_scale": "linear"}
    (axes,) = _DRAWN["line"][0](plot).axes
    assert len(axes.collections) == 1
