"""Pictures of a profile: every one from whatever part of its data there is."""

import re

import pytest
from gradclinic.reports.figures.growth import exponent_words
from gradclinic.reports.figures.ratios import RatioRow, limits_of
from gradclinic.reports.figures.roofline import Roof
from gradclinic.reports.profile.content import completed
from gradclinic.reports.profile.pictures import pictures
from gradclinic.reports.profile.roofs import roofs_and_points
from gradclinic.reports.profile.share_pictures import phase_picture
from gradclinic.reports.profile.throughput import throughput_plots


@pytest.fixture(scope="module")
def drawn():
    return {}


@pytest.fixture
def shown(content, drawn, tmp_path_factory):
    """{section: pictures} of the whole content, drawn once."""
    if not drawn:
        drawn |= pictures(completed(content), tmp_path_factory.mktemp("figures"))
    return drawn


def text_in(picture):
    return " ".join(re.findall(r"<text[^>]*>([^<]*)<", picture.svg))


def label_of(picture):
    return re.search(r'aria-label="([^"]*)"', picture.svg)[1]


def test_text_is_legible_on_a_phone(shown):
    for picture in (p for found in shown.values() for p in found):
        sizes = [float(s) for s in re.findall(r"font[^;]*?([\d.]+)px", picture.svg)]
        width = float(re.search(r'viewBox="0 0 ([\d.]+)', picture.svg)[1])
        assert min(sizes) * 358 / width >= 11


def test_a_picture_for_each_case_and_axis(shown, content):
    assert len(shown["cases"]) == len(content["cases"])
    assert len(shown["growth"]) == len(content["growth"])
    assert all(shown[name] for name in shown)


def test_ratios_are_said_with_their_intervals(shown):
    words = label_of(shown["best"][0])
    assert "JAX 0.90 (0.87 to 0.92)" in words
    assert "open sign: no difference shown" in text_in(shown["best"][0])


def test_an_axis_of_ratios_holds_one_and_every_interval():
    low, high = limits_of([RatioRow("a", 4.0, 3.0, 9.0, 0, True)])
    assert low < 1 and high > 9
    low, high = limits_of([RatioRow("a", 0.5, None, None, 0, True)])
    assert low < 0.5 and high > 1


def test_a_roof_is_memory_then_arithmetic():
    roof = Roof("1 thread", 100.0, 10.0, None)
    assert roof.at(2.0) == 20 and roof.at(50.0) == 100


def test_points_stand_under_the_roof_of_their_threads(content):
    roofs, points = roofs_and_points(completed(content))
    assert [roof.threads for roof in roofs] == ["1 thread", "2 threads"]
    assert [point.roof for point in points] == [0, 1, 1, 1, 1, 1]


def test_one_thread_has_one_roof(content):
    content["settings"]["threads"] = 1
    roofs, points = roofs_and_points(completed(content))
    assert len(roofs) == 1 and {point.roof for point in points} == {0}


def test_one_thread_has_no_scaling(content, tmp_path):
    only = [e for e in content["scaling"] if e["threads"] == 1]
    empty = {"schema": 1, "scaling": only}
    assert pictures(completed(empty), tmp_path)["scaling"] == []


@pytest.mark.parametrize("part", ["scaling", "throughput", "growth", "optimizers"])
def test_missing_numbers_leave_gaps(content, part, tmp_path):
    for entry in content[part][:2]:
        for key in ("speedup", "low", "gflops", "rows_per_second", "share_of_triad"):
            if key in entry:
                entry[key] = None
        if part == "growth":
            entry["seconds"][0] = entry["time_exponent"] = None
    found = pictures(completed({part: content[part]}), tmp_path)
    assert found[part] and not any(found[name] for name in set(found) - {part})
    assert all("nan" not in picture.svg for picture in found[part])


def test_one_engine_shares_a_plot_among_its_batches(content):
    content["throughput"] = [
        entry for entry in content["throughput"] if entry["engine"] == "gradclinic"
    ]
    rows, rate = throughput_plots(completed(content))
    assert rows["y_label"] == "rows a second" and rate["y_label"] == "GF/s"
    assert [series["label"] for series in rate["series"]] == [
        "batch 32",
        "batch 128",
        "batch 512",
    ]


def test_phases_that_take_longer_than_the_step_still_fill_it():
    phases = [{"name": "forward", "seconds": 3.0}, {"name": "update", "seconds": 1.0}]
    entry = {"case": "a", "step_seconds": 2.0, "phases": phases}
    said = []
    phase_picture(
        completed({"phases": [entry]}), lambda *given: said.append(given[2]) or given
    )
    assert "forward 75" in said[0] and "the rest" not in said[0]


def test_an_exponent_is_said_with_its_interval():
    fit = {"value": 1.5, "low": 1.25, "high": 1.75}
    assert exponent_words({"time_exponent": fit}, "time") == (
        "time: exponent 1.50 (1.25 to 1.75)"
    )
    assert exponent_words({}, "time") == "time: no exponent fitted"
