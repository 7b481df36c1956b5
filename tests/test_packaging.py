"""The wheel holds every sub-package and runs where only its dependencies are."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("kernels", "scenarios", "bench", "reports")
RESULTS = ROOT / "bench" / "results"
DOOR = ROOT / "bench" / "door"  # the package itself
# The README's, and what measures a checkout: no parts of the program.
OUTSIDE = (ROOT / "reports" / "example.png", ROOT / "bench" / "gpu.sh")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PACKAGES = PROJECT["tool"]["setuptools"]["packages"]
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc")


def installed_as(path: Path) -> str:
    """Where a file or folder of the rooms lies once it is installed."""
    if path.is_relative_to(DOOR):
        return (Path("gradclinic") / path.relative_to(DOOR)).as_posix()
    return f"gradclinic/{path.relative_to(ROOT).as_posix()}"


def sources() -> set[str]:
    """Return every file of the rooms, as the wheel should name it."""
    files = (path for room in ROOMS for path in (ROOT / room).rglob("*"))
    return {
        installed_as(path)
        for path in files
        if path.is_file()
        and "__pycache__" not in path.parts
        and path not in OUTSIDE
        and RESULTS not in path.parents  # measured once, not part of the program
    }


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """Build from a copy: a build leaves folders, and reads what an old one left."""
    copy = tmp_path_factory.mktemp("sources")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    for room in ROOMS:
        shutil.copytree(ROOT / room, copy / room, ignore=LEFT_OUT)
    out = tmp_path_factory.mktemp("wheel")
    options = ["--no-build-isolation", "--no-deps", "--no-index", "--wheel-dir", out]
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--quiet", *options, copy], check=True)
    (built,) = out.iterdir()
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> SimpleNamespace:
    """Install into a new environment that sees, besides, only the dependencies."""
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python"]
    options = ["--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, python, "install", *options, wheel], check=True)
    (site,) = home.glob("lib/python*/site-packages")
    # A path file inside the folder named here is not read: no editable install leaks.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    return SimpleNamespace(home=home, python=python, elsewhere=elsewhere)


def run(installed, *command) -> str:
    """Return what a command prints, run from a folder that holds nothing."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    done = subprocess.run(
        command, cwd=installed.elsewhere, env=clean, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_folder_of_modules_is_a_listed_package():
    folders = {path.parent for room in ROOMS for path in (ROOT / room).rglob("*.py")}
    found = {installed_as(folder).replace("/", ".") for folder in folders}
    assert found == set(PACKAGES)
    assert PACKAGES == sorted(PACKAGES)
    assert all((folder / "__init__.py").exists() for folder in folders)


def test_the_wheel_holds_every_file_of_the_rooms(wheel):
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert packed == sources()
    assert any(name.endswith(".css") for name in packed)
    assert any("/templates/" in name for name in packed)


def test_the_wheel_imports_in_an_empty_environment(installed):
    script = (
        "import importlib, sys\n"
        f"for name in {PACKAGES!r}:\n"
        "    print(importlib.import_module(name).__file__)\n"
    )
    printed = run(installed, installed.python, "-c", script).splitlines()
    assert len(printed) == len(PACKAGES)
    assert all(Path(file).is_relative_to(installed.home) for file in printed)


def test_the_wheel_has_a_door(installed):
    script = (
        "import sys, gradclinic as gc\n"
        "assert not {'numba', 'numpy'} & set(sys.modules)\n"
        "print(gc.__file__, gc.__version__, gc.mlp([4, 2]).n_params)"
    )
    file, version, parameters = run(installed, installed.python, "-c", script).split()
    assert Path(file).is_relative_to(installed.home)
    assert (version, parameters) == (PROJECT["project"]["version"], "10")


def test_the_wheel_runs_in_an_empty_environment(installed):
    gradclinic = installed.home / "bin" / "gradclinic"
    version = PROJECT["project"]["version"]
    assert run(installed, gradclinic, "--version") == f"gradclinic {version}\n"
    assert "adamw" in run(installed, gradclinic, "list")
    assert list(installed.elsewhere.iterdir()) == []
