"""Each sign of noise on its own, at either side of its limit."""

import pytest
from gradclinic.bench.measurement import noise as measured
from gradclinic.bench.measurement.noise import (
    HostNoise,
    HostWatch,
    Laps,
    Sample,
    Signs,
    judge,
    worst,
)

START = Sample(stolen=0, total=0, others=0.5, sentinel=1e-5)


def after(stolen=0, total=1000, others=9.0, sentinel=1e-5):
    return Sample(stolen, total, others, sentinel)


def test_a_quiet_host():
    # What works at the end is our own.
    noise = judge(START, after(), cores=2)
    assert (noise.noisy, noise.reasons) == (False, ())


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (START, after(stolen=11), "Other virtual machines took 1.1 % of the time."),
        (START, after(sentinel=1.06e-5), "The same work took 6 % longer at the end."),
        (
            START,
            after(sentinel=0.9e-5),
            "The same work took 10 % less time at the end.",
        ),
        (
            Sample(0, 0, 1.1, 1e-5),
            after(),
            "Other work kept 1.1 of 2 cores busy at the start.",
        ),
    ],
)
def test_one_sign_is_enough(start, end, words):
    assert judge(start, end, cores=2).reasons == (words,)


@pytest.mark.parametrize("end", [after(stolen=10), after(sentinel=1.049e-5)])
def test_limits_are_exclusive(end):
    assert not judge(START, end, cores=2).noisy


def test_what_a_system_does_not_tell_is_no_noise():
    start, end = Sample(None, None, None, 1.0), Sample(None, None, None, 1.0)
    assert not judge(start, end, cores=2).noisy


def test_a_lap_starts_where_the_one_before_it_ended(monkeypatch):
    looks = [
        Sample(10, 1000, 0.2, 1.0),
        Sample(12, 1100, 1.5, 1.1),
        Sample(12, 1300, 0.1, 0.99),
    ]
    monkeypatch.setattr(measured, "look", lambda: looks.pop(0))
    monkeypatch.setattr(measured.os, "cpu_count", lambda: 8)
    laps = Laps()
    first, second = laps.signs(), laps.signs()
    assert (first.steal, first.others, first.cores) == (0.02, 0.2, 8)
    assert first.drift == pytest.approx(0.1)
    assert (second.steal, second.others) == (0.0, 1.5)
    assert second.drift == pytest.approx(-0.1)


def test_the_worst_of_each_sign_counts():
    found = [
        Signs(0.002, 0.5, 2, 0.01),
        Signs(None, 1.0, 8, -0.04),
        Signs(0.001, None, 2, 0.03),
    ]
    assert worst(found) == worst(found[::-1]) == Signs(0.002, 0.5, 2, -0.04)
    assert worst([]) is None
    nothing = Signs(None, None, 2, 0.0)
    assert worst([nothing]) == nothing and nothing.noise() == HostNoise(False, ())


def test_watch_looks_at_both_ends():
    with HostWatch() as watch:
        assert watch.noise.reasons == ()
    assert watch.noise.noisy == bool(watch.noise.reasons)


@pytest.mark.parametrize(("idle", "busy"), [(60, 0.0), (30, 1.0), (0, 2.0)])
def test_what_others_do_now_counts_and_not_what_has_ended(idle, busy, monkeypatch):
    """Ticks of two cores while it waits; a load average would still be high."""
    looks = iter([(0, 1000, 100), (0, 1060, 100 + idle)])
    monkeypatch.setattr(measured, "_ticks", lambda: next(looks))
    monkeypatch.setattr(measured.time, "sleep", lambda seconds: None)
    monkeypatch.setattr(measured.os, "cpu_count", lambda: 2)
    monkeypatch.setattr(measured.os, "getloadavg", lambda: (9.0, 9.0, 9.0))
    assert measured._busy_cores() == pytest.approx(busy)
