"""A command can be typed again as it is printed."""

import shlex
import sys

import pytest
from gradclinic.bench import typed as module
from gradclinic.bench.typed import OUT, program, typed
from hypothesis import given
from hypothesis import strategies as st


def test_what_was_not_given_is_not_said():
    said = typed("gradclinic", "run", seed=0, seeds=None, quick=False, out=OUT, case=())
    assert said == "gradclinic run"


@given(words=st.lists(st.text(min_size=1)), value=st.text(min_size=1))
def test_a_shell_reads_back_what_was_given(words, value):
    said = typed(*words, quick=True, out=value, case=("a b", value), seed=3)
    given = ["--quick", "--out", value, "--case", "a b", "--case", value, "--seed", "3"]
    assert shlex.split(said) == [*words, *given]


@pytest.mark.parametrize(
    ("found", "first", "words"),
    [
        ("/bin/gradclinic", "x", ["gradclinic"]),
        (None, "/venv/bin/gradclinic", ["/venv/bin/gradclinic"]),
        (None, "/a/__main__.py", [sys.executable, "-m", "gradclinic.bench"]),
    ],
)
def test_the_program_is_named_as_it_can_be_started(monkeypatch, found, first, words):
    monkeypatch.setattr(module.shutil, "which", lambda name: found)
    monkeypatch.setattr(sys, "argv", [first])
    assert program() == words
