"""A user's optimizer: what works, and one sentence with the line on what does not."""

import sys

import numpy as np
import pytest
from gradclinic.bench.errors import BadData
from gradclinic.bench.execution.entrant import registered
from gradclinic.bench.studies.optimizers.checks import RANDOM
from gradclinic.bench.studies.optimizers.gate import gate
from gradclinic.bench.studies.optimizers.own import load
from gradclinic.kernels import OPTIMIZERS
from gradclinic.kernels.loop import drivers

GOOD = """
import numpy as np
from gradclinic.kernels import Optimizer

def update(p, g, state, hyper, step, layout):
    lr = p.dtype.type(hyper[0])
    m = state[0]
    for i in range(p.size):
        m[i] = m[i] * p.dtype.type(0.9) + g[i]
        p[i] -= lr * m[i]

OPTIMIZER = Optimizer("mine", update, 1, "me, 2026", {"lr": 0.01})
"""

APART = """
import math
from gradclinic.kernels import Optimizer

def scalars(hyper, step):
    return hyper[0], hyper[1]

def element(p, g, state, i, c):
    lr, mu = c
    m = mu * state[0, i] + g[i]
    state[0, i] = m
    p[i] -= lr * m

OPTIMIZER = Optimizer("mine", element=element, scalars=scalars, slots=1,
                      defaults={"lr": 0.01, "momentum": 0.9})
"""


@pytest.fixture
def file(tmp_path):
    def write(*changes, text=GOOD):
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "mine.py"
        path.write_text(text)
        return path

    return write


def refused(path, *words):
    with pytest.raises(BadData) as caught:
        gate(load(path), threads=1)
    said = str(caught.value)
    assert "\n" not in said and said.endswith(".")
    for word in words:
        assert word in said, said


AVERAGE = """
def average(out, p, state, hyper, step, layout):
    for i in range(p.size):
        out[i] = p[i] - state[0, i]

OPTIMIZER = Optimizer("mine", update, 1, "me, 2026", {"lr": 0.01}, average=average)
"""


def test_a_file_may_declare_what_is_predicted_with(file):
    _, _, declared = GOOD.rpartition("\nOPTIMIZER")
    averaged = (f"\nOPTIMIZER{declared}", AVERAGE)
    optimizer = load(file(averaged)).optimizer
    p, state = np.ones(3, np.float32), np.full((1, 3), 0.25, np.float32)
    np.testing.assert_array_equal(optimizer.averaged(p, state), np.full(3, 0.75))
    refused(file(averaged, ("state[0, i]\n", "state[9, i]\n")), "mine.py")


def test_a_good_file_passes_and_recompiles_no_loop(file):
    gate(load(file()), threads=1)
    loops = len(drivers.train_population.overloads)
    figures = gate(load(file(("0.9", "0.8"))), threads=1)
    assert figures["deterministic"] and figures["remaining"] < 0.01
    assert len(drivers.train_population.overloads) == loops


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("m[i] = m[i]", "m[i] = m[i"), ["line 9", "not valid Python"]),
        (("import numpy", "import numpi"), ["line 2", "ModuleNotFoundError"]),
        (("OPTIMIZER =", "OPTIMISER ="), ["must define OPTIMIZER"]),
        ((", layout", ""), ["line 5", "6 arguments: p, g, state, hyper"]),
        (("* m[i]", "* velocity[i]"), ["line 10", "not compile", "velocity"]),
        (("= state[0]", "= state[0].nothing"), ["line 7", "not compile", "nothing"]),
        (("* m[i]", "* m[i] + p.nope"), ["line 10", "not compile", "nope"]),
        (("state[0]", "state[1]"), ["line 7", "IndexError"]),
        (("hyper[0]", "hyper[4]"), ["line 6", "IndexError"]),
        (("m[i] * p", "m[i + 1] * p"), ["line 9", "IndexError"]),
        (("* m[i]", "* np.sqrt(-m[i] * m[i] - lr)"), ["line 5", "NaN"]),
        (("* m[i]", "* ((m[i] > 0) - (m[i] < 0))"), ["line 5", "NaN in the gradient"]),
        (("* m[i]", "* m[i] * np.random.random()"), ["line 5", "same result"]),
        (("p[i] -=", "p[i] +="), ["line 5", "does not converge"]),
        (("m = state[0]", "m = state[0]\n    return 1.0"), ["line 8", "not compile"]),
        (('"mine"', '"adamw"'), ["line 12", "taken"]),
        (('"mine"', '"my optimizer"'), ["line 12", "letters"]),
        (('{"lr": 0.01}', '{"rate": 0.01}'), ["line 12", "'lr' first"]),
        (('{"lr": 0.01}', '{"lr": "fast"}'), ["line 12", "must be a number"]),
        (('"mine", update', '"mine", np.sqrt'), ["line 12", "plain function"]),
        (("update, 1", "update, -1"), ["line 12", "slots"]),
        (('{"lr": 0.01}', '{"lr": 0.01}, names=1'), ["line 12", "TypeError"]),
    ],
)
def test_what_is_wrong_is_one_sentence_with_its_line(file, change, words):
    refused(file(change), "mine.py", *words)


ACCENT = "# é\n"
DATACLASS = """from __future__ import annotations
from dataclasses import dataclass

@dataclass
class Kept:
    rate: float

"""


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + GOOD.encode(),
        ("# -*- coding: latin-1 -*-\n" + ACCENT + GOOD).encode("latin-1"),
        (DATACLASS + GOOD).encode(),
        (ACCENT + GOOD).encode(),
        GOOD.replace("\n", "\r\n").encode(),
    ],
    ids=["byte order mark", "coding line", "dataclass", "accent", "carriage returns"],
)
def test_a_file_is_read_as_python_reads_it(tmp_path, content):
    path = tmp_path / "mine.py"
    path.write_bytes(content)
    assert load(path).name == "mine"


def test_the_name_of_a_file_hides_no_module(tmp_path):
    path = tmp_path / "numpy.py"
    path.write_text(GOOD)
    assert load(path).name == "mine"
    assert sys.modules["numpy"].__file__ != str(path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff = 1\n", ("not valid Python",)),
        (b"x = 1\0\n", ("not valid Python",)),
        (b"# coding: klingon\n", ("not valid Python", "klingon")),
        (b"import sys\nsys.exit(0)\n", ("line 2", "SystemExit: 0")),
    ],
    ids=["no UTF-8", "a zero byte", "no such coding", "it ends Python"],
)
def test_a_file_that_python_does_not_read_is_said(tmp_path, content, words):
    path = tmp_path / "mine.py"
    path.write_bytes(content)
    refused(path, *words)


def test_a_formula_for_one_parameter_passes_as_the_rule_does(file):
    whole, apart = (gate(load(file(text=text)), threads=1) for text in (GOOD, APART))
    assert apart["remaining"] == pytest.approx(whole["remaining"], rel=1e-3)
    decorated = ("def element", "@numba.njit\ndef element"), ("math", "numba")
    assert load(file(*decorated, text=APART)).optimizer.elementwise


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("hyper, step", "hyper"), ["line 5", "2 arguments: hyper, step"]),
        (("[0], hyper[1]", "[0], hyper[4]"), ["line 6", "IndexError"]),
        (("[0], hyper[1]", "[0], speed"), ["line 6", "not compile", "speed"]),
        (("hyper[0], hyper[1]", "hyper[0]"), ["line 5", "a tuple of numbers"]),
        (("hyper[0], hyper[1]", "hyper"), ["line 5", "a tuple of numbers"]),
        (("[0], hyper[1]", "[0], None"), ["line 5", "a tuple of numbers"]),
        (("state, i, c", "state, i"), ["line 8", "5 arguments: p, g, state, i, c"]),
        (("lr, mu = c", "lr, mu, eps = c"), ["line 9", "not compile", "tuple"]),
        (("mu * state", "mu * velocity"), ["line 10", "not compile", "velocity"]),
        (("* state[0, i]", "* state[1, i]"), ["line 10", "IndexError"]),
        (("g[i]", "g[i + 1]"), ["line 10", "IndexError"]),
        (("g[i]", "math.sqrt(-lr)"), ["line 8", "NaN"]),
        (("p[i] -=", "p[i] +="), ["line 8", "does not converge"]),
        (("scalars=scalars, ", ""), ["line 14", "element and scalars together"]),
        (("scalars=scalars", "scalars=3"), ["line 14", "scalars must be a Python"]),
        (("element=", "rule=element, element="), ["line 14", "either a rule or"]),
    ],
)
def test_what_is_wrong_with_a_formula_is_one_sentence(file, change, words):
    refused(file(change, text=APART), "mine.py", *words)


def test_a_missing_file_is_said(tmp_path):
    refused(tmp_path / "none.py", "There is no file")


def test_a_folder_is_no_file(tmp_path):
    refused(tmp_path, "cannot be read")


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_of_ours_passes_the_gate(name):
    assert gate(registered(name), threads=1)["remaining"] <= 0.01


def test_a_random_direction_does_not(tmp_path):
    with pytest.raises(BadData, match="does not converge"):
        gate(RANDOM, threads=1)
