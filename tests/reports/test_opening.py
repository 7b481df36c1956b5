"""The three sentences a page opens with, the ranking, and the chart of the index."""

from gradclinic.reports import write_index
from gradclinic.reports.chart import chart, short, untimed
from gradclinic.reports.opening import first_to_try, opening
from gradclinic.reports.ranking import leaders, ranking

from .conftest import a_fix, overfitting


def of(*fixes, best=(), own=()):
    chosen = {"fixes": list(best), "reason": "", "without_new_data": list(own)}
    quiet = {"machine": overfitting()["machine"] | {"noisy": False}}
    return overfitting() | quiet | {"fixes": list(fixes), "best": chosen}


MORE = a_fix("More data, as many steps", 0.5, 0.1, "cured", strength="4 times the rows")
DROPOUT = a_fix("Dropout", 0.3, 0.1, "relieved", strength="rate 0.5")
LOST = a_fix("Mixup (blends of rows)", -0.3, 0.1, "worse")


def test_the_one_thing_to_do_is_named_with_its_strength_and_effect():
    found = of(MORE, DROPOUT, best=["more_data,_as_many_steps"], own=["dropout"])
    said = first_to_try(found)
    assert said.startswith(
        "If you can do only one thing: “More data, as many steps” (4 times the rows;"
        " test loss ×0.61 ("
    )
    assert said.endswith(").") and "without new data, “Dropout” (rate 0.5;" in said


def test_ties_are_said():
    found = of(MORE, DROPOUT, best=["dropout", "more_data,_as_many_steps"])
    assert ", which ties with one other fix." in first_to_try(found)


def test_ties_without_new_data_are_said_too():
    a, b, c = (a_fix(n, 0.5, 0.1, "cured") for n in "abc")
    said = first_to_try(of(a, b, c, best=["a"], own=["b", "c"]))
    assert said.count("which ties with one other fix") == 1
    assert said.endswith("which ties with one other fix.")


def test_a_price_that_may_be_none_is_not_named():
    unsure = {"median": 1.0, "ratio": 1.31, "interval": [1.31, 0.9, 1.9]}
    fix = a_fix("a", 0.5, 0.1, "cured", seconds=unsure)
    assert chart([of(fix)])[0].helping[0].price == ""


def test_pages_whose_times_are_withheld_are_counted():
    taken = {"median": 1.0, "ratio": None, "interval": None}
    noisy = of(a_fix("a", 0.5, 0.1, "cured", seconds=taken))
    fine = of(a_fix("a", 0.5, 0.1, "cured"))
    never = of(a_fix("a", 0.5, 0.1, "cured", seconds=taken | {"median": None}))
    assert untimed([fine, never]) == ""
    assert untimed([noisy, fine, noisy]).startswith(", but no time on 2 pages, where")


def test_where_nothing_helps_nothing_is_advised():
    assert first_to_try(of(LOST)).startswith("Nothing that was tried here")


def test_an_earlier_result_has_no_sentence_on_its_looks():
    result = of(MORE)
    earlier = result["symptom"] | {}
    earlier.pop("look", None)
    what, look, _ = opening(result | {"symptom": earlier})
    assert what == result["problem"] and look == ""


def priced(label, gain, time, memory):
    return a_fix(
        label,
        gain,
        0.01,
        "relieved",
        seconds={"median": 1.0, "ratio": time, "interval": None},
        bytes={"median": 10, "ratio": memory},
    )


def test_places_go_by_what_is_gained_for_the_price():
    found = ranking(of(priced("a", 0.6, 4.0, 1.0), priced("b", 0.5, 1.0, 2.0), LOST))
    assert [(r.label, r.by_effect, r.by_second, r.by_byte) for r in found] == [
        ("a", "1", "2", "1"),
        ("b", "2", "1", "2"),
    ]


def test_on_a_noisy_host_no_fix_has_a_place_by_its_time():
    result = of(priced("a", 0.6, 4.0, 1.0), priced("b", 0.5, 1.0, 2.0))
    result["machine"]["noisy"] = True
    assert {row.by_second for row in ranking(result)} == {"–"}
    assert "for its time" not in leaders(ranking(result))


def test_a_price_that_is_not_known_gives_no_place():
    found = ranking(of(priced("a", 0.6, None, 1.0), priced("b", 0.5, 1.0, 1.0)))
    assert [row.by_second for row in found] == ["–", "1"]


def test_equal_gains_share_a_place():
    found = ranking(of(priced("a", 0.5, 1.0, 1.0), priced("b", 0.5, 1.0, 1.0)))
    assert [row.by_effect for row in found] == ["1", "1"]


def saved(label, reached, memory):
    """A fix of a baseline that diverges: its gain is infinite."""
    metric = {"median": reached, "baseline_median": None, "mean": None}
    fix = priced(label, 0.5, None, memory) | {"gain": None}
    effect = fix["effect"] | {"kind": "censored"}
    return fix | {"metric": metric | {"baseline_mean": None}, "effect": effect}


def test_what_saves_a_baseline_that_fails_comes_first_by_what_it_reaches():
    found = ranking(
        of(priced("a", 0.6, 1.0, 1.0), saved("b", 2.0, 1.0), saved("c", 1.0, 3.0))
    )
    assert [(row.label, row.by_effect) for row in found] == [
        *(("c", "1"), ("b", "2"), ("a", "3")),
    ]
    assert {row.label: row.by_byte for row in found} == {"b": "1", "c": "2", "a": "3"}
    assert {row.label: row.by_second for row in found} == {"a": "1", "b": "–", "c": "–"}


def test_the_first_by_each_measure_are_named_without_what_fails_a_guardrail():
    a, b = priced("a", 0.6, 4.0, 1.0), priced("b", 0.5, 1.0, 2.0)
    assert leaders(ranking(of(a, b))) == (
        "Most is gained by “a”; for its time by “b”; for its memory by “a”."
    )
    harming = a | {"guardrail": "On test rows accuracy falls."}
    found = ranking(of(harming, b))
    assert [bool(row.guardrail) for row in found] == [True, False]
    assert leaders(found) == (
        "Most is gained by “b”; for its time by “b”; for its memory by “b”."
    )
    assert leaders([]) == ""


def test_one_fix_alone_is_no_ranking():
    assert ranking(of(MORE, LOST)) == []


def test_a_label_is_cut_where_its_explanation_begins():
    assert short("Mixup (blends of rows)") == "Mixup"
    assert short("Ensemble: the mean of several networks") == "Ensemble"
    assert short("More data, as many steps") == "More data"


def test_every_fix_is_a_mark_of_the_chart_and_controls_are_none():
    control = a_fix("Placebo", 0.0, 0.1, "too small to matter", role="placebo")
    (row,) = chart([of(MORE, DROPOUT, LOST, control)])
    assert [mark.label for mark in row.helping] == ["More data", "Dropout"]
    assert [mark.label for mark in row.others] == ["Mixup"]
    assert row.helping[0].effect == "×0.61"
    assert row.helping[0].price == "time ×1.31"
    assert row.href == "overfitting.html"


def test_what_harms_on_test_rows_is_marked_and_no_two_marks_are_called_alike(tmp_path):
    one, all_ = (a_fix(f"Numba, {n}", 0.4, 0.1, "cured") for n in ("one", "all"))
    harming = DROPOUT | {"guardrail": "On test rows accuracy falls."}
    result = of(one, all_, harming)
    (row,) = chart([result])
    assert {mark.label for mark in row.helping} >= {"Numba, one", "Numba, all"}
    assert [mark.label for mark in row.helping if mark.harms] == ["Dropout"]
    assert write_index([result], tmp_path).read_text().count("worse on test rows") == 1


def test_the_index_begins_with_the_chart(tmp_path):
    text = write_index([of(MORE, LOST)], tmp_path).read_text()
    assert text.index("What helps what") < text.index("<article>")
    assert 'aria-label="cured"' in text and 'aria-label="worse"' in text
