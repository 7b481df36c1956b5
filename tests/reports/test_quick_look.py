"""What a page of a quick look says that it left out."""

import pytest
from gradclinic.reports import write_index, write_scenario_page
from gradclinic.reports.quick_look import quick_look, quick_looks
from gradclinic.reports.ranking import leaders, ranking

WHOLE = {"preset": "full", "unasked": []}
PARTS = ["Overfitting of wrong labels", "Overfitting of few rows"]


def a_look(*unasked):
    return {"preset": "quick", "unasked": list(unasked)}


def test_the_further_questions_are_named():
    assert quick_look(WHOLE) == ""
    assert quick_look({"preset": "quick"}) == ""  # stored by an earlier version
    assert quick_look(a_look()).endswith("times few fixes.")
    assert quick_look(a_look(*PARTS)).endswith(f": {PARTS[0]} and {PARTS[1]}.")


@pytest.mark.parametrize(
    ("results", "said"),
    [
        ([WHOLE], ""),
        ([a_look()], "Each page is a quick look: "),
        ([a_look(*PARTS), a_look("x")], "; 3 further questions are asked in full only"),
        ([WHOLE, a_look("x")], "1 page is a quick look: "),
        ([WHOLE, a_look("x")], "; 1 further question is asked in full only."),
        ([WHOLE, a_look(), a_look()], "2 pages are quick looks: "),
    ],
)
def test_the_index_counts_them(results, said):
    assert said in quick_looks(results) and bool(said) == bool(quick_looks(results))


def test_the_pages_say_it_with_the_command_in_full(make_result, tmp_path):
    result = make_result() | a_look(*PARTS)
    for page in write_scenario_page(result, tmp_path), write_index([result], tmp_path):
        text = page.read_text()
        assert "asked in full only" in text.replace("Asked", "asked")
        assert "Run it in full" in text


def test_of_the_best_alone_no_order_by_time_is_told(make_result):
    result = make_result() | a_look()
    result["machine"]["noisy"] = False
    for fix in result["fixes"][1:]:
        fix["seconds"] = {"median": None, "ratio": None, "interval": None}
    quick, whole = (ranking(result | {"preset": p}) for p in ("quick", "full"))
    assert {row.by_second for row in quick} == {"–"}
    assert "for its time" not in leaders(quick)
    assert {row.by_second for row in whole} == {"1", "–"}
