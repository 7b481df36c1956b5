"""The section on other strengths and data: what is counted, and what is said."""

import pytest
from gradclinic.reports.elsewhere import carried, elsewhere, headline
from gradclinic.reports.opening import first_to_try

from .conftest import a_fix, overfitting

PATIENTS = [
    {"name": "digits", "title": "Digits", "about": "Small images.", "real": True},
    {"name": "clusters", "title": "Clusters", "about": "Drawn afresh.", "real": False},
]


def a_case(patient, severity, *verdicts, fires=True, refuted=False):
    """verdicts: of the rate alone, early stopping and the L2 penalty."""
    labels = ("Rate alone", "Early stopping", "L2 penalty (weight decay)")
    strength = {"healthy": None, "mild": 2, "clear": 5, "severe": 1000}[severity]
    return {
        "scenario": f"overfitting@{patient}.{severity}",
        "patient": patient,
        "severity": severity,
        "strength": strength,
        "n": 12,
        "rows": {"rows": 100, "validation": 50, "test": 60},
        "baseline": 0.5,
        "symptom": overfitting()["symptom"] | {"fires": fires, "refuted": refuted},
        "fixes": [
            a_fix(label, 0.3, 0.1, verdict)
            for label, verdict in zip(labels, verdicts, strict=False)
        ],
        "unfit": {},
        "trainings": 100,
    }


HELP, NONE, OPEN = "relieved", "too small to matter", "inconclusive"
CASES = [
    a_case("digits", "healthy", fires=False, refuted=True),
    a_case("digits", "mild", HELP, NONE, HELP, fires=False, refuted=True),
    a_case("digits", "clear", NONE, OPEN, HELP, fires=False),
    a_case("clusters", "severe", NONE, "cured", HELP),
]


def result(cases=tuple(CASES), untried=(), **changes):
    told = {
        "trouble": "overfitting",
        "cause": "Rows are left out.",
        "unit": "times fewer rows",
        "patients": PATIENTS,
        "absent": {"wine": "it is too easy."},
        "untried": list(untried),
        "cases": list(cases),
    }
    return overfitting() | {"elsewhere": told} | changes


def test_what_was_not_run_has_no_section():
    assert elsewhere(overfitting()) is None
    assert elsewhere(overfitting() | {"elsewhere": None}) is None
    assert headline(overfitting()) == "" and carried(overfitting(), "dropout") is None


def test_a_case_is_a_row_and_a_sound_training_is_none():
    found = elsewhere(result())
    assert [row.label for row in found["rows"]] == [
        "Digits, mild",
        "Digits, clear",
        "Clusters, severe",
    ]
    assert found["cause"] == (
        "Rows are left out: 2 (mild), 5 (clear) and 1,000 (severe)."
    )
    assert [row.symptom for row in found["rows"]] == ["absent", "not decided", "shown"]
    verdict, effect, interval, strength = found["rows"][0].cells[0]
    assert verdict.name == NONE and strength == "rate 0.01"
    assert (effect, interval) == ("×0.74", ".67 to .82")
    labels = ["Early stopping", "L2 penalty (weight decay)", "Rate alone"]
    assert found["labels"] == labels
    assert found["absent"] == ["Wine: it is too easy."]


def test_the_cases_are_counted_by_verdict():
    found = elsewhere(result())
    names = [kind.name for kind in found["verdicts"]]
    counted = {label: dict(zip(names, n, strict=True)) for label, n in found["tallies"]}
    assert counted["Early stopping"] == {n: n in (NONE, OPEN, "cured") for n in names}
    assert counted["L2 penalty (weight decay)"]["relieved"] == 3


def test_the_symptom_is_counted_in_three_ways():
    said = elsewhere(result())["symptom"]
    assert said == (
        "The symptom is shown in 1 of these 3 cases, and shown to be absent in 1; in 1"
        " the seeds do not decide."
    )


@pytest.mark.parametrize("fires", [True, False])
def test_a_rule_that_sees_the_trouble_in_a_sound_training_is_told(fires):
    sound = a_case("digits", "healthy", fires=fires)
    said = elsewhere(result([sound, *CASES[1:]]))["sound"]
    assert ("mistrust" in said) == fires and ("never sees it" in said) != fires


def test_what_the_sound_training_is_is_told():
    found = result([a_case("digits", "healthy", fires=False), *CASES[1:]])
    found["elsewhere"]["sound"] = "A tree in the place of the network"
    assert elsewhere(found)["sound"] == (
        "On sound trainings of the same 1 data set the rule never sees it: a tree in"
        " the place of the network."
    )


def test_the_headline_names_what_helps_most_often_and_the_rate_beside():
    cases = [
        a_case("digits", "mild", HELP, NONE, HELP),
        a_case("clusters", "clear", NONE, HELP, HELP),
    ]
    assert headline(result(cases)) == (
        "“L2 penalty (weight decay)” helps most often elsewhere, in 2 of 2 cases; the"
        " learning rate alone, tuned for each, does in 1."
    )
    nothing = [a_case("digits", "mild", HELP, NONE, OPEN)]
    assert headline(result(nothing)).startswith("Elsewhere none of them is shown")


def test_harm_elsewhere_is_told_beside_the_help():
    cases = [
        a_case("digits", "mild", HELP, "worse", HELP),
        a_case("clusters", "clear", NONE, "worse", "worse"),
    ]
    said = "in 1 of 2 cases, and does worse in 1; the learning"
    assert said in headline(result(cases))
    tied = [
        a_case("digits", "mild", HELP, HELP, HELP),
        a_case("clusters", "clear", NONE, "worse", NONE),
    ]
    said = "in 1 of 2 cases each; “Early stopping” does worse in 1; the learning"
    assert said in headline(result(tied))
    chosen = {"fixes": ["early_stopping"], "without_new_data": [], "reason": ""}
    opened = first_to_try(result(tied, best=chosen))
    assert opened.endswith("helps in 1 of 2 cases, and does worse in 1.")


def test_where_no_rate_can_help_none_is_told():
    case = a_case("digits", "mild", HELP, NONE)
    case["fixes"] = case["fixes"][1:]
    assert headline(result([case])) == (
        "Elsewhere none of them is shown to help in any of 1 cases."
    )
    assert elsewhere(result([case]))["labels"] == ["Early stopping"]


@pytest.mark.parametrize(
    ("tuned", "said"),
    [
        ((True, True), "Each fix was tuned anew on each, and judged on 12 seeds."),
        ((True, None), "Doses were tuned anew on each, and all fixes judged on"),
        ((None, None), "Each fix was tried at its usual strength, and judged on"),
    ],
)
def test_how_strong_the_fixes_are_is_told(tuned, said):
    case = a_case("digits", "mild", HELP, NONE)
    for fix, each in zip(case["fixes"], tuned, strict=True):
        fix["dose"] = each and {"tuned": each}
    assert elsewhere(result([case]))["how"].startswith(said)


def test_splits_that_share_rows_are_told_of_what_rows_tell():
    assert "Nadeau & Bengio" in elsewhere(result())["real"]
    missed = overfitting()["metric"] | {"censored": True}
    said = elsewhere(result(metric=missed))["real"]
    assert "sign test" in said and "Nadeau" not in said
    sizes = overfitting()["metric"] | {"rows": None}
    assert not elsewhere(result(metric=sizes))["real"]


def test_fixes_that_help_as_often_are_named_together():
    cases = [
        a_case("digits", "mild", NONE, HELP, HELP),
        a_case("clusters", "clear", NONE, "cured", HELP),
    ]
    assert headline(result(cases)).startswith(
        "“Early stopping” and “L2 penalty (weight decay)” help most often elsewhere, in"
        " 2 of 2 cases each; the learning rate alone"
    )


def test_the_opening_says_how_the_first_fix_did_elsewhere():
    chosen = {
        "fixes": ["early_stopping"],
        "without_new_data": ["early_stopping"],
        "reason": "",
    }
    said = first_to_try(result(best=chosen))
    assert said.endswith("“Early stopping” helps in 1 of 3 cases.")
    never = result([CASES[1]], best=chosen)
    assert first_to_try(never).endswith("helps in none of 1 case.")


def test_fixes_that_suit_not_all_data_are_named():
    lost = {"name": "pca", "label": "PCA", "reason": "too few inputs"}
    assert elsewhere(result(untried=[lost]))["untried"] == (
        "“PCA” does not suit these data."
    )


def test_a_failed_guardrail_is_told_in_the_cell():
    cases = [a_case("digits", "mild", HELP, HELP, HELP)]
    cases[0]["fixes"][1]["guardrail"] = "On test rows accuracy falls by over a point."
    (row,) = elsewhere(result(cases))["rows"]
    assert row.cells[0][3].endswith("; accuracy falls")


def test_a_fix_that_suits_some_data_is_counted_where_it_was_tried():
    cases = [a_case("digits", "mild", HELP, HELP), a_case("clusters", "clear", NONE)]
    cases[1]["unfit"] = {"early_stopping": "it needs two classes"}
    found = elsewhere(result(cases))
    assert found["rows"][1].cells[0] is None
    assert carried(result(cases), "early_stopping") == (1, 1)
    assert "in 1 of 1 cases" in found["headline"]
