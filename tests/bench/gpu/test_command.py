"""The command and the script that measure a GPU, where there is none."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from gradclinic.kernels.driver import absence

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = ROOT / "bench" / "gpu.sh"
COMMAND = [sys.executable, "-m", "gradclinic.bench.studies.gpu"]
ABSENT = absence()
without_gpu = pytest.mark.skipif(ABSENT is None, reason="there is a GPU")


def run(*command):
    around = {k: v for k, v in os.environ.items() if k != "NUMBA_ENABLE_CUDASIM"}
    around["PYTHON"] = sys.executable
    return subprocess.run(command, capture_output=True, text=True, env=around)


@without_gpu
@pytest.mark.parametrize("options", [["--check"], ["{out}"]])
def test_without_a_gpu_the_command_exits_5_with_a_sentence(options, tmp_path):
    out = tmp_path / "gpu.json"
    done = run(*COMMAND, *(option.format(out=out) for option in options))
    assert (done.returncode, done.stdout, done.stderr) == (5, "", f"{ABSENT}\n")
    assert not out.exists()


@without_gpu
def test_without_a_gpu_the_script_exits_5_with_a_sentence(tmp_path):
    out = tmp_path / "gpu.json"
    done = run(str(SCRIPT), str(out))
    assert (done.returncode, done.stdout, done.stderr) == (5, "", f"{ABSENT}\n")
    assert not out.exists()


def test_a_python_without_the_packages_is_named(tmp_path):
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho 'no module named click' >&2\nexit 1\n")
    python.chmod(0o755)
    around = {**os.environ, "PYTHON": str(python)}
    done = subprocess.run([SCRIPT], capture_output=True, text=True, env=around)
    assert done.returncode == 5
    assert done.stderr == f"{python} cannot measure: no module named click\n"


FAKE = """#!/usr/bin/env bash
case "$*" in
  -c*) ;;
  *--check) ;;
  '-m pytest'*) echo "tests/test_a.py::test_one PASSED [100%]"; exit "$TESTS_END" ;;
  *studies.gpu*) cp "$5" "$LOG"; echo "$3" "$6" "$7" > "$CALLED"; exit "$END" ;;
esac
"""


@pytest.mark.parametrize(
    ("tests_end", "end", "expected"),
    [(0, 0, 0), (1, 0, 1), (124, 0, 1), (0, 5, 5), (0, 124, 0)],
    ids=["fine", "a test failed", "tests cut off", "GPU lost", "cut off"],
)
def test_the_script_passes_on_how_it_ended(tests_end, end, expected, tmp_path):
    """By a Python that only notes what it is asked to do."""
    python, called, log = (tmp_path / name for name in ("python", "called", "log"))
    python.write_text(FAKE)
    python.chmod(0o755)
    out = tmp_path / "gpu.json"
    around = {"PYTHON": python, "CALLED": called, "LOG": log}
    around |= {"TESTS_END": str(tests_end), "END": str(end)}
    done = subprocess.run(
        [SCRIPT, out], capture_output=True, text=True, env={**os.environ, **around}
    )
    assert done.returncode == expected, done.stderr
    path, option, seconds = called.read_text().split()
    assert (path, option) == (str(out), "--seconds")
    assert 300 < int(seconds) < 540
    assert "PASSED" in log.read_text()


def test_the_script_is_sound():
    assert subprocess.run(["bash", "-n", SCRIPT]).returncode == 0
    assert "set -euo pipefail" in SCRIPT.read_text()
    assert os.access(SCRIPT, os.X_OK)
