"""The correction for overlapping splits uses the rows a number was computed on."""

from dataclasses import replace

import pytest
from gradclinic.bench.studies.evidence import Evidence
from gradclinic.scenarios import SCENARIOS

QUESTIONS = {q.name: q for s in SCENARIOS.values() for q in (s, *s.parts)}
REAL = ("digits", "one_digit", "wine", "breast_cancer", "diabetes", "iris")


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_ratio_is_that_of_the_rows_of_the_metric(question):
    evidence, data = Evidence(question, {}), question.baseline.data
    ratio = evidence.test_over_train(question.metric.rows)
    real = data.name in REAL
    if question.metric.rows is None or not real:
        assert ratio is None
    else:
        assert ratio == getattr(data, question.metric.rows) / data.rows


def test_a_time_to_a_validation_loss_is_a_number_of_the_validation_rows():
    assert QUESTIONS["slow_training"].metric.rows == "validation"
    assert QUESTIONS["slow_training.seconds"].metric.rows is None


def test_data_drawn_afresh_need_no_correction():
    question = QUESTIONS["overfitting"]
    data = replace(question.baseline.data, name="spirals", label_noise=0.0)
    redrawn = replace(question, baseline=replace(question.baseline, data=data))
    assert Evidence(redrawn, {}).test_over_train("test") is None
