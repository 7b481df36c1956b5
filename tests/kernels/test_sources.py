"""What an edit of a file renews: code and runs that import it, and nothing else."""

import ast
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from gradclinic.kernels import sources

# Hashes of a copy: of compiled functions by the file they are in, and of trainings.
HASHES = """
import importlib.util, json, sys
spec = importlib.util.spec_from_file_location("sources", sys.argv[1] + "/sources.py")
sources = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sources)
def of(name):
    return sources.hash_of([sources.SOURCES / name])
trained = sources.training_source
print(json.dumps({
    "loop": of("loop/training.py"), "tasks": of("loop/tasks.py"),
    "dense": of("layers/dense.py"), "conv2d": of("layers/conv2d.py"),
    "adam rule": of("optimizers/adam.py"), "lion rule": of("optimizers/lion.py"),
    "adam": trained(named=[("optimizers", "adam"), ("schedules", "constant")]),
    "lion": trained(named=[("optimizers", "lion"), ("schedules", "cosine")]),
    "lion on a gpu": trained("cuda", [("optimizers", "lion"), ("schedules", "cosine")]),
}))
"""


@pytest.fixture
def copy(tmp_path):
    kernels = tmp_path / "kernels"
    shutil.copytree(
        sources.SOURCES, kernels, ignore=shutil.ignore_patterns("__pycache__")
    )
    return kernels


def hashes(kernels):
    done = subprocess.run(
        [sys.executable, "-c", HASHES, str(kernels)], capture_output=True, check=True
    )
    return json.loads(done.stdout)


TRAININGS = {"adam", "lion", "lion on a gpu"}
CODE = {"loop", "tasks", "dense", "conv2d", "adam rule", "lion rule"}


@pytest.mark.parametrize(
    ("file", "renewed"),
    [
        ("optimizers/adam.py", {"adam rule", "adam"}),
        ("optimizers/newest.py", set()),
        ("layers/newest.py", set()),
        ("layers/conv2d.py", {"conv2d"}),
        ("layers/dense.py", {"dense"} | TRAININGS),
        ("schedules/cosine.py", {"lion", "lion on a gpu"}),
        ("cuda/block.py", {"lion on a gpu"}),
        ("loop/step.py", {"loop"} | TRAININGS),
        ("loop/tasks.py", {"loop", "tasks"} | TRAININGS),
        ("history.py", TRAININGS),
        ("jit.py", CODE | TRAININGS),
    ],
)
def test_an_edit_renews_what_imports_the_file(file, renewed, copy):
    before = hashes(copy)
    with (copy / file).open("a", encoding="utf-8") as source:
        source.write("\n# edited\n")
    after = hashes(copy)
    assert {name for name in before if after[name] != before[name]} == renewed


def test_imports_are_followed_in_all_their_forms(tmp_path):
    for name, text in {
        "one.py": "from .two import x\nfrom . import three\nimport numpy\n",
        "two.py": "def f():\n    from .inner.four import y\n",
        "three.py": "from .inner import five\n",
        "other.py": "",
        "inner/__init__.py": "",
        "inner/four.py": "from ..two import z\n",
        "inner/five.py": "from .. import six\nfrom numpy import pi\n",
        "six.py": "",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    found = {
        path.relative_to(tmp_path).as_posix()
        for path in sources.with_imports(tmp_path / "one.py")
    }
    assert found == {
        "one.py",
        "two.py",
        "three.py",
        "inner/__init__.py",
        "inner/four.py",
        "inner/five.py",
        "six.py",
    }


def parsed(file):
    """The files that a file imports, as Python's own parser reads it."""
    found = set()
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = file.parents[node.level - 1].joinpath(
                *(node.module or "").split(".")
            )
            names = [base / alias.name for alias in node.names]
            for path in (*names, *[base] * bool(node.module)):
                both = (path.with_suffix(".py"), path / "__init__.py")
                found.update(module for module in both if module.is_file())
    return found


@pytest.mark.parametrize("room", ["kernels", "bench", "scenarios", "reports"])
def test_imports_are_those_that_the_parser_finds(room):
    files = sorted((sources.SOURCES.parent / room).rglob("*.py"))
    assert len(files) > 20
    for file in files:
        assert sources.imported(file) == parsed(file), file


def test_a_file_of_a_user_is_read_each_time(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text("x = 1\n")
    first = sources.hash_of([path])
    assert sources.hash_of([path]) == first
    path.write_text("x = 2\n")
    assert sources.hash_of([path]) != first


def test_what_training_discovers_is_not_what_it_imports():
    building, trainer = (
        Path(sources.SOURCES, f"{n}.py") for n in ("building", "trainer")
    )
    files = sources.with_imports(building) | sources.with_imports(trainer)
    inside = {file.relative_to(sources.SOURCES).as_posix() for file in files}
    assert "loop/training.py" in inside and "layers/dense.py" in inside
    assert not any(name.startswith("optimizers/adam") for name in inside)
