"""Pictures: legible, thinned, and drawn from whatever a study may hand over."""

import re
from math import log
from xml.etree import ElementTree

import numpy as np
import pytest
from gradclinic.reports.figures import (
    curve_pictures,
    forest_picture,
    plot_pictures,
    strip_picture,
)
from gradclinic.reports.figures.effect_ticks import effect_ticks
from gradclinic.reports.figures.forest import limits_of
from gradclinic.reports.figures.series import POINTS, thinned
from gradclinic.reports.figures.svg import shorter_path
from hypothesis import given
from hypothesis import strategies as st

LOG = {"label": "loss", "unit": "nats", "scale": "log", "better": "lower"}


def texts(picture):
    root = ElementTree.fromstring(picture.svg)
    return [" ".join(element.itertext()) for element in root.iter("text")]


def test_text_is_text_of_a_legible_size(make_result, tmp_path):
    picture = forest_picture(make_result(), tmp_path)
    sizes = [float(s) for s in re.findall(r"font[^;]*?([\d.]+)px", picture.svg)]
    width = float(re.search(r'viewBox="0 0 ([\d.]+)', picture.svg)[1])
    assert sizes
    # On a phone of 390 pixels the picture is 358 wide.
    assert min(sizes) * 358 / width >= 11


def test_a_forest_names_every_fix_and_control(make_result, tmp_path):
    result = make_result()
    shown = texts(forest_picture(result, tmp_path))
    together = " ".join(" ".join(shown).split())
    assert all(fix["label"] in together for fix in result["fixes"])
    assert "×1" in shown


def test_a_forest_without_a_number_says_words(make_result, tmp_path):
    shown = texts(forest_picture(make_result("divergence"), tmp_path))
    assert "the baseline fails" in " ".join(shown)
    assert "×1" not in shown


def test_no_fix_no_forest(make_result, tmp_path):
    assert forest_picture(make_result("nothing"), tmp_path) is None
    assert strip_picture(make_result("nothing"), tmp_path) is None


def test_an_endless_interval_leaves_the_estimates_apart(make_result, make_fix):
    wild = make_fix("Wild", 0.1, 400.0, "inconclusive")
    fixes = [wild, make_fix("A", 1, 0.1, "cured")]
    limits = limits_of(make_result() | {"fixes": fixes})
    assert limits.high - limits.low < 5


@given(
    st.floats(-300, -0.01), st.floats(0.01, 300), st.sampled_from(["lower", "higher"])
)
def test_effect_ticks_are_four_of_one_kind_and_keep_their_distance(low, high, better):
    found = effect_ticks(low, high, LOG | {"better": better})
    ticks = [tick for tick, _ in found]
    assert 0.0 in ticks and 4 <= len(ticks) <= 7
    assert all(low <= tick <= high for tick in ticks)
    assert all(np.diff(ticks) >= (high - low) / 6.01)
    assert all(label.startswith("×") for _, label in found)


@given(st.floats(-0.9, -0.002), st.floats(0.002, 0.9))
def test_differences_have_four_ticks_too(low, high):
    metric = LOG | {"scale": "linear", "better": "higher", "unit": "share"}
    found = effect_ticks(low, high, metric)
    assert 4 <= len(found) <= 8
    for tick, label in found:
        assert float(label.replace("−", "-")) == pytest.approx(100 * tick, abs=1e-9)


@pytest.mark.parametrize(
    ("ends", "labels"),
    [
        ((-log(2.2), log(5.5)), ["×2", "×1", "×0.5", "×0.2"]),
        ((-0.1, 0.1), ["×1.1", "×1.05", "×1", "×0.95"]),
        ((-0.2, 8), ["×1", "×0.1", "×0.01", "×0.001"]),
    ],
)
def test_effect_ticks_are_easy_to_say(ends, labels):
    assert [label for _, label in effect_ticks(*ends, LOG)] == labels


@pytest.mark.parametrize("better", ["lower", "higher"])
def test_ticks_stand_at_their_ratio_in_either_sense(better):
    sign = 1 if better == "higher" else -1
    for tick, label in effect_ticks(-0.24, 0.24, LOG | {"better": better}):
        assert tick == pytest.approx(sign * log(float(label[1:])), abs=1e-9)


def test_a_linear_metric_has_ticks_too(make_result, make_fix, tmp_path):
    result = make_result()
    result["metric"] = {
        "name": "test_metric",
        "label": "test accuracy",
        "unit": "",
        "scale": "linear",
        "better": "higher",
    }
    fix = make_fix("A", 0.05, 0.01, "cured")
    fix["effect"] |= {"difference": [0.05, 0.04, 0.06], "pairs": []}
    result |= {"delta": 0.01, "fixes": [fix], "delta_label": "1 points"}
    shown = texts(forest_picture(result, tmp_path))
    assert "+4" in shown and "within ±1 points" in shown


@given(st.integers(1, 5000))
def test_thinning_keeps_both_ends(length):
    x, y = thinned(np.arange(length), np.arange(length) * 2)
    assert len(x) == len(y) == min(length, POINTS)
    assert (x[0], x[-1]) == (0, length - 1)


@pytest.mark.parametrize("scale", ["log", "linear"])
@pytest.mark.parametrize(
    "mid",
    [
        [1.0, None, 3.0],
        [0.0, -1.0, 2.0],
        [None, None, None],
        [5.0, 5.0, 5.0],
        [1e-30, 1.0, 1e300],
    ],
)
def test_any_curve_is_drawn(scale, mid, make_result, tmp_path):
    result = make_result()
    chart = result["curves"][0] | {"y_scale": scale}
    bad = {"label": "bad", "role": "best", "x": [1, 2, 3], "mid": mid}
    bad |= {"low": mid, "high": None}
    result["curves"] = [chart | {"series": [chart["series"][0], bad]}]
    (picture,) = curve_pictures(result, tmp_path)
    assert (tmp_path / picture.png).read_bytes().startswith(b"\x89PNG")


def test_curves_without_any_number_are_left_out(make_result, tmp_path):
    result = make_result()
    for series in result["curves"][0]["series"]:
        series["mid"] = [None] * len(series["x"])
    assert curve_pictures(result, tmp_path) == []


def test_verticals_are_named_with_their_place(make_result, tmp_path):
    (picture,) = plot_pictures(make_result("divergence"), tmp_path)
    assert "2 / lambda_max (median): 0.00117" in texts(picture)


def test_settings_of_the_user_are_neither_used_nor_changed(make_result, tmp_path):
    import matplotlib as mpl

    plain = forest_picture(make_result(), tmp_path).svg
    with mpl.rc_context({"font.size": 40, "svg.fonttype": "path"}):
        assert forest_picture(make_result(), tmp_path).svg == plain
        assert mpl.rcParams["font.size"] == 40


def test_a_control_far_from_all_fixes_is_told_in_words(make_result, make_fix, tmp_path):
    far = make_fix("Far", 6.0, 0.1, "cured", role="positive")
    result = make_result()
    result["fixes"] = [make_fix("Near", 0.3, 0.1, "cured"), far]
    shown = texts(forest_picture(result, tmp_path))
    assert any("beyond this picture" in text for text in shown)


@pytest.mark.parametrize(
    ("path", "shorter"),
    [
        ("M 1 2 L 3 4 L 5 6 z", "M 1 2 3 4 5 6 z"),
        ("M 0 0\nC 1 1 2 2 3 3 L 4 4 L 5 5", "M 0 0 C 1 1 2 2 3 3 L 4 4 5 5"),
        ("M 0 0 L 1 1 M 2 2 L 3 3", "M 0 0 1 1 M 2 2 3 3"),
    ],
)
def test_a_path_says_a_line_once(path, shorter):
    assert shorter_path(path) == shorter
