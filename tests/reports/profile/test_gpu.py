"""The section on CPU against GPU: marked, whole, and right about what was made up."""

import re

import pytest
from gradclinic.bench.studies.gpu.verdicts import judged
from gradclinic.reports import write_profile_page
from gradclinic.reports.figures.crossing import height_of, interval_of
from gradclinic.reports.profile.gpu.pictures import roofs_and_points
from gradclinic.reports.profile.gpu.sentences import (
    answers,
    break_even,
    day,
    notices,
    outcome,
)

from ...quick import first_or_exhaustive
from ..scripted import plain

TAGS = re.compile(r"<style.*?</style>|<svg.*?</svg>|<[^>]+>", re.DOTALL)


def here_of(measurement):
    """The CPU of this machine: three times slower, and not on the largest."""
    return {
        (e["width"], e["batch"]): [3 * s for s in e["seconds"]["cpu all threads"]]
        for e in measurement["grid"]
        if e["width"] < 2048
    }


@pytest.fixture
def gpu(make_measurement):
    """An imported measurement as a profile has it."""
    measurement = make_measurement()
    return judged(measurement, here_of(measurement)) | {"imported": True}


def a_page(folder, gpu, missing=None):
    content = {"schema": 1, "kind": "profile", "gpu": gpu, "gpu_missing": missing}
    return write_profile_page(content, folder).read_text()


def said(text):
    return re.sub(r"\s+", " ", TAGS.sub(" ", text).replace("\u00a0", " "))


def test_the_section_shows_every_size_and_its_verdict(gpu, tmp_path):
    text = a_page(tmp_path, gpu)
    section = text[text.index('id="gpu"') : text.index('id="method"')]
    for row in gpu["rows"]:
        assert row["network"] in section
    steps = section[section.index('id="gpu-steps"') : section.index('id="gpu-here"')]
    assert steps.count('class="verdict faster"') == 4
    assert steps.count('class="verdict slower"') == 4
    words = said(section)
    assert "faster on the GPU at 4 of 8 sizes and slower at 4." in words
    for heading in (
        "Against the CPU of this machine",
        "Whole trainings to the same loss",
        "Many small networks at once",
        "How near the ceilings of both",
        "Kernel by kernel",
        "Optimizers at the rate",
        "ours beside cuBLAS",
        "Beside PyTorch and JAX",
        "its memory and energy",
    ):
        assert heading in words
    assert "31 mJ" in words and "310 W" in words and "20 GB" in words
    assert not re.search(r"\b(?:nan|inf|None|Undefined)\b", words)


def test_another_machine_is_marked_everywhere(gpu, tmp_path):
    text = a_page(tmp_path, gpu)
    words = said(text)
    assert "Measured on another machine." in words and "is not in this machine" in words
    captions = re.findall(r'class="caption">(.*?)</p>', text, re.DOTALL)
    pictures = [c for c in captions if "figures/profile-gpu" in c]
    assert len(pictures) == 4
    assert all("Example H1 (made up), 4 March 2026" in c for c in pictures)
    names = {path.stem for path in (tmp_path / "figures").glob("*.png")}
    assert names == {
        "profile-gpu-map",
        "profile-gpu-map-here",
        "profile-gpu-networks-1",
        "profile-gpu-roofline",
    }
    apart = text[text.index('id="gpu-here"') : text.index('id="gpu-trainings"')]
    assert "verdict" not in apart.replace("no verdicts", "")


def test_a_gpu_of_this_machine_is_not_marked(make_measurement, tmp_path):
    words = said(a_page(tmp_path, judged(make_measurement()) | {"imported": False}))
    assert "another machine" not in words and "Against the CPU of" not in words


def test_what_is_missing_is_one_notice_and_one_link(tmp_path):
    text = a_page(tmp_path, None, "There is no GPU here.")
    assert "No GPU was measured." in text and "There is no GPU here." in text
    assert 'href="#gpu"' in text and 'id="gpu"' in text
    assert "Not measured in this run" in text
    assert "not on this page: the comparison, throughput" in said(text)


def test_a_gpu_that_failed_keeps_what_there_was(make_measurement, tmp_path):
    found = judged(make_measurement()) | {"imported": False}
    words = said(a_page(tmp_path, found, "The GPU failed."))
    assert "Not whole. The GPU failed." in words and "sizes and slower" in words


@pytest.mark.parametrize(
    "part",
    first_or_exhaustive(
        (
            "grid",
            "populations",
            "kernels",
            "peers",
            "updates",
            "products",
            "ceilings",
            "memory",
            "energy",
            "left_out",
        ),
        ("grid", "energy"),
    ),
)
def test_any_part_may_be_missing(make_measurement, tmp_path, monkeypatch, part):
    from gradclinic.reports.figures import picture

    monkeypatch.setattr(picture, "_DPI", 20)
    measurement = make_measurement()
    measurement[part] = None if part == "energy" else type(measurement[part])()
    here = here_of(measurement)
    words = said(a_page(tmp_path, judged(measurement, here) | {"imported": True}))
    assert not re.search(r"\b(?:nan|inf|None|Undefined)\b", words)


def test_text_of_others_stays_text(make_measurement, tmp_path):
    measurement = make_measurement()
    evil = "<script>alert(1)</script>"
    measurement["measured_on"]["gpu"] = measurement["left_out"][0] = evil
    measurement["kernels"][0]["name"] = measurement["peers"][0]["name"] = evil
    text = a_page(tmp_path, judged(measurement) | {"imported": True})
    assert "<script" not in plain(text) and "&lt;script&gt;" in text


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            {
                "answer": "crosses",
                "at": 412.6,
                "low": 390.2,
                "high": 430.0,
                "sure": None,
            },
            "the GPU is faster from width 413 on (95 % interval 390 to 430).",
        ),
        (
            {"answer": "crosses", "at": 40.0, "low": None, "high": None, "sure": None},
            "the GPU is faster from width 40 on (95 % interval below 32 to above"
            " 4,096).",
        ),
        (
            {"answer": "always", "at": None, "low": None, "high": None, "sure": True},
            "the GPU is faster already at width 32, the least measured.",
        ),
        (
            {"answer": "always", "at": None, "low": None, "high": 50.0, "sure": False},
            "the GPU is faster already at width 32, the least measured; within noise"
            " its limit may lie as high as 50.",
        ),
        (
            {"answer": "never", "at": None, "low": None, "high": None, "sure": True},
            "the GPU is not faster at width 4,096, the most measured.",
        ),
        (
            {"answer": "never", "at": None, "low": 3000.0, "high": None, "sure": False},
            "the GPU is not faster at width 4,096, the most measured; within noise its"
            " limit may lie as low as 3,000.",
        ),
        (
            {
                "answer": "crosses",
                "at": 412.6,
                "low": None,
                "high": None,
                "sure": None,
                "interval": False,
            },
            "the GPU is faster from width 413 on (too few samples for an interval).",
        ),
        (
            {
                "answer": "never",
                "at": None,
                "low": None,
                "high": None,
                "sure": None,
                "interval": False,
            },
            "the GPU is not faster at width 4,096, the most measured; there were too"
            " few samples to be sure.",
        ),
        (
            {"answer": "unknown", "at": None, "low": None, "high": None},
            "not measured on both.",
        ),
    ],
)
def test_answers_in_words(answer, words):
    known = {"batch": 64, "sizes": [32, 4096], "interval": True}
    assert answers([known | answer]) == [("Batch 64", words)]


@pytest.mark.parametrize(
    ("found", "ends"),
    [
        (("crosses", 10.0, 20.0, None), (10.0, 20.0)),
        (("crosses", None, 20.0, None), (0.0, 20.0)),
        (("crosses", 10.0, None, None), (10.0, float("inf"))),
        (("always", None, None, True), (0.0, 0.0)),
        (("always", None, 20.0, False), (0.0, 20.0)),
        (("never", None, None, True), (float("inf"), float("inf"))),
        (("never", 10.0, None, False), (10.0, float("inf"))),
    ],
)
def test_ends_of_the_band(found, ends):
    crossing = dict(zip(("answer", "low", "high", "sure"), found, strict=True))
    assert interval_of(crossing | {"interval": True}) == ends
    assert interval_of(crossing | {"interval": False}) == (0.0, 0.0)


def test_a_bar_lies_between_rows_by_logarithms():
    assert height_of(64, [32, 128, 512]) == pytest.approx(0.5)
    assert height_of(0, [32, 128]) == -0.5 and height_of(1e9, [32, 128]) == 1.5


def test_simulated_times_and_few_samples_are_said(make_measurement):
    measurement = make_measurement(samples=5) | {"quick": True}
    measurement["measured_on"]["simulated"] = True
    found = judged(measurement)
    assert [title for title, _ in notices(found)] == ["Simulated.", "Quick look."]
    assert outcome(found).endswith("8 had too few samples to say.")


def test_points_lie_under_the_roof_of_their_device(gpu):
    roofs, points = roofs_and_points(gpu)
    assert [roof.threads for roof in roofs] == ["CPU", "GPU"]
    assert {point.label.rpartition(", ")[2]: point.roof for point in points} == {
        "CPU": 0,
        "GPU": 1,
    }
    assert roofs[1].peak == 5e4 and roofs[1].blas == 3e4


def test_small_words():
    assert day("2026-03-04") == "4 March 2026" and day("then") == "then"
    assert break_even(None) == "–"
    assert break_even({"runs": None}) == "never"
    assert break_even({"runs": 1}) == "the first"
    assert break_even({"runs": 1196}) == "run 1,196"
