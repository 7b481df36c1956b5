"""The GPU's part of a profile: imported, missing with a sentence, or measured here."""

import json
import shlex

import pytest
from gradclinic.bench.commands import main
from gradclinic.bench.schemas import faults
from gradclinic.bench.studies.profile import device, own_cpu, study
from gradclinic.bench.studies.profile.settings import ProfileSettings
from gradclinic.kernels.device import DeviceError

SETTINGS = ProfileSettings(threads=1, quick=True, samples=10, processes=1, seed=0)
OWN = tuple(study.OWN)
NO_GPU = "There is no NVIDIA GPU here, or its driver is not installed."


def ignore(*_):
    """A progress report that nobody reads."""


@pytest.fixture
def bare(monkeypatch):
    """No part of a profile but the GPU's, no GPU, and a CPU of known speed."""
    monkeypatch.setattr(study, "OWN", {})
    monkeypatch.setattr(device, "absence", lambda: NO_GPU)

    def stepper(case, seed, threads):
        return lambda: 1e-12 * case.flops

    monkeypatch.setattr(own_cpu, "stepper", stepper)


@pytest.fixture
def file(make_measurement, tmp_path):
    path = tmp_path / "a gpu.json"
    path.write_text(json.dumps(make_measurement()))
    return path


def run(folder, capsys, *arguments):
    """(exit code, the profile printed as JSON, stderr)."""
    code = main(["profile", "--json", "--quick", "--out", str(folder), *arguments])
    out, err = capsys.readouterr()
    content = json.loads(out)
    whole = dict.fromkeys(OWN) | content
    assert list(faults(whole, "profile")) == []
    return code, content, err


def test_without_a_gpu_one_sentence_says_what_is_missing(bare, tmp_path, capsys):
    code, content, err = run(tmp_path, capsys)
    assert code == 0 and content["gpu"] is None
    assert content["gpu_missing"].startswith(NO_GPU)
    assert "bench/gpu.sh" in content["gpu_missing"]
    assert content["gpu_missing"] in err.splitlines()
    page = (tmp_path / "profile.html").read_text()
    assert NO_GPU in page and "No GPU was measured." in page


def test_an_imported_gpu_lies_beside_this_cpu(bare, file, tmp_path, capsys):
    code, content, err = run(tmp_path / "out", capsys, "--import", str(file))
    assert code == 0 and "bench/gpu.sh" not in err
    gpu = content["gpu"]
    assert gpu["imported"] and content["gpu_missing"] is None
    assert gpu["measured_on"]["gpu"] == "Example H1 (made up)"
    assert {(row["width"], row["batch"]) for row in gpu["here"]["rows"]} == {
        (row["width"], row["batch"]) for row in gpu["rows"]
    }
    words = shlex.split(content["command"])
    assert words[words.index("--import") + 1] == str(file)
    assert words[words.index("--out") + 1] == str(tmp_path / "out")
    stored = json.loads((tmp_path / "out" / "profile.json").read_text())
    assert stored["gpu"] == gpu
    again = (tmp_path / "out" / "profile.html").read_text()
    assert main(["report", str(tmp_path / "out")]) == 0
    assert (tmp_path / "out" / "profile.html").read_text() == again


@pytest.mark.parametrize(
    ("text", "code"), [("{}", 4), ('{"schema": "gradclinic gpu 9"}', 4), (None, 5)]
)
def test_a_file_that_cannot_be_used_ends_before_measuring(
    tmp_path, capsys, monkeypatch, text, code
):
    monkeypatch.setattr(study, "profile", None)
    path = tmp_path / "gpu.json"
    if text is not None:
        path.write_text(text)
    out = tmp_path / "out"
    assert main(["profile", "--out", str(out), "--import", str(path)]) == code
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "gpu.json" in said
    assert not out.exists()


def test_large_sizes_that_would_take_too_long_are_left_out(
    make_measurement, monkeypatch
):
    def stepper(case, seed, threads):
        return lambda: 1e-10 * case.flops

    monkeypatch.setattr(own_cpu, "stepper", stepper)
    grid = make_measurement()["grid"]
    found, (said,) = own_cpu.seconds_at(grid, SETTINGS, ignore)
    assert 0 < len(found) < len(grid)
    assert all(len(samples) == 10 for samples in found.values())
    assert f"the {len(grid) - len(found)} largest of {len(grid)} sizes" in said
    assert max(w for w, _ in found) < 2048


def test_this_cpu_is_really_timed(make_measurement):
    grid = make_measurement(crossovers={32: 600.0})["grid"][:1]
    found, left_out = own_cpu.seconds_at(grid, SETTINGS, ignore)
    assert left_out == [] and min(found[32, 32]) > 0


@pytest.fixture
def present(monkeypatch):
    """A GPU that is there; measures(call) puts what measures it."""
    from gradclinic.bench.studies.gpu import measure as module

    monkeypatch.setattr(device, "absence", lambda: None)
    return lambda call: monkeypatch.setattr(module, "measure", call)


def test_a_gpu_that_is_here_is_measured(present, make_measurement):
    asked = []

    def measure(settings, say, keep):
        asked.append(settings)
        say("grid: 110 s at most.")
        keep(make_measurement())

    present(measure)
    heard = []
    found, missing = device.measure(SETTINGS, True, None, lambda *s: heard.append(s))
    assert missing is None and found["imported"] is False and found["here"] is None
    assert len(found["rows"]) == 8 and heard == [(0, 1, "GPU: grid: 110 s at most.")]
    assert asked[0].quick and asked[0].threads == 1 and asked[0].peers


def test_a_gpu_that_fails_leaves_what_there_was(present, make_measurement):
    def measure(settings, say, keep):
        keep(make_measurement() | {"populations": [], "peers": []})
        raise DeviceError("The GPU ran out of memory.")

    present(measure)
    found, missing = device.measure(SETTINGS, False, None, ignore)
    assert missing == "The GPU ran out of memory."
    assert len(found["rows"]) == 8 and found["populations"] == []


def test_a_gpu_that_fails_at_once_is_a_sentence(present):
    def measure(settings, say, keep):
        raise DeviceError("The driver is too old.")

    present(measure)
    assert device.measure(SETTINGS, False, None, ignore) == (
        None,
        "The driver is too old.",
    )
