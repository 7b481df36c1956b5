"""What the profile computes from what it measures, and that every part measures."""

import json

import numpy as np
import pytest
from gradclinic.bench.commands import main
from gradclinic.bench.measurement import ceilings
from gradclinic.bench.schemas import faults
from gradclinic.bench.studies.profile import (
    diagnostics,
    growth,
    optimizers,
    phases,
    roofline,
    scaling,
    start,
    throughput,
)
from gradclinic.bench.studies.profile.cases import Case
from gradclinic.bench.studies.profile.settings import ProfileSettings
from hypothesis import given, settings
from hypothesis import strategies as st

SETTINGS = ProfileSettings(threads=1, quick=True, samples=10, processes=1, seed=0)
TINY = {
    "tiny": Case("tiny", "step", (4, 6, 3), 8, 16),
    "many": Case("many", "population", (4, 6, 3), 8, 16, 3),
}


def ignore(*_):
    """A progress report that nobody reads."""


@settings(deadline=None)  # the first call imports SciPy
@given(power=st.floats(0.1, 3), factor=st.floats(1e-6, 1e6))
def test_the_exponent_of_a_power_law_is_found(power, factor):
    x = np.array([8, 16, 32, 64, 128])
    found = growth.exponent(x, factor * x**power)
    assert found["value"] == pytest.approx(power, abs=1e-6)
    assert (
        found["low"] <= found["value"] + 1e-6 and found["high"] >= found["value"] - 1e-6
    )


def test_two_points_are_no_power_law():
    with pytest.raises(ValueError, match="at least 3 points"):
        growth.exponent([1, 2], [1, 2])


@pytest.fixture
def tiny(monkeypatch):
    """Every part on tiny work."""
    for part in (diagnostics, scaling):
        monkeypatch.setattr(part, "CASES", TINY)
    for part in (phases, roofline):
        steps = [case for case in TINY.values() if case.kind == "step"]
        monkeypatch.setattr(part, "DENSE", steps)
    monkeypatch.setattr(scaling, "NAMES", tuple(TINY))
    monkeypatch.setattr(diagnostics, "NAMES", ("tiny",))
    for name in ("peak_gflops", "blas_gflops", "triad_gb"):
        monkeypatch.setattr(roofline, name, lambda threads: 10.0 * threads)
    monkeypatch.setattr(optimizers, "triad_gb", lambda threads: 10.0)
    monkeypatch.setattr(throughput, "WIDTHS", (4, 8))
    monkeypatch.setattr(throughput, "BATCHES", (8,))


@pytest.mark.parametrize(
    "part",
    [diagnostics, growth, phases, roofline, scaling, start, throughput],
    ids=lambda part: part.__name__.rpartition(".")[2],
)
def test_parts_write_what_is_told(tiny, monkeypatch, part):
    axes = {"width": ((4, 8, 16, 32), lambda w: ((4, w, 3), 8, 1))}
    monkeypatch.setattr(growth, "AXES", axes)
    monkeypatch.setattr(start, "_seconds", lambda *command: 1.0)
    name = part.__name__.rpartition(".")[2]
    found = json.loads(json.dumps({name: part.measure(SETTINGS, ignore)}))
    assert [said for said in faults(found, "profile") if said.startswith(name)] == []


def test_parts_measure_what_they_say(tiny):
    (one, many) = scaling.measure(SETTINGS, ignore)
    assert (one["case"], many["case"]) == ("tiny", "many")
    assert one["speedup"] == 1 and one["seconds"] > 0
    (watched,) = diagnostics.measure(SETTINGS, ignore)
    assert watched["low"] <= watched["ratio"] <= watched["high"]
    (step,) = phases.measure(SETTINGS, ignore)
    names = [phase["name"] for phase in step["phases"]]
    assert names == ["gather", "forward", "loss", "backward", "update"]
    roofs = roofline.measure(SETTINGS, ignore)
    assert roofs["points"][0]["gflops"] > 0
    (row,) = throughput.measure(SETTINGS, ignore)
    assert row["rows_per_second"] > 0


def test_bytes_of_an_update_are_those_it_moves():
    from gradclinic.kernels import OPTIMIZERS

    for name, count in ceilings.UPDATE_BYTES.items():
        # p and each slot are read and written, g is read: four bytes each time.
        assert count == 4 * (3 + 2 * OPTIMIZERS[name].slots)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--case", "64-64-10"], "--peers"),
        (["--peers", "--case", "65-64-10"], "64-64-10"),
        (["--threads", "0"], "threads"),
    ],
)
def test_wrong_use_is_one_sentence(arguments, words, capsys, tmp_path):
    assert main(["profile", "--out", str(tmp_path), *arguments]) == 2
    said = capsys.readouterr().err
    assert words in said and "Traceback" not in said
