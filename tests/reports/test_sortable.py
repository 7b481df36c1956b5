"""Tables that sort: by the number of a cell, which the template writes."""

import copy
import pickle
import re

import pytest
from gradclinic.reports import words, write_scenario_page
from gradclinic.reports.effect import effect_of
from gradclinic.reports.sortable import Sortable, grouped, sorts_by
from gradclinic.reports.verdicts import VERDICTS, remedies
from hypothesis import given
from hypothesis import strategies as st

from .scripted import OWN, plain

NUMBERS = st.floats(allow_nan=True, allow_infinity=True) | st.integers() | st.none()
SAYING = (words.number, words.factor, words.percent, words.size, words.duration)


@given(st.floats(0, 1e15), st.sampled_from(SAYING))
def test_a_number_in_words_is_sorted_by_itself(value, say):
    said = say(value)
    assert float(sorts_by(said)) == pytest.approx(value, rel=1e-9, abs=1e-300)
    assert sorts_by((said, "1 to 2")) == sorts_by(said)
    assert sorts_by(f"about {said}") is None


@given(NUMBERS)
def test_an_attribute_is_a_finite_number_or_absent(value):
    found = sorts_by(Sortable("some <text>", value))
    assert found is None or re.fullmatch(r"-?\d[\d.]*(e[+-]\d+)?", found)


@pytest.mark.parametrize(
    "cell", ["12", "x0.43 (.27 to .68)", "", None, True, (), ("–", "")]
)
def test_text_is_never_read_as_a_number(cell):
    assert sorts_by(cell) is None


def test_a_sortable_text_keeps_its_number_in_copies():
    said = grouped(1234)
    for other in (copy.deepcopy(said), pickle.loads(pickle.dumps(said))):
        assert (other, other.value) == ("1,234", 1234)


def table_of(text, heading):
    """(headings, [cells of a row]) of the table with this heading; cells as markup."""
    tables = re.findall(r"<table.*?</table>", text, re.DOTALL)
    (table,) = (t for t in tables if f">{heading}</th>" in t)
    head, body = table.split("</thead>")
    rows = [re.split(r"(?=<t[dh] )", row)[1:] for row in body.split("<tr ")[1:]]
    return table, re.findall(r"<th ([^>]*)>(.*?)</th>", head), rows


def value_of(cell):
    found = re.match(r'<t[dh] [^>]*data-value="([^"]*)"', cell)
    return float(found[1]) if found else None


@pytest.mark.usefixtures("unpainted")
def test_fixes_are_sorted_by_their_numbers(make_result, tmp_path):
    result = make_result("slow_training")
    text = plain(write_scenario_page(result, tmp_path).read_text())
    table, heads, rows = table_of(text.split('class="part"')[0], "On test rows")
    assert "data-sorts" in table
    names = list(VERDICTS)
    for fix, row in zip(remedies(result), rows, strict=True):
        effect = effect_of(fix, result["metric"]).value
        wanted = [
            None,
            names.index(fix["verdict"]),
            effect,
            None,
            fix["seconds"]["interval"][0],
            fix["bytes"]["ratio"],
            fix["test_metric"]["mean"],
            fix["n"],
        ]
        assert [value_of(cell) for cell in row] == [
            v if v is None else pytest.approx(v) for v in wanted
        ]
    assert [name for kind, name in heads if 'data-sort="text"' in kind] == ["Symptom"]


@pytest.mark.usefixtures("unpainted")
def test_cells_without_a_number_have_none(make_result, tmp_path):
    result = make_result("divergence")
    text = plain(write_scenario_page(result, tmp_path).read_text())
    _, _, rows = table_of(text, "On test rows")
    assert [value_of(row[2]) for row in rows] == [None] * 3
    _, _, rows = table_of(text, "Highest stable rate")
    assert [[value_of(c) for c in row] for row in rows] == [
        [0, 0.001152, 0.00115, None],
        [1, 0.00119, None, None],
    ]


@pytest.mark.usefixtures("unpainted")
def test_tables_whose_order_says_nothing_have_no_buttons(make_result, tmp_path):
    text = plain(write_scenario_page(make_result(), tmp_path).read_text())
    for heading in ("Threshold", "Behaved?", "Positive control"):
        assert "data-sorts" not in table_of(text, heading)[0]
    assert "<button" not in text  # the script makes them: without it there is none


def test_the_script_is_short_strict_and_asks_nothing_of_others():
    assert OWN.startswith('"use strict";') and OWN.count("\n") <= 150
    for word in ("eval", "innerHTML", "outerHTML", "insertAdjacent", "fetch", "http"):
        assert word not in OWN
    assert "</" not in OWN and "<!--" not in OWN
