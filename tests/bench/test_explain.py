"""gradclinic explain: a trouble in three sentences, the third from stored results."""

import json

import pytest
from click.testing import CliRunner
from gradclinic.bench.commands import cli
from gradclinic.bench.commands.explain import explained
from gradclinic.scenarios import SCENARIOS

from ..reports.conftest import overfitting

QUESTIONS = [q for s in SCENARIOS.values() for q in (s, *s.parts)]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.name)
def test_every_question_is_explained(question, tmp_path):
    title, what, look, first = explained(question.name, None, tmp_path)
    assert (title, what) == (question.title, question.summary)
    assert look.endswith(".") and look[0].isupper() and len(look.split()) <= 24
    assert f"gradclinic run {question.name.partition('.')[0]}" in first


def test_what_to_try_first_comes_from_the_results(tmp_path):
    result = overfitting()
    (tmp_path / "overfitting.json").write_text(json.dumps(result))
    run = CliRunner().invoke(cli, ["explain", "overfitting", "--out", str(tmp_path)])
    assert run.exit_code == 0
    assert "If you can do only one thing: “" in run.stdout.splitlines()[-1]


def test_an_unknown_name_is_refused_with_the_nearest(tmp_path):
    run = CliRunner().invoke(cli, ["explain", "overfiting", "--out", str(tmp_path)])
    assert run.exit_code == 2 or "did you mean overfitting" in str(run.exception)
