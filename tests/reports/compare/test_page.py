"""The page of a comparison: what it says, and that nothing in it is markup."""

import pytest
from gradclinic.bench.studies.compare import compared
from gradclinic.bench.studies.compare.folder import ComparedFolder
from gradclinic.reports import write_compare_page
from gradclinic.reports.compare.tables import lead

from tests.bench.compare.made import diagnosis, drawn, places, result

from .. import markup
from ..redrawn import redrawn

SEEDS, OTHERS = range(10), range(1000, 1010)
# Words of which a program chooses; and what is a name in the text of a page.
SPARED = {
    *("schema", "kind", "change", "how", "scale", "better", "verdict", "created"),
    *("target", "clock", "role", "unit", "changed"),
}


def content_of(*sides):
    """The comparison of lists of contents, one a folder."""
    folders = []
    for number, contents in enumerate(sides):
        folder = ComparedFolder(f"folder {number}")
        for content in contents:
            kind = content.get("kind", "scenario")
            kept = folder.studies if kind == "optimizers" else folder.questions
            key = content.get("scenario", kind)
            kept[key] = content if "kind" in content else content | {"kind": kind}
        folders.append(folder)
    return compared(folders, "gradclinic compare a b")


@pytest.fixture
def content():
    before = [
        result(drawn("l2", 0.3, SEEDS), drawn("same", 0.3, SEEDS)),
        result(drawn("l2", 0.3, SEEDS), name="other", data="Digits."),
        result(name="gone"),
        diagnosis(drawn("l2", 0.3, SEEDS), troubles=("GC101", "GC102")),
        places({"adam": (1, 1, 1), "sgd": (2, 2, 2)}),
    ]
    after = [
        result(
            drawn("l2", 0.9, OTHERS, master=1),
            drawn("same", 0.3, OTHERS, master=2),
            drawn("new", 0.3, OTHERS),
            seed=1,
        ),
        result(drawn("l2", 0.3, SEEDS), name="other", data="Wine."),
        diagnosis(drawn("l2", 0.3, SEEDS), troubles=("GC102", "GC103")),
        places({"adam": (2, 2, 2), "sgd": (1, 1, 1)}),
    ]
    return content_of(before, after)


def text_of(page):
    return " ".join(page.read_text().split())


def test_the_page_says_all_that_is_to_be_said(content, tmp_path):
    text = text_of(write_compare_page(content, tmp_path))
    for said in (
        "1 effect, 2 troubles and 2 places changed.",
        "What counts as a change",
        "The fix helps more than before.",
        "independent seeds",
        "<b>Not compared:</b> the two ask different questions.",
        "Only <bdi>folder 0</bdi> holds gone: not compared.",
        "Only tried in <bdi>folder 1</bdi>: New.",
        "<b>Gone:</b> Trouble GC101. <b>New:</b> Trouble GC103.",
        "Still there: Trouble GC102.",
        "Places with 1 trial each, by evaluations to the tuned baselines: 2 changes",
        "2 (2 to 2)",
        "Every seed gives the same number as before.",
        "The symptom was confirmed and still is.",
        "Zou and Donner, 2008",
        'href="compare.json"',
    ):
        assert said in text, said
    assert "None" not in text and "nan" not in text
    assert (tmp_path / "figures" / "compare-1-scenario-overfitting.png").exists()


def test_the_same_content_gives_the_same_bytes(content, tmp_path):
    page = write_compare_page(content, tmp_path)
    assert page.read_text() == redrawn(page)


def test_text_of_others_is_no_markup(content, tmp_path):
    page = write_compare_page(markup.marked(content, SPARED), tmp_path)
    markup.check(page, least=25)


def test_equal_results_say_that_nothing_changed(tmp_path):
    one = [result(drawn("l2", 0.3, SEEDS)), places({"adam": (1, 1, 1)})]
    content = content_of(one, one)
    text = text_of(write_compare_page(content, tmp_path))
    assert '<p class="lead">Nothing changed.</p>' in text
    assert "Version, seed, settings and machine are the same in both." in text
    assert "1 identical" in text


def test_another_delta_and_another_field_are_said(tmp_path):
    before = [result(drawn("l2", 0.3, SEEDS)), places({"adam": (1, 1, 1)})]
    after = [
        result(drawn("l2", 0.3, SEEDS, master=2), delta=0.1, delta_label="10 %"),
        places({"sgd": (1, 1, 1)}),
    ]
    text = text_of(write_compare_page(content_of(before, after), tmp_path))
    assert "so verdicts are not compared" in text
    assert "a place depends on who else takes part" in text


def test_what_shares_no_question_says_so(tmp_path):
    content = content_of([result()], [result(name="another")])
    text = text_of(write_compare_page(content, tmp_path))
    assert "The two folders share no question." in text
    assert lead(content) == "Nothing could be compared."
