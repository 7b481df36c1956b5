"""A user's optimizer: what works, and one sentence with the line on what does not."""

import pytest
from gradclinic.bench.errors import BadData
from gradclinic.bench.execution.entrant import registered
from gradclinic.bench.studies.optimizers.checks import RANDOM
from gradclinic.bench.studies.optimizers.gate import gate
from gradclinic.bench.studies.optimizers.own import load
from gradclinic.kernels import OPTIMIZERS, drivers

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


@pytest.fixture
def file(tmp_path):
    def write(*changes):
        text = GOOD
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
        (("* m[i]", "* m[i] * np.random.random()"), ["line 5", "same result"]),
        (("p[i] -=", "p[i] +="), ["line 5", "does not converge"]),
        (("m = state[0]", "m = state[0]\n    return 1.0"), ["line 8", "not compile"]),
        (('"mine"', '"adamw"'), ["line 12", "taken"]),
        (('"mine"', '"my optimizer"'), ["line 12", "letters"]),
        (('{"lr": 0.01}', '{"rate": 0.01}'), ["line 12", "'lr' first"]),
        (('{"lr": 0.01}', '{"lr": "fast"}'), ["line 12", "must be a number"]),
        (('"mine", update', '"mine", np.sqrt'), ["line 12", "plain function"]),
        (('update, 1', 'update, -1'), ["line 12", "slots"]),
        (('{"lr": 0.01}', '{"lr": 0.01}, names=1'), ["line 12", "TypeError"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_sentence_with_its_line(file, change, words):
    refused(file(change), "mine.py", *words)


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
