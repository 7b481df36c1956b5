"""The audit applies the rule of every trouble that a page may name."""

from gradclinic.bench.statistics import DETECTORS
from gradclinic.bench.studies.audit.symptoms import RULES
from gradclinic.scenarios import SCENARIOS


def test_every_detector_has_a_rule_of_its_own_here():
    assert set(RULES) == set(DETECTORS)


def test_every_question_s_symptom_can_be_audited():
    questions = [p for s in SCENARIOS.values() for p in (s, *s.parts)]
    assert {question.symptom.detector for question in questions} <= set(RULES)
