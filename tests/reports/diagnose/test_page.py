"""The page of a diagnosis: all that is to be said, and nothing of it is markup."""

import html
import json
import re

import pytest
from gradclinic.bench.schemas import faults
from gradclinic.reports import write_diagnose_page
from gradclinic.reports.diagnose import summary_html, tables
from gradclinic.reports.diagnose.page import cut
from gradclinic.reports.diagnose.tables import baselines, parts, signs

from .. import markup
from ..redrawn import redrawn
from ..scripted import plain
from .made import a_fix, made, sign, trouble

# What a program chooses among a few words.
SPARED = {
    *("schema", "kind", "verdict", "role", "scale", "better", "unit", "comparison"),
    *("detector", "split_by", "created", "y_scale", "bytes_kind", "name", "key"),
    *("chosen", "best", "rows"),
}
EVIL = {
    "script": "<script>alert('1')</script>",
    "quotes": 'a"quote\' onmouseover="x',
    "formula": "=cmd|'/C calc'!A0",
    "newline": "new\nline\r\n</td>",
    "long": "x" * 300,
    "right to left": "\u202ertl \u05d0\u05d1 &amp;",
    "closing": "</h1></code></pre><img src=x onerror=alert(1)>",
    "template": "{{ 7 * 7 }}{% raw %}",
}


def page_of(tmp_path, **changes):
    return write_diagnose_page(made(**changes), tmp_path / "diagnose.html")


def words_of(page):
    """The text of a page as a reader sees it, in one line."""
    body = page.read_text().split("<body>")[1]
    text = re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<svg.*?</svg>", " ", body))
    return " ".join(html.unescape(text).replace("\N{NO-BREAK SPACE}", " ").split())


def test_what_is_made_up_follows_the_schema():
    assert list(faults(made(), "diagnose")) == []


def test_every_part_of_the_content_is_said(tmp_path):
    text = words_of(page_of(tmp_path))
    for said in (
        "patients.csv A linear model beats the network. Then scale the inputs.",
        "To predict ill · 12.5 s · seed 3 · 4 March 2026, 21:07 UTC",
        "gradclinic diagnose patients.csv --target ill",
        "Leaking column spoils the answer · GC101",
        "Evidence of Leaking column: 5 % of rows. Mend Leaking column.",
        "The network memorises seen in training · GC208",
        "A check is left out by its code: --mute GC101",
        "Left out on request: GC104.",
        "1,000 of 1,600 rows, drawn at random",
        "7, left out",
        "10 of 12 used, as 14 inputs",
        "2 classes",
        "4, drawn at random, equal rows on one side",
        "550 to train, 125 to validate, 125 to judge",
        "200 rows, used once at the end",
        "Linear model linear 85 % 60 % to 80 %",
        "beats the network",
        "As it is, the network’s accuracy is 72 %",
        "Hidden units 64-64",
        "Overfitting ● seen number of overfitting: 12.5 %",
        "Divergence ○ not seen",
        "Units that are never active undecided",
        "Scaled strength of scaled",
        "×1.5",
        "Test is worse.",
        "The network as it was 70 % 60 % to 80 %",
        "Whether dropout helps: that takes 5,000 rows.",
        'schema = 1 file = "patients.csv"',
        "In torch import torch",
        "A processor",
        "Made by gradclinic 1.0.0",
    ):
        assert said in text, said
    assert "None" not in text.replace("None of these", "") and "nan" not in text


def test_numbers_stand_beside_the_page_and_pictures_in_a_folder(tmp_path):
    page = page_of(tmp_path, seconds=float("inf"))
    content = json.loads((tmp_path / "diagnose.json").read_text())
    assert content == made(seconds=None) | {"fixes": content["fixes"]}
    text = page.read_text()
    pictures = re.findall(r'href="(figures/[^"]+\.png)"', text)
    assert len(pictures) == 2 and all((tmp_path / p).exists() for p in pictures)
    assert page.stat().st_size < 1_000_000 and not re.search(r'="https?:', text)


def test_the_same_content_gives_the_same_bytes(tmp_path):
    page = page_of(tmp_path)
    assert page.read_text() == redrawn(page)


def test_a_table_without_trouble_fixes_and_questions_says_so(tmp_path):
    text = words_of(
        page_of(
            tmp_path,
            verdicts=[],
            fixes=[],
            unknowns=[],
            curves=[],
            chosen=None,
            settings={"seed": 0, "mute": []},
        )
    )
    for said in (
        "No check of the table and no detector of training found a trouble.",
        "No fix applies, or none could be tried in time.",
        "Nothing of what was asked is left open.",
    ):
        assert said in text, said
    assert "--mute" not in text and "Left out on request" not in text


@pytest.mark.parametrize("evil", EVIL.values(), ids=EVIL)
def test_names_labels_and_values_of_a_table_are_text(tmp_path, evil):
    table = made()["table"] | {"name": evil, "target": evil, "classes": [evil, "b"]}
    content = made(
        table=table,
        command=f"gradclinic diagnose {evil}",
        headline=[f"About {evil}.", evil],
        verdicts=[trouble("GC101", evil, evil, columns=[evil])],
        unknowns=[evil],
        prescription={
            "toml": evil,
            "code": [{"name": "rows", "title": evil, "text": evil}],
        },
    )
    page = write_diagnose_page(content, tmp_path / "p.html")
    text = page.read_text()
    for part in (plain(text), summary_html(content)):
        assert "<script" not in part and "<img" not in part
        assert not re.search(r"<[a-z]+[^<>]*\son[a-z]+=", part)
        assert "49" not in part.split("</style>")[-1].split("GC101")[0][-200:]
    told = html.unescape(text).split("</style>")[1]
    assert told.count(evil.replace("\r\n", "\n")) + told.count(evil) >= 3
    heading = re.search(r"(?s)<h1>(.*?)</h1>", text)[1]
    assert len(html.unescape(heading)) <= 60 and "\n" not in heading
    assert text.count("<bdi>") >= 2
    stored = json.loads((tmp_path / "p.json").read_text())
    assert stored["verdicts"][0]["title"] == evil


def test_no_string_of_the_content_is_markup(tmp_path):
    page = write_diagnose_page(markup.marked(made(), SPARED), tmp_path / "p.html")
    markup.check(page, least=30)
    short = tmp_path / "short.html"
    short.write_text(summary_html(markup.marked(made(), SPARED)))
    markup.check(short, least=8)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"split_by": "groups"}, "4, by group: no group is on both sides"),
        ({"split_by": "time"}, "4, by time: what is judged comes later"),
        ({"split_by": "random"}, "4, drawn at random"),
        ({"classes": []}, "a number to predict"),
        ({"total": 1007}, "1,000 rows"),
        ({"total": 1000, "lost": 0}, "1,000 rows"),
    ],
)
def test_parts_of_a_table_in_words(changes, said):
    lines = dict(parts(made()["table"] | changes))
    assert said in lines.values()
    assert ("Without a target" in lines) == (changes.get("lost") != 0)


def test_signs_that_are_seen_come_first_and_empty_ones_are_left_out():
    content = made()
    empty = sign("slow_training", False, True)
    empty["components"][0]["value"] = None
    content["network"]["signs"].append(empty)
    found = signs(content)
    assert next(state for _, state, _ in found) == "seen"
    assert dict((name, rows) for name, _, rows in found)["Slow training"] == []


def test_an_effect_or_value_that_is_missing_is_a_dash():
    content = made()
    content["baselines"][0]["effect"]["difference"] = [None, None, None]
    content["baselines"][0] |= {"mean": None, "from": None, "to": None}
    (first, second) = baselines(content)
    assert (first["value"], first["interval"], first["effect"]) == ("–", "", "–")
    assert second["effect"].startswith("+13.5")
    assert tables.tested(content)[1] == ("Scaled", "–", "")


@pytest.mark.parametrize("text", ["", "short", "x" * 60, "y" * 61, "a\n b\t c"])
def test_long_names_are_cut_in_the_middle(text):
    found = cut(text)
    assert len(found) <= 60 and "\n" not in found
    line = " ".join(text.split())
    assert found == line or (found[:29] == line[:29] and found[-29:] == line[-29:])


def test_a_fix_that_could_not_be_measured_has_a_row(tmp_path):
    lost = a_fix("lost", [0.7] * 4) | dict.fromkeys(
        ("effect", "gain", "low", "high", "low90", "high90", "level", "cost", "worth")
    )
    lost |= {"verdict": "not measurable", "n": 0, "status": {"failed": 4}}
    text = words_of(page_of(tmp_path, fixes=[lost], chosen=None))
    assert "× not measurable" in text and "not measurable" in text
