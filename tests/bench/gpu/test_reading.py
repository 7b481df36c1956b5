"""What a measurement of a GPU says."""

import json

import numpy as np
import pytest
from gradclinic.bench.errors import BadData
from gradclinic.bench.studies.gpu.crossover import (
    ALWAYS,
    NEVER,
    crossing,
    crossovers,
)
from gradclinic.bench.studies.gpu.reading import reading
from gradclinic.bench.studies.gpu.stored import load

from .measured import CROSSING, WIDTHS, measurement


@pytest.mark.parametrize(
    ("ratios", "wanted"),
    [
        ([0.5, 2.0, 8.0], 20.0),  # half way between, on both logarithms
        ([2.0, 4.0, 8.0], ALWAYS),
        ([0.1, 0.2, 0.5], NEVER),
        ([2.0, 0.5, 2.0], np.sqrt(40.0 * 160.0) / 2 * 2),  # the last crossing counts
        ([0.5, 1.0, 2.0], 40.0),
    ],
)
def test_crossing(ratios, wanted):
    assert crossing(np.array([10.0, 40.0, 160.0]), np.array(ratios)) == pytest.approx(
        wanted
    )


def test_a_known_crossover_lies_in_its_interval():
    lines = crossovers(measurement()["grid"], "cpu all threads", "gpu step")
    assert [line["batch"] for line in lines] == list(CROSSING)
    for line in lines:
        known = CROSSING[line["batch"]]
        assert line["low"] <= known <= line["high"]
        assert line["width"] == pytest.approx(known, rel=0.05)
        assert line["high"] < 1.1 * line["low"]


def test_intervals_cover_the_crossover():
    """A 95 % interval of the percentile bootstrap, over 40 made-up measurements."""
    inside = 0
    for seed in range(40):
        grid = measurement(samples=10, spread=0.05, seed=seed)["grid"]
        for line in crossovers(grid, "cpu all threads", "gpu step", seed):
            inside += line["low"] <= CROSSING[line["batch"]] <= line["high"]
    assert inside >= 0.85 * 80


def test_verdicts_and_break_even():
    read = reading(measurement())
    found = {(e["width"], e["batch"]): e for e in read["grid"]}
    assert found[32, 32]["ratio"]["verdict"] == "slower"
    assert found[2048, 32]["ratio"]["verdict"] == "faster"
    assert found[32, 32]["break_even"] is None
    # A run of 80 steps gains 80 (2.048 / .6 - 1.2) ms, and compiling took 4 s.
    wanted = 4.0 / (80 * 1e-3 * (2048 / 600 - 1.2))
    assert found[2048, 32]["break_even"] == pytest.approx(wanted, rel=0.05, abs=1)
    assert read["kernels"][0]["share"] == pytest.approx(2.8e9 / 3e12 / 1e-3, rel=0.02)
    assert read["updates"][0]["share"] == pytest.approx(28e8 / 1e-3 / 3e12, rel=0.02)
    assert read["peers"][1]["ratio"]["ratio"] == pytest.approx(10, rel=0.05)


def test_few_samples_decide_nothing():
    read = reading(measurement(samples=3))
    assert {e["ratio"]["verdict"] for e in read["grid"]} == {"no difference shown"}
    assert all(e["ratio"]["low"] is None for e in read["grid"])


def changed(**more):
    return json.dumps({**measurement(), **more})


def without(key):
    content = measurement()
    del content["grid"][1][key]
    return json.dumps(content)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "is not JSON"),
        ("[]", "names no schema"),
        (changed(schema="gradclinic gpu 9"), "schema is 'gradclinic gpu 9'"),
        (changed(measured_on={"gpu": "x"}), "measured_on must tell machine, gpu, date"),
        (changed(grid={}), "grid must be a list"),
        (without("seconds"), "entry 2 of grid has no seconds"),
        (changed(updates=[{"optimizer": "adam", "parameters": 1, "bytes": 1,
                           "seconds": [0.0]}]), "entry 1 of updates has times"),
    ],
)  # fmt: skip
def test_a_bad_file_is_one_sentence(tmp_path, text, words):
    path = tmp_path / "gpu.json"
    path.write_text(text)
    with pytest.raises(BadData, match=words) as caught:
        load(path)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_one_sentence(tmp_path):
    with pytest.raises(BadData, match="cannot be read"):
        load(tmp_path / "none.json")


def test_a_good_file_comes_back(tmp_path):
    path = tmp_path / "gpu.json"
    path.write_text(json.dumps(measurement()))
    assert load(path) == measurement()
    assert len(load(path)["grid"]) == len(WIDTHS) * len(CROSSING)
