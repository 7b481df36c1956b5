"""The time of a measurement, the tests' outcome, and what is taken from samples."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
from gradclinic.bench.studies.gpu.__main__ import write
from gradclinic.bench.studies.gpu.budget import Budget
from gradclinic.bench.studies.gpu.cases import cases
from gradclinic.bench.studies.gpu.nvml import (
    Meter,
    consumed,
    driver_version,
    library,
)
from gradclinic.bench.studies.gpu.settings import settings_for
from gradclinic.bench.studies.gpu.suite_outcome import outcome, with_tests
from gradclinic.bench.studies.gpu.whole_training import epochs_to

ALONE = """
tests/cuda/test_kernel_a.py::test_one PASSED                    [ 25%]
tests/cuda/test_kernel_a.py::test_two[FAILED] FAILED            [ 50%]
tests/cuda/test_kernel_b.py::test_three SKIPPED (too many)      [ 75%]
"""
TOGETHER = """
[gw0] [ 50%] PASSED tests/cuda/test_kernel_a.py::test_one
[gw1] [100%] ERROR tests/cuda/test_kernel_b.py::test_two
ERROR tests/cuda/test_kernel_b.py::test_two - boom
==================== 1 passed, 1 error in 3.21s ====================
"""


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def test_what_a_part_does_not_use_is_for_those_behind_it():
    clock = Clock()
    budget = Budget(100.0, {"a": 1, "b": 3}, clock)
    assert budget.part("a", {}).seconds == 25.0
    clock.now = 5.0
    assert budget.part("b", {}).seconds == 95.0


def test_a_part_that_lasts_longer_leaves_less():
    clock = Clock()
    budget = Budget(10.0, {"a": 1, "b": 1}, clock)
    budget.part("a", {})
    clock.now = 12.0
    assert budget.part("b", {}).spent


def test_items_beyond_the_time_are_named():
    clock = Clock()
    part, seen = Budget(1.0, {"a": 1}, clock).part("a", {}), []
    for item in part.while_time([("one", 1), ("two", 2), ("three", 3)]):
        seen.append(item)
        clock.now += 0.6
    assert seen == [1, 2]
    (sentence,) = part.left_out
    assert "before three could" in sentence


@pytest.mark.parametrize(
    ("log", "passed", "failed", "skipped"), [(ALONE, 1, 1, 1), (TOGETHER, 1, 1, 0)]
)
def test_outcome(log, passed, failed, skipped):
    assert outcome(log) == {"passed": passed, "failed": failed, "skipped": skipped}


def test_tests_that_were_cut_off_are_named():
    content = {"left_out": ["a"]}
    assert with_tests(content, TOGETHER)["left_out"] == ["a"]
    assert with_tests(content, ALONE)["left_out"] == ["a", "tests: they were cut off."]
    assert with_tests(content, None) is content


def test_epochs_to_a_share_of_the_first_loss():
    losses = np.array([2.0, 1.5, 1.0, 0.4])
    assert epochs_to(losses, 0.5) == 3
    assert epochs_to(losses, 0.1) is None
    assert epochs_to(np.array([2.0, np.nan]), 0.5) is None


def test_the_grid_is_whole_and_its_halves_are_spread():
    settings = settings_for(threads=4)
    found = cases(settings)
    assert {(c.sizes[0], c.batch) for c in found} == {
        (w, b) for w in settings.widths for b in settings.batches
    }
    assert all(c.rows % c.batch == 0 and c.rows >= 2 * c.batch for c in found)
    half = found[: len(found) // 2]
    assert {c.sizes[0] for c in half} == set(settings.widths)


def test_energy_is_what_the_meter_moved():
    clock = Clock()
    meter = SimpleNamespace(joules=lambda: 300.0 * clock.now)

    def call():
        clock.now += 0.4

    calls, joules, seconds = consumed(meter, call, 1.0, clock)
    assert (calls, joules, seconds) == pytest.approx((3, 360.0, 1.2))


def test_without_the_drivers_library_there_is_no_energy():
    if library() is None:
        assert Meter("GPU-0").joules() is None
        assert driver_version() is None


def test_a_result_is_written_whole(tmp_path):
    out = tmp_path / "folder" / "gpu.json"
    write(out, {"a": 1})
    write(out, {"a": 2})
    assert json.loads(out.read_text()) == {"a": 2}
    assert list(out.parent.iterdir()) == [out]
    with pytest.raises(ValueError, match="Out of range"):
        write(out, {"a": float("nan")})
    assert json.loads(out.read_text()) == {"a": 2}


def test_what_a_part_has_found_is_kept_at_once():
    part, kept = Budget(1.0, {"a": 1}).part("a", {}), []
    part.add(1)  # by itself it is kept nowhere
    part.kept = lambda: kept.append(list(part.found))
    part.add(2)
    part.add(3)
    assert kept == [[1, 2], [1, 2, 3]]
