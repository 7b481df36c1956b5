"""Doses of a fix: what they may be, what lies beyond them, and how one is taken."""

import pytest
from gradclinic.scenarios import SCENARIOS
from gradclinic.scenarios.doses import Doses, rates, told
from gradclinic.scenarios.scenario import Fix
from hypothesis import given
from hypothesis import strategies as st

QUESTIONS = [q for s in SCENARIOS.values() for q in (s, *s.parts)]
DOSED = [
    pytest.param(question, fix, id=f"{question.name}-{fix.name}")
    for question in QUESTIONS
    for fix in question.fixes
    if fix.doses
]


@given(
    st.lists(st.floats(1e-6, 1e6), min_size=2, max_size=9, unique=True),
    st.sampled_from(["log", "linear"]),
)
def test_one_step_further_continues_the_last(values, scale):
    values = tuple(sorted(values))
    doses = Doses("rate", values, values[0], scale)
    for end, before in ((values[-1], values[-2]), (values[0], values[1])):
        further = doses.beyond(end)
        if scale == "linear" and abs(2 * end - before) <= 1e-9 * before:
            assert further is None
        elif scale == "log":
            assert further == pytest.approx(end * end / before)
        else:
            assert further == pytest.approx(2 * end - before)
    for inside in values[1:-1]:
        assert doses.beyond(inside) is None


def test_no_step_passes_an_end():
    doses = Doses("rate", (0.1, 0.5, 0.8), 0.5, "linear", least=0, most=0.95)
    assert doses.beyond(0.8) is None  # 1.1
    assert doses.beyond(0.1) is None  # -0.3
    assert Doses("n", (1, 2, 4), 2, least=1, most=8).beyond(4) == 8


def test_no_step_ends_at_nothing():
    """A strength of 0 is the baseline, and no fix."""
    doses = Doses("power", (0.2, 0.4, 0.6, 0.8, 1.0), 1.0, "linear", least=0)
    assert doses.beyond(0.2) is None
    assert doses.beyond(1.0) == pytest.approx(1.2)


def test_whole_numbers_stay_whole():
    further = Doses("inputs", (4, 8, 12), 8).beyond(12)
    assert further == 18 and isinstance(further, int)


def test_a_step_that_rounds_to_what_was_tried_is_none():
    assert Doses("epochs", (1, 2, 3), 2, least=1).beyond(1) is None


@pytest.mark.parametrize("values", [(2.0, 1.0), (1.0, 1.0), (-1.0, 1.0), (1.0, 9.0)])
def test_doses_that_do_not_rise_or_pass_an_end_are_refused(values):
    with pytest.raises(ValueError, match="doses of rate must rise"):
        Doses("rate", values, 1.0, least=0, most=5)


def test_rates_run_over_three_decades_around_the_declared_one():
    found = rates(0.01)
    assert found.usual == 0.01 and 0.01 in found.values
    assert found.values[0] == 1e-4 and found.values[-1] == 0.1
    assert len(found.values) == 7


@pytest.mark.parametrize(
    ("dose", "text"),
    [(1e-5, "0.00001"), (0.3, "0.3"), (12, "12"), (0.00032, "0.00032")],
)
def test_a_dose_is_told_without_an_exponent(dose, text):
    assert told(dose) == text


def test_a_fix_at_a_dose_is_one_without_doses():
    fix = Fix(
        "f",
        "family",
        lambda trial, dose: (trial, dose),
        "A fix",
        "It helps.",
        strength="rate {dose}",
        doses=Doses("rate", (0.1, 0.2), 0.2),
    )
    at = fix.at(0.1)
    assert at.doses is None and at.strength == "rate 0.1"
    assert at.treated("trial") == ("trial", 0.1)
    assert fix.treated("trial") == ("trial", 0.2)
    assert fix.treated("trial", 0.1) == ("trial", 0.1)


@pytest.mark.parametrize(
    ("strength", "dose", "said"),
    [
        ("{dose} residual blocks", 1, "1 residual block"),
        ("{dose} layers a segment", 1, "1 layer a segment"),
        ("8 copies, up to {dose} pixels", 1, "8 copies, up to 1 pixel"),
        ("up to {dose} pixels", 0.1, "up to 0.1 pixels"),
        ("{dose} pixels", 1.1, "1.1 pixels"),
        ("{dose} times the rows", 1, "1 times the rows"),
        ("{dose} of the hidden units pruned", 1, "1 of the hidden units pruned"),
    ],
)
def test_one_of_a_thing_is_told_as_one(strength, dose, said):
    doses = Doses("n", (0.1, 1, 1.1), 1)
    fix = Fix("f", "family", None, "A fix", "It helps.", strength=strength, doses=doses)
    assert fix.at(dose).strength == said


@pytest.mark.parametrize(("question", "fix"), DOSED)
def test_every_dose_makes_a_trial_of_its_own(question, fix):
    assert 4 <= len(fix.doses.values) <= 9
    assert "{dose}" in fix.strength
    assert fix.doses.least <= fix.doses.usual <= fix.doses.most
    trials = {fix.treated(question.baseline, dose) for dose in fix.doses.values}
    assert len(trials) == len(fix.doses.values)
    assert question.baseline not in trials
