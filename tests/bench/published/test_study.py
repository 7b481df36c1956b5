"""Published results: what is declared, how a figure is judged, what is handed on."""

from math import inf

import numpy as np
import pytest
from gradclinic.bench.schemas import faults
from gradclinic.bench.studies.published import PUBLISHED, study
from gradclinic.bench.studies.published.reproduction import NEVER, Figure, summary
from gradclinic.bench.studies.published.results.double_descent import exact, risk
from gradclinic.bench.studies.published.results.sparse_parity import first
from gradclinic.reports.files import finite

QUICKEST = ("breast_cancer", "convergence_rates", "learning_strategies", "spiral")


def quiet(done, total, text):
    assert 0 <= done < total and text


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_result_says_what_it_is_and_where_from(name):
    result = PUBLISHED[name]
    assert result.name == name and result.seeds > result.quick > 0
    assert result.setup.endswith(".") and result.remark.endswith(".")
    assert "(" in result.source or "notes" in result.source
    assert len({figure.name for figure in result.figures}) == len(result.figures) > 0
    for figure in result.figures:
        assert figure.low <= figure.high and 0 <= figure.slack <= 0.25
        assert figure.middle == "median" or NEVER not in (figure.low, figure.high)
        assert bool(figure.claim) == (name == "grokking")


@pytest.mark.parametrize(
    "name",
    [
        name if name in QUICKEST else pytest.param(name, marks=pytest.mark.exhaustive)
        for name in PUBLISHED
    ],
)
def test_one_seed_comes_to_what_was_published(name):
    found = PUBLISHED[name].measure(0)
    for figure in PUBLISHED[name].figures:
        # One seed has more spread than the mean that the page shows.
        low, high = 0.8 * figure.low, 1.2 * figure.high
        assert low <= found[figure.name] <= high, figure.label


@pytest.mark.parametrize(
    ("figure", "value", "holds"),
    [
        (Figure("a", "a", 1.0, 1.0), 1.0, True),
        (Figure("a", "a", 1.0, 1.0), 1.01, False),
        (Figure("a", "a", 1.0, 2.0, 0.1), 0.91, True),
        (Figure("a", "a", 1.0, 2.0, 0.1), 2.21, False),
        (Figure("a", "a", NEVER, NEVER), inf, True),
        (Figure("a", "a", NEVER, NEVER), 3000.0, False),
        (Figure("a", "a", 1.0, 3000.0), inf, False),
    ],
)
def test_a_value_is_met_within_the_range_and_its_slack(figure, value, holds):
    assert figure.holds(value) == holds


def test_what_never_comes_has_no_mean_but_a_median():
    values = np.array([5.0, inf, inf, 7.0, 9.0])
    told = summary(Figure("a", "a", 9, 9, middle="median"), values)
    assert (told["value"], told["low"], told["high"]) == (9.0, 5.0, None)
    assert told["values"] == [5.0, None, None, 7.0, 9.0] and told["holds"]
    told = summary(Figure("a", "a", 9, 9), values)
    assert told["value"] is None and not told["holds"]


def test_the_first_that_holds_is_counted_from_one():
    assert first(np.array([False, False, True, False])) == 3.0
    assert first(np.array([False, False])) == NEVER


@pytest.mark.parametrize("columns", [50, 120])
def test_a_trained_unit_ends_at_the_solution_of_least_norm(columns):
    """`risk` again by a pseudo-inverse, from the same draws."""
    rng = np.random.default_rng([3, columns, 1])
    truth = rng.standard_normal(columns)
    truth /= np.linalg.norm(truth)
    x = np.column_stack([rng.standard_normal((100, columns - 1)), np.ones(100)])
    y = x @ truth + 0.5 * rng.standard_normal(100)
    expected = ((np.linalg.pinv(x) @ y - truth) ** 2).sum()
    assert risk(columns, 3, 1) == pytest.approx(expected, rel=1e-3)


def test_the_exact_risks_are_those_of_the_paper():
    found = [round(exact(columns), 3) for columns in (50, 120, 200, 1000)]
    assert found == [0.255, 1.482, 0.753, 0.928]


def test_the_content_is_what_its_schema_says():
    settings = study.PublishedSettings(("convergence_rates",), 1, 2, quick=True)
    line = study.command_line(settings, settings.names)
    assert line == ("gradclinic published --quick --result convergence_rates --seed 1")
    content = finite(study.published(settings, line, quiet))
    assert list(faults(content, "published")) == []
    (result,) = content["results"]
    assert result["seeds"] == 2 and all(f["holds"] for f in result["figures"])
    assert list(settings.seeds_of(PUBLISHED["convergence_rates"])) == [1000, 1001]


def test_a_plot_lies_on_the_exact_curve():
    values = {f"columns_{p}": np.array([exact(p)]) for p in (50, 120, 200, 1000)}
    plot = PUBLISHED["double_descent"].plot(values)
    curve, ours = plot["series"]
    assert [curve["y"][curve["x"].index(p)] for p in (50, 120, 200, 1000)] == ours["y"]
