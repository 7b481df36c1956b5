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


def test_the_script_is_sound():
    """Its syntax, and that it stops at what fails."""
    assert subprocess.run(["bash", "-n", SCRIPT]).returncode == 0
    text = SCRIPT.read_text()
    assert "set -euo pipefail" in text
    assert os.access(SCRIPT, os.X_OK)
