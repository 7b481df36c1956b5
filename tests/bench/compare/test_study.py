"""A whole comparison: planted changes are found, and nothing where there is none."""

import copy
import json
import tempfile
from pathlib import Path

import numpy as np
import pytest
from gradclinic.bench.errors import BadData
from gradclinic.bench.schemas import faults
from gradclinic.bench.studies.compare import compared
from gradclinic.bench.studies.compare.folder import ComparedFolder, read_folder
from hypothesis import given, settings
from hypothesis import strategies as st

from .made import diagnosis, drawn, places, result, stored

SEEDS, OTHERS = range(10), range(1000, 1010)


def between(before, after):
    """The content of a comparison of two results, the only ones of two folders."""
    sides = []
    for name, content in (("a", before), ("b", after)):
        kept = "studies" if content.get("kind") == "optimizers" else "questions"
        known = content if "kind" in content else content | {"kind": "scenario"}
        sides.append(ComparedFolder(name, **{kept: {"q": known}}))
    content = compared(sides, "gradclinic compare a b")
    assert list(faults(json.loads(json.dumps(content)), "compare")) == []
    return content


def only(content):
    (pair,) = content["pairs"]
    (question,) = pair["questions"]
    return question


def three(gain=0.3, seeds=SEEDS, master=0, **asked):
    return [
        drawn("l2", gain, seeds, master=master, **asked),
        drawn("dropout", 0.3, seeds, master=master, **asked),
        drawn("placebo", 0.0, seeds, master=master, role="placebo", **asked),
    ]


def test_the_same_results_differ_in_nothing():
    one = result(*three())
    content = between(one, copy.deepcopy(one))
    assert not content["changed"] and content["comparisons"] == 0
    assert {f["change"] for f in only(content)["fixes"]} == {"identical"}
    assert content["pairs"][0]["circumstances"] == []


@pytest.mark.parametrize("seeds", [SEEDS, OTHERS])
@pytest.mark.parametrize(("gain", "change"), [(0.6, "helps more"), (0.0, "helps less")])
def test_a_planted_change_is_found_on_the_same_seeds_and_on_others(seeds, gain, change):
    content = between(result(*three()), result(*three(gain, seeds, master=1)))
    fixes = {fix["name"]: fix for fix in only(content)["fixes"]}
    assert fixes["l2"]["change"] == change and fixes["l2"]["changed"]
    assert fixes["l2"]["how"] == ("paired" if seeds is SEEDS else "independent")
    assert fixes["l2"]["value"] == pytest.approx(np.exp(0.3 - gain), rel=0.1)
    assert fixes["l2"]["low"] < fixes["l2"]["value"] < fixes["l2"]["high"]
    assert only(content)["fixes"][0]["name"] == "l2" and content["changed"]
    for other in ("dropout", "placebo"):
        assert fixes[other]["change"] in ("inconclusive", "too small to matter")


def test_a_sure_change_below_what_matters_is_none():
    before = drawn("l2", 0.3, SEEDS, spread=0.001)
    after = drawn("l2", 0.32, SEEDS, spread=0.001, master=1)
    (fix,) = only(between(result(before), result(after)))["fixes"]
    assert fix["change"] == "too small to matter" and fix["p"] < 0.05
    assert not fix["changed"]


def test_a_verdict_alone_is_a_change_that_may_be_chance():
    before = drawn("l2", 0.3, SEEDS)
    after = before | {"verdict": "relieved"}
    (fix,) = only(between(result(before), result(after)))["fixes"]
    assert fix["changed"] and fix["verdict_differs"] and fix["change"] == "identical"


def test_changes_by_chance_alone_are_rare():
    """Eight fixes, other seeds, no change: at most one of twenty pairs of runs."""
    wrong = 0
    for master in range(60):
        sides = [
            result(*(drawn("x" * k, 0.3, s, master=master + m) for k in range(1, 9)))
            for s, m in ((SEEDS, 0), (OTHERS, 1000))
        ]
        changes = {f["change"] for f in only(between(*sides))["fixes"]}
        wrong += bool(changes & {"helps more", "helps less"})
    assert wrong <= 6


@settings(max_examples=25, deadline=None)
@given(st.floats(-0.5, 0.5), st.integers(0, 99), st.booleans())
def test_back_and_forth_is_the_same_change_with_the_other_sign(gain, master, same):
    seeds = SEEDS if same else OTHERS
    sides = result(*three()), result(*three(gain, seeds, master))
    there, back = only(between(*sides)), only(between(*sides[::-1]))
    turned = {"helps more": "helps less", "helps less": "helps more"}
    known = {fix["name"]: fix for fix in back["fixes"]}
    for fix in there["fixes"]:
        twin = known[fix["name"]]
        assert twin["change"] == turned.get(fix["change"], fix["change"])
        assert twin["p"] == pytest.approx(fix["p"])
        if fix["gain"] is not None:
            assert twin["gain"] == pytest.approx(-fix["gain"])
            assert twin["low"] == pytest.approx(1 / fix["high"])


def test_holm_counts_all_changes_of_all_folders():
    one, two = result(*three()), result(*three(seeds=OTHERS, master=3))
    sides = [
        ComparedFolder(name, {"q": q | {"kind": "scenario"}})
        for name, q in (("a", one), ("b", two), ("c", two))
    ]
    content = compared(sides, "")
    assert content["comparisons"] == 6 and len(content["pairs"]) == 2
    levels = {f["level"] for p in content["pairs"] for f in p["questions"][0]["fixes"]}
    assert max(levels) == pytest.approx(1 - 0.05 / 6)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"data": "Wine."}, "Data set"),
        ({"trial": {"Hidden units": "32", "Optimizer": "adam"}}, "Hidden units"),
        ({"metric": result()["metric"] | {"label": "seconds"}}, "Metric"),
    ],
)
def test_another_question_is_named_and_not_compared(changes, what):
    content = between(result(*three()), result(*three(0.9, master=1), **changes))
    question = only(content)
    assert not question["comparable"] and not content["changed"]
    assert any(what in row["what"] for row in question["other"])
    assert {f["change"] for f in question["fixes"]} == {"not comparable"}
    assert not any(f["verdict_differs"] for f in question["fixes"])


def test_another_smallest_effect_leaves_verdicts_alone_but_not_effects():
    before = result(*three())
    after = result(*three(0.6, master=1), delta=0.2, delta_label="18 %")
    after["fixes"][1]["verdict"] = "worse"
    question = only(between(before, after))
    fixes = {fix["name"]: fix for fix in question["fixes"]}
    assert not question["same_delta"] and not fixes["dropout"]["verdict_differs"]
    assert fixes["l2"]["change"] == "helps more"


def test_circumstances_are_told_and_do_not_hinder():
    after = result(
        *three(),
        version="2.0.0",
        seed=3,
        preset="quick",
        machine={"cpu": "Another", "cores": 8},
    )
    content = between(result(*three()), after)
    rows = {
        r["what"]: (r["before"], r["after"])
        for p in content["pairs"]
        for r in p["circumstances"]
    }
    assert rows["Version"] == ("1.0.0", "2.0.0") and rows["Master seed"] == ("0", "3")
    assert rows["Runs"] == ("in full", "a quick look")
    assert rows["Processor"] == ("A processor", "Another")
    assert rows["Python"] == ("3.12", None)
    assert only(content)["comparable"]


def test_fixes_and_symptoms_that_one_side_has_are_told():
    before = result(*three())
    after = result(*three()[1:], symptom={"fires": False, "refuted": True})
    question = only(between(before, after))
    assert question["only_before"] == ["L2"] and question["only_after"] == []
    assert question["symptom"] == {
        "before": "confirmed",
        "after": "refuted",
        "changed": True,
    }
    assert question["changed"]


def test_troubles_of_a_table_come_and_go():
    before = diagnosis(drawn("l2", 0.3, SEEDS), troubles=("GC101", "GC102"))
    after = diagnosis(drawn("l2", 0.3, SEEDS), troubles=("GC102", "GC103"))
    question = only(between(before, after))
    assert question["troubles"] == {
        "gone": ["Trouble GC101"],
        "new": ["Trouble GC103"],
        "both": ["Trouble GC102"],
    }
    assert question["changed"] and question["symptom"] is None
    muted = diagnosis(settings={"seed": 0, "mute": ["GC101"]}, troubles=())
    assert not only(between(diagnosis(), muted))["changed"]


def test_places_change_where_their_intervals_do_not_meet():
    before = places({"adam": (1, 1, 2), "sgd": (2, 1, 3), "lion": (3, 3, 3)})
    after = places({"lion": (1, 1, 2), "sgd": (2, 1, 3), "adam": (3, 2, 3)})
    content = between(before, after)
    (study,) = content["pairs"][0]["places"]
    rows = {row["name"]: row["changed"] for row in study["tables"][0]["rows"]}
    assert rows == {"adam": False, "sgd": False, "lion": True} and content["changed"]


def test_places_among_other_optimizers_are_not_compared():
    before, after = places({"adam": (1, 1, 1)}), places({"sgd": (1, 1, 1)})
    content = between(before, after)
    (study,) = content["pairs"][0]["places"]
    assert not study["comparable"] and study["tables"] == [] and not content["changed"]
    assert [row["what"] for row in study["other"]] == ["Optimizers"]


def test_a_folder_is_read_with_all_that_it_holds(tmp_path):
    part = result(*three(), name="overfitting.label_noise")
    for key in ("seed", "preset", "version", "machine", "command"):
        del part[key]
    whole = result(*three(), parts=[part])
    stored(tmp_path, whole, diagnosis(), places({"adam": (1, 1, 1)}))
    (tmp_path / "history.json").write_text('{"schema": 2, "kind": "history"}')
    (tmp_path / "list.json").write_text("[1]")
    found = read_folder(tmp_path)
    assert list(found.questions) == [
        "diagnosis t.csv, y",
        "scenario overfitting",
        "scenario overfitting.label_noise",
    ]
    assert list(found.studies) == ["optimizers"]
    assert found.questions["scenario overfitting.label_noise"]["version"] == "1.0.0"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "is not JSON"),
        (json.dumps(result() | {"schema": 2}), "newer gradclinic"),
        (json.dumps({"schema": 1, "scenario": "s"}), "is missing"),
        (json.dumps(result() | {"fixes": 3}), "fixes is not a list"),
        (json.dumps(result() | {"fixes": [{"name": "l2"}]}), "is missing"),
        (json.dumps(diagnosis() | {"table": {}}), "target, task is missing"),
        ("[" * 100_000, "is not JSON"),
        ("[1, 2]", "holds no results"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(tmp_path, content, said):
    (tmp_path / "s.json").write_text(content)
    with pytest.raises(BadData, match=said):
        read_folder(tmp_path)


def paths(node, place=()):
    """The place of every value in a content."""
    if isinstance(node, dict | list):
        for key in node if isinstance(node, dict) else range(len(node)):
            yield (*place, key)
            yield from paths(node[key], (*place, key))


WHOLE = [
    result(*three()[:1]),
    diagnosis(drawn("l2", 0.3, SEEDS)),
    places({"adam": (1, 1, 1), "sgd": (2, 2, 2)}),
]


@pytest.mark.parametrize("content", WHOLE, ids=["run", "diagnose", "optimizers"])
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_is_missing_or_of_another_form_is_one_sentence(content, data):
    damaged = copy.deepcopy(content)
    *place, key = data.draw(st.sampled_from(list(paths(content))))
    inside = damaged
    for step in place:
        inside = inside[step]
    if data.draw(st.booleans()):
        del inside[key]
    else:
        inside[key] = data.draw(st.sampled_from([None, "?", [], {}, -1.5, True]))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "s.json"
        sides = []
        for each in (content, damaged):
            file.write_text(json.dumps(each))
            try:
                sides.append(read_folder(Path(folder)))
            except BadData as error:
                assert "\n" not in str(error)
                return
    try:
        compared(sides, "")
    except BadData as error:
        assert "\n" not in str(error)
