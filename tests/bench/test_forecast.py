"""Which scenarios fit into a time, and how a forecast learns from what they took."""

import pytest
from gradclinic.bench import durations, forecast
from gradclinic.bench.forecast import (
    CLOSING,
    STARTING,
    Need,
    Pace,
    first_pace,
    fitting,
    on_clock,
    run_seconds,
)
from gradclinic.scenarios import SCENARIOS
from hypothesis import given
from hypothesis import strategies as st

NEEDS = [Need("a", 20, 50), Need("b", 60, 90), Need("c", 10, 30)]


def chosen(seconds, quick=False, needs=NEEDS):
    return [(c.scenario, c.quick) for c in fitting(needs, seconds, quick)]


@pytest.mark.parametrize(
    ("seconds", "found"),
    [
        (5, []),
        (12, [("c", True)]),  # what does not fit makes room for what comes after it
        (35, [("a", True), ("c", True)]),
        (70, [("a", False), ("c", True)]),  # what is left runs the first in full
        (100, [("a", True), ("b", True), ("c", True)]),
        (140, [("a", False), ("b", True), ("c", True)]),
        (1000, [("a", False), ("b", False), ("c", False)]),
    ],
)
def test_quick_looks_come_first_and_what_is_left_runs_in_full(seconds, found):
    assert chosen(seconds) == found


def test_a_quick_look_is_all_where_it_is_asked_for():
    assert chosen(1000, quick=True) == [("a", True), ("b", True), ("c", True)]


def test_what_is_there_is_not_run_and_a_quick_look_that_is_there_is_run_in_full():
    needs = [Need("a", 0, 0), Need("b", 0, 50), Need("c", 10, 30)]
    assert chosen(70, needs=needs) == [("b", False), ("c", True)]
    assert chosen(70, quick=True, needs=needs) == [("c", True)]


@given(
    needs=st.lists(st.tuples(st.floats(1, 100), st.floats(1, 300)), max_size=8),
    seconds=st.floats(0, 1000),
)
def test_what_is_chosen_fits(needs, seconds):
    needs = [Need(str(k), q, max(q, f)) for k, (q, f) in enumerate(needs)]
    found = fitting(needs, seconds)
    assert sum(choice.seconds for choice in found) <= seconds
    names = [choice.scenario for choice in found]
    assert names == sorted(set(names), key=int)
    by_name = {need.scenario: need for need in needs}
    for choice in found:
        assert choice.seconds == by_name[choice.scenario].of(choice.quick)


@pytest.fixture
def figures(monkeypatch):
    """Three scenarios, of which one was measured in full too; runs as `planned`."""
    quick, full = (STARTING + CLOSING[preset] for preset in (True, False))
    content = {
        "sentinel": 1e-6,
        "run": {
            "quick": {"a": quick + 10, "b": quick + 40, durations.WHOLE: 1e6},
            "full": {"b": full + 300},
        },
    }
    monkeypatch.setattr(forecast, "_stored", lambda: content)
    return content


def planned(scenario, quick):
    return 100 if quick else 400


@pytest.mark.parametrize(
    ("scenario", "quick", "seconds"),
    [
        ("a", True, 0.1),
        ("a", False, 0.1),  # measured as a quick look only
        ("b", True, 0.4),
        ("b", False, 0.75),
        ("new", True, 0.4),  # the median of all
    ],
)
def test_a_run_takes_what_was_measured(figures, scenario, quick, seconds):
    assert run_seconds(scenario, quick, planned) == pytest.approx(seconds)


def test_without_any_figure_a_run_takes_a_guess(monkeypatch):
    monkeypatch.setattr(forecast, "_stored", dict)
    assert run_seconds("a", True, planned) == 0.1


def test_the_pace_begins_with_the_sentinel(figures, monkeypatch):
    name = "gradclinic.bench.measurement.noise.sentinel_seconds"
    monkeypatch.setattr(name, lambda: 3e-6)
    assert first_pace().now == pytest.approx(3.0)
    del figures["sentinel"]
    assert first_pace().now == 1.0


def test_the_pace_goes_to_what_scenarios_took():
    pace = Pace(1.0)
    pace.learn(40.0, 20.0)
    assert 1.0 < pace.now < 2.0
    for _ in range(50):
        pace.learn(40.0, 20.0)
    assert pace.now == pytest.approx(2.0, abs=0.05)


def test_more_cores_take_less_time_but_not_of_what_runs_alone():
    assert on_clock(100, 1) == pytest.approx(100)
    assert 50 < on_clock(100, 2) < 100
    assert on_clock(100, 1000) > 30


def test_the_stored_figures_are_of_all_scenarios():
    found = durations.measured()
    assert {*found["run"]["quick"]} - {durations.WHOLE} == {*SCENARIOS}
    assert found["sentinel"] > 0
