"""Which tests a fault meets, and what is remembered of a tree."""

import json
from concurrent.futures import ThreadPoolExecutor
from queue import Queue

import pytest

from . import __main__ as tool
from .candidates import Mutant
from .copies import simulated

TEXT = "def f(a):\n    b = g(a)\n    return b\n\n\ndef g(a):\n    return a\n"


@pytest.fixture
def root(monkeypatch, tmp_path):
    """A tree of one module; line 2 is in `f`, line 7 in `g`."""
    (tmp_path / "bench/studies").mkdir(parents=True)
    (tmp_path / "bench/studies/price.py").write_text(TEXT)
    for folder in ("kernels", "scenarios", "reports", "tests"):
        (tmp_path / folder).mkdir()
    monkeypatch.setattr(tool, "ROOT", tmp_path)
    monkeypatch.setattr(tool, "KEPT", tmp_path / ".mutants.json")
    return tmp_path


def known(**tests):
    """{test file: (seconds, {the module: lines run})} of name=(seconds, lines)."""
    path = "bench/studies/price.py"
    return {
        f"tests/bench/test_{n}.py": (s, {path: ran}) for n, (s, ran) in tests.items()
    }


@pytest.mark.parametrize(
    ("tests", "line", "expected"),
    [
        ({"a": (5, {2}), "b": (5, {7})}, 2, ["a"]),
        ({"a": (5, {7})}, 2, []),
        # That of its own place first, then the faster one; together within the time.
        ({"a": (30, {2}), "b": (20, {2}), "price": (25, {2})}, 2, ["price", "b"]),
        ({"a": (61, {2}), "b": (10, {2})}, 2, ["b"]),
        # A slow one where nothing else runs the line: the fastest of them.
        ({"price": (99, {2}), "a": (70, {2})}, 2, ["a"]),
    ],
)
def test_a_fault_meets_the_tests_that_run_its_line(root, tests, line, expected):
    mutant = Mutant("bench/studies/price.py", line, 0)
    chosen, seconds = tool.tests_for(mutant, known(**tests))
    assert chosen == [f"tests/bench/test_{name}.py" for name in expected]
    assert seconds == sum(tests[name][0] for name in expected)


def test_what_a_test_runs_is_measured_once_for_a_tree(root, capsys):
    measured = []

    class Copy:
        def measured(self, test, limit):
            measured.append((test, limit))
            return test != "slow", 3.0, {"bench/a.py": {2, 1}}

    copies = Queue()
    copies.put(Copy())
    for _ in range(2):
        with ThreadPoolExecutor(1) as pool:
            found = tool.lines_run(copies, pool, ["quick", "slow"])
        assert found == {"quick": (3.0, {"bench/a.py": {1, 2}})}
        assert "left out, slow or failing in a copy: slow" in capsys.readouterr().out
    assert measured == [("quick", tool.SLOW_FILE), ("slow", tool.SLOW_FILE)]
    assert set(json.loads(tool.KEPT.read_text())["tests"]) == {"quick", "slow"}
    (root / "kernels" / "new.py").touch()
    with ThreadPoolExecutor(1) as pool:
        tool.lines_run(copies, pool, ["quick"])
    assert len(measured) == 3 and copies.qsize() == 1


def test_tests_of_a_measurement_of_a_gpu_are_run_in_the_simulator():
    found = tool._test_files()
    assert [test for test in found if simulated(test)] == [
        "tests/cuda/test_kernel_measure.py",
        "tests/cuda/test_kernel_measure_calls.py",
    ]
    assert "tests/bench/test_suite.py" in found
    assert not any(test.startswith("tests/kernels/") for test in found)
