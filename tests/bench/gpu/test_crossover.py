"""The size from which on a GPU is faster, found in times whose crossing is known."""

from math import inf

import numpy as np
import pytest
from gradclinic.bench.studies.gpu.crossover import crossing, crossover, ratio_band
from gradclinic.bench.studies.gpu.verdicts import crossings, judged
from hypothesis import given
from hypothesis import strategies as st


@given(
    at=st.floats(33, 4000),
    power=st.floats(0.2, 3),
    sizes=st.sets(st.integers(40, 3000), min_size=1, max_size=5),
)
def test_a_power_law_is_crossed_where_it_is_one(at, power, sizes):
    sizes = [32, *sorted(sizes), 4096]
    logs = [power * np.log(size / at) for size in sizes]
    assert crossing(sizes, logs) == pytest.approx(at, rel=1e-9)


@pytest.mark.parametrize(
    ("logs", "at"),
    [
        ([1, 2, 3], 0),
        ([-3, -2, -1], inf),
        ([1, -1, 1], 20**0.5 * 40**0.5),  # the last crossing, not the first
        ([-1, 1, -1], inf),
        ([0, 1, 1], 10),  # as fast is not faster
        ([1, 1, 0], inf),
    ],
)
def test_above_the_crossing_the_gpu_is_always_faster(logs, at):
    assert crossing([10, 20, 40], logs) == pytest.approx(at)


@pytest.mark.parametrize("noise", [0.02, 0.2])
def test_intervals_hold_the_true_crossing_as_often_as_they_say(
    make_measurement, known_crossovers, noise
):
    covered = total = 0
    for seed in range(20):
        grid = make_measurement(seed, noise=noise)["grid"]
        found = crossings(
            grid,
            lambda e: tuple(
                e["seconds"][name] for name in ("cpu all threads", "gpu step")
            ),
        )
        for entry in found:
            truth = known_crossovers[entry["batch"]]
            assert entry["answer"] == "crosses"
            assert entry["low"] <= entry["at"] <= entry["high"]
            covered += entry["low"] <= truth <= entry["high"]
            total += 1
    # Of 40 at a level of 95 %: fewer than 33 have a chance of 1 in 1,000.
    assert 33 <= covered <= total


@pytest.mark.parametrize(("at", "answer"), [(1.0, "always"), (1e6, "never")])
def test_beyond_the_grid_there_is_no_number(make_measurement, at, answer):
    grid = make_measurement(crossovers={64: at})["grid"]
    (found,) = judged(make_measurement() | {"grid": grid})["crossings"]
    assert found["answer"] == answer and found["sure"]
    assert found["at"] is found["low"] is found["high"] is None
    assert found["sizes"] == [32, 2048]


def test_an_interval_may_reach_beyond_the_grid():
    even, unsure = [1.0] * 11, [0.8] * 5 + [1.01] + [1.3] * 5
    found = crossover({10: ([0.5] * 11, even), 20: (unsure, even)})
    assert found["answer"] == "crosses" and 10 < found["low"] < found["at"] < 20
    assert found["high"] is None
    found = crossover({10: (unsure, even), 20: ([2.0] * 11, even)})
    assert found["answer"] == "always" and not found["sure"]
    assert found["low"] is None and 10 < found["high"] < 20


def test_sizes_without_times_are_passed_over():
    times = {8: ([1.0], [2.0]), 16: ([], [2.0]), 32: ([4.0], [2.0])}
    assert crossover(times)["at"] == pytest.approx(16)
    assert crossover({16: ([], [])})["answer"] == "unknown"
    assert crossover({})["answer"] == "unknown"


def test_a_few_samples_have_no_interval(make_measurement):
    for found in judged(make_measurement(samples=4))["crossings"]:
        assert found["answer"] == "crosses" and not found["interval"]
        assert found["low"] is found["high"] is None
    for found in judged(make_measurement(samples=5))["crossings"]:
        assert found["interval"] and found["low"] < found["high"]


def test_the_same_times_give_the_same_interval(make_measurement):
    assert judged(make_measurement()) == judged(make_measurement())


def test_the_band_of_two_machines_holds_their_ratio():
    rng = np.random.default_rng(0)
    cpu, gpu = (np.exp(0.1 * rng.standard_normal(n)) for n in (30, 12))
    low, high = ratio_band(list(3 * cpu), list(gpu))
    assert low < 3 < high < 3.6
