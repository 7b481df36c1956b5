"""The section on doses: what was tried, what was chosen, and the picture of it."""

import numpy as np
import pytest
from gradclinic.reports.doses import doses
from gradclinic.reports.figures.doses import baseline_level, describe_doses, draw_doses

from .conftest import a_fix, overfitting


def a_dosage(chosen=0.3, **changes):
    curve = [[0.1, 0.9, 0.8, 1.0], [0.3, 0.7, 0.6, 0.8], [0.5, 1.2, None, None]]
    return {
        "name": "rate",
        "scale": "linear",
        "usual": 0.5,
        "chosen": chosen,
        "tuned": True,
        "edge": False,
        "metric": "validation loss",
        "seeds": 4,
        "curve": curve,
    } | changes


def a_tuned_result(**changes):
    fixes = [
        a_fix("Dropout", 0.3, 0.1, "cured", dose=a_dosage(**changes)),
        a_fix("Plain", 0.1, 0.1, "relieved", dose=None),
    ]
    rate = a_dosage(chosen=0.1, name="learning rate", usual=0.1)
    return overfitting() | {"fixes": fixes, "rate": rate, "trainings": 1234}


def test_nothing_is_said_where_nothing_was_tuned(tmp_path):
    assert doses(overfitting(), tmp_path) is None
    untuned = a_tuned_result(tuned=False) | {"rate": None}
    assert doses(untuned, tmp_path) is None


def test_what_was_tried_is_told(tmp_path):
    found = doses(a_tuned_result(), tmp_path)
    assert found["rows"] == [("Dropout", "rate", "0.1, 0.3, 0.5", "0.3", "Usual: 0.5.")]
    assert found["trainings"] == "1,234" and found["seeds"] == 4
    assert "over 3 rates from 0.1 to 0.5: the best is 0.1." in found["rate"]
    assert found["picture"].png.endswith("-doses.png")


@pytest.mark.parametrize(("edge", "said"), [(True, True), (False, False)])
def test_an_end_of_the_range_is_said(tmp_path, edge, said):
    found = doses(a_tuned_result(edge=edge), tmp_path)
    assert ("end of the range" in found["rows"][0][-1]) == said


def test_each_panel_shows_its_curve_and_the_baseline():
    result = a_tuned_result()
    fixes = [fix for fix in result["fixes"] if fix["dose"]]
    (axes,) = draw_doses(fixes, result).axes
    curve, chosen, level = axes.lines
    np.testing.assert_allclose(curve.get_xydata(), [[0.1, 0.9], [0.3, 0.7], [0.5, 1.2]])
    np.testing.assert_allclose(chosen.get_xydata(), [[0.3, 0.7]])
    assert set(level.get_ydata()) == {0.9} == {baseline_level(result)}
    assert axes.get_xlabel() == "rate"
    said = describe_doses(fixes, result)
    assert "Dropout by rate: 0.1: 0.9; 0.3: 0.7; 0.5: 1.2. Chosen: 0.3." in said


LAW = {
    "rows": [400, 800, 1600, 3200],
    "seeds": 4,
    "scale": 0.5,
    "exponent": [1.0, 0.8, 1.3],
    "floor": [0.4, 0.35, 0.45],
    "half": [2.0, 1.7, 2.4],
    "told": True,
}


def a_learning_curve(**changes):
    curve = [[2, 0.66, 0.6, 0.7], [4, 0.52, 0.5, 0.6], [8, 0.46, 0.4, 0.5]]
    return a_tuned_result(
        name="times the rows", chosen=8, curve=curve, law=LAW | changes
    )


def test_a_learning_curve_is_told_as_a_power_law(tmp_path):
    ((label, said),) = doses(a_learning_curve(), tmp_path)["laws"]
    assert label == "Dropout"
    assert "was fitted to the validation loss from 400 to 3,200 rows" in said
    # .65, .525 and .4625 were said of .66, .52 and .46.
    assert "It misses what was measured by up to 1.5\N{NO-BREAK SPACE}%." in said
    assert "floor 0.4 (0.35 to 0.45)" in said
    assert "to the power −1 (−1.3 to −0.8)." in said
    assert "gone with 2 (1.7 to 2.4) times the rows of the baseline, 800 in" in said
    assert "bootstrap over 4 seeds" in said


def test_what_lies_beyond_the_rows_is_not_told(tmp_path):
    ((_, said),) = doses(a_learning_curve(told=False), tmp_path)["laws"]
    assert "cannot be told: the interval reaches beyond 3,200 rows" in said
    assert "in all" not in said


def test_a_fix_without_a_law_has_no_such_sentence(tmp_path):
    assert doses(a_tuned_result(), tmp_path)["laws"] == []


def test_the_law_is_drawn_through_its_doses():
    result = a_learning_curve()
    fixes = [fix for fix in result["fixes"] if fix["dose"]]
    (axes,) = draw_doses(fixes, result).axes
    law = next(line for line in axes.lines if line.get_linestyle() == "-.")
    x, y = law.get_xydata().T
    assert (x[0], x[-1]) == (2, 8)
    np.testing.assert_allclose(y, 0.5 / x + 0.4)
    assert "fitted power law" in describe_doses(fixes, result)
