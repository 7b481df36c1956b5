"""Timing: calibration and order by a made-up clock, the judgement by simulation."""

import numpy as np
import pytest
from gradclinic.bench.measurement import timing
from gradclinic.bench.measurement.timing import interleaved, ratio_interval, summary


@pytest.fixture
def clock(monkeypatch):
    """A clock that only moves when a function made by `task` is called."""

    class Clock:
        now, calls = 0.0, ""

        def task(self, name, seconds, first=0.0):
            def call():
                self.now += seconds + (0 if name in self.calls else first)
                self.calls += name

            return call

    clock = Clock()
    monkeypatch.setattr(timing.time, "perf_counter", lambda: clock.now)
    return clock


@pytest.mark.parametrize("seconds", [1e-6, 3e-4, 0.019, 0.02, 5.0])
def test_a_sample_lasts_20_ms_but_not_much_longer(clock, seconds):
    loops = timing.calibrated(clock.task("a", seconds))
    assert loops * seconds >= 0.02
    assert loops == 1 or loops * seconds < 0.05


def test_compilation_is_not_in_the_samples(clock):
    tasks = {"a": clock.task("a", 0.001, first=3.0)}
    assert interleaved(tasks, samples=5)["a"] == pytest.approx(0.001)


def test_compared_functions_take_turns(clock):
    tasks = {"a": clock.task("a", 0.02), "b": clock.task("b", 0.05)}
    seconds = interleaved(tasks, samples=3)
    assert clock.calls.endswith("ababab")
    assert seconds["b"] == pytest.approx([0.05] * 3)


def test_summary():
    s = summary(np.array([5.0, 1.0, 3.0, 2.0, 4.0]))
    assert (s.median, s.low, s.high) == (3.0, 2.0, 4.0)


def pair(rng, ratio, n=21, noise=0.02):
    candidate = np.exp(rng.normal(0, noise, n))
    return ratio * candidate * np.exp(rng.normal(0, noise, n)), candidate


@pytest.mark.parametrize(
    ("ratio", "verdict"),
    [(1.5, "faster"), (1 / 1.5, "slower"), (1.0, "no difference shown")],
)
def test_verdicts(ratio, verdict):
    result = ratio_interval(*pair(np.random.default_rng(0), ratio))
    assert result.verdict == verdict
    assert result.low < ratio < result.high
    assert result.speedup == pytest.approx(ratio, rel=0.03)


def test_a_certain_but_small_gain_is_not_faster():
    result = ratio_interval(*pair(np.random.default_rng(0), 1.02, noise=1e-4))
    assert result.p < 0.002
    assert result.verdict == "no difference shown"


def test_interval_covers_at_its_level_and_equal_functions_are_rarely_told_apart():
    rng, runs = np.random.default_rng(1), 400
    results = [ratio_interval(*pair(rng, 1.0, n=12, noise=0.1)) for _ in range(runs)]
    covered = sum(r.low <= 1 <= r.high for r in results) / runs
    # Three standard errors of 400 draws at .95 are .033.
    assert covered == pytest.approx(0.95, abs=0.033)
    assert sum(r.p < 0.002 for r in results) <= 4


def test_agrees_with_walsh_averages_counted_by_hand():
    d = np.log([1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2.0])
    result = ratio_interval(np.exp(d), np.ones(10))
    means = sorted((a + b) / 2 for i, a in enumerate(d) for b in d[i:])
    assert result.speedup == pytest.approx(np.exp(np.median(means)))
    # Exact table for n = 10, level .951: the 9th smallest and largest of 55.
    assert result.low == pytest.approx(np.exp(means[8]))
    assert result.high == pytest.approx(np.exp(means[-9]))
    assert result.p == pytest.approx(2 / 2**10)


def test_equal_times_are_no_difference():
    result = ratio_interval(np.ones(10), np.ones(10))
    assert (result.p, result.verdict) == (1.0, "no difference shown")


@pytest.mark.parametrize(
    ("a", "b", "words"),
    [
        (np.ones(12), np.ones(11), "one length"),
        (np.ones(9), np.ones(9), "at least 10 samples"),
        (np.ones(12), np.zeros(12), "positive"),
        (np.full(12, np.nan), np.ones(12), "positive"),
    ],
)
def test_samples_that_cannot_be_judged(a, b, words):
    with pytest.raises(ValueError, match=words):
        ratio_interval(a, b)
