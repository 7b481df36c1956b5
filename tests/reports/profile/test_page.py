"""The page of a profile: offline, whole, honest, and good for any missing part."""

import json
import re
from html.parser import HTMLParser
from math import nan

import numpy as np
import pytest
from gradclinic.reports import write_index, write_profile_page
from gradclinic.reports.profile import updates
from gradclinic.reports.profile.content import completed
from gradclinic.reports.profile.summary import losses, outcome, warnings

from ...quick import first_or_exhaustive
from ..scripted import plain

ADDRESS = re.compile(r"https?:|(?:src|href|action)=[\"']?//|url\((?!#)|@import", re.I)
EVIL = '"><script>alert(1)</script>& $x$ <b>'
VOID = {"meta", "br", "img", "link", "hr", "input"}
PARTS = (
    "machine",
    "noise",
    "settings",
    "peers",
    "cases",
    "throughput",
    "scaling",
    "roofline",
    "phases",
    "optimizers",
    "updates",
    "diagnostics",
    "start",
    "growth",
    "gpu",
)
DRAWN = (
    "best",
    "cases",
    "throughput",
    "scaling",
    "roofline",
    "phases",
    "optimizers",
    "updates",
    "growth",
    "gpu_map",
    "gpu_beside_own",
    "gpu_networks",
    "gpu_roofline",
)


class Page(HTMLParser):
    """The tags of a page with their attributes, its texts, and tags left open."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.texts, self.open = [], [], []
        self.feed(plain(text))

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if data.strip() and "style" not in self.open:
            self.texts.append(data.strip())

    def said(self):
        return " ".join(self.texts)


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    return {"out": tmp_path_factory.mktemp("profile")}


@pytest.fixture
def page(shared, content):
    """(text, folder) of the whole page, drawn once."""
    if "text" not in shared:
        shared["text"] = write_profile_page(content, shared["out"]).read_text()
    return shared["text"], shared["out"]


def rows_of(text, title):
    """The engines of a case's table, from the top."""
    table = text[text.index(f"<h3>{title}</h3>") :]
    table = table[: table.index("</table>")]
    return re.findall(r'scope="row">([^<]+?) ?<', table)


def test_the_page_is_one_small_offline_file(page):
    text, _ = page
    assert not ADDRESS.search(text)
    assert len(text.encode()) < 1_000_000
    tags = {tag for tag, _ in Page(text).tags}
    assert not tags & {"script", "link", "iframe", "img", "base"}
    assert Page(text).open == []
    assert "@media print" in text and 'name="viewport"' in text


def test_no_number_without_meaning_is_shown(page):
    assert not re.search(r"\b(?:nan|inf|Undefined|None|null)\b", Page(page[0]).said())


def test_every_picture_has_words_and_its_command(page):
    text, out = page
    pictures = [names for tag, names in Page(text).tags if tag == "svg"]
    assert all(p["role"] == "img" and len(p["aria-label"]) > 40 for p in pictures)
    assert text.count("<figure>") == text.count("drawn by") == len(pictures)
    assert len(list((out / "figures").glob("profile-*.png"))) == len(pictures)


def test_ids_are_unique_and_links_lead_somewhere(page):
    text, out = page
    ids = [names["id"] for _, names in Page(text).tags if "id" in names]
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"(?:href=\"#|url\(#)([^\")]+)", text)) <= set(ids)
    for link in (names["href"] for tag, names in Page(text).tags if tag == "a"):
        assert link.startswith("#") or (out / link).is_file()


@pytest.mark.exhaustive
def test_the_numbers_lie_beside_and_draw_the_same_page(page, content, tmp_path):
    text, out = page
    stored = json.loads((out / "profile.json").read_text())
    assert stored == content
    assert write_profile_page(stored, tmp_path).read_text() == text


def test_every_engine_of_a_case_is_shown_in_order_of_time(page):
    rows = rows_of(page[0], "predict 784-512-512-10, 10,000 rows")
    assert rows == [
        "JAX, a whole epoch in lax.scan",
        "gradclinic",
        "PyTorch, eager",
        "NumPy, written by hand",
        "scikit-learn&#39;s MLPClassifier",
    ]


def test_failed_and_missing_engines_are_named_with_the_reason(page):
    said = Page(page[0]).said()
    assert "JAX, networks in vmap No time: its process ended (-9)" in said
    assert "PyTorch, compiled: torch is not installed; pip install" in said


def test_the_summary_counts_and_names_what_is_lost(content):
    known = completed(content)
    assert outcome(known) == (
        "gradclinic is faster in 27 of 29 comparisons and slower in 1; in 1 no"
        " difference was shown. 1 more gave no time and is not counted."
    )
    ((case, engine, less),) = losses(known)
    assert case.startswith("predict") and engine.startswith("JAX")
    assert less.replace("\xa0", " ") == "×0.90 of our time (.87 to .92)"


def test_updates_are_counted_and_every_one_is_shown(page, content):
    known = completed(content)
    assert updates.outcome(known) == (
        "gradclinic is faster in 2 of 4 updates and slower in 1; in 1 no difference was"
        " shown."
    )
    assert updates.losses(known) == [("Muon", "×2.50 as long (2.44 to 2.58)")]
    shown = updates.lines(known)
    assert [line.label for line in shown] == [
        "SGD",
        "Adam",
        "RMSprop centered",
        "Muon",
        "NAdam",
    ]
    assert [line.about for line in shown] == ["", "", "", "1,000 × 1,000: a matrix", ""]
    said = Page(page[0]).said()
    assert "Muon, for loop" in said and "up to 0.1 was allowed" in said
    assert "NAdam No time: torch: RuntimeError: no memory" in said


@pytest.mark.usefixtures("unpainted")
def test_without_torch_one_sentence_says_why(content, tmp_path):
    content["updates"] = {"torch": None, "reason": "torch is not installed", "rows": []}
    content |= dict.fromkeys(("cases", "throughput", "growth", "phases", "optimizers"))
    text = write_profile_page(content, tmp_path).read_text()
    section = text[text.index('id="updates"') :]
    section = section[: section.index("</section>")]
    assert "<p>torch is not installed</p>" in section and "<table" not in section


def test_a_clean_sweep_says_so(content):
    content["cases"] = content["cases"][:1]
    assert outcome(completed(content)) == (
        "gradclinic is faster in 5 of 5 comparisons and slower in none."
    )


@pytest.mark.parametrize("kernels", ["Haswell", "Zen", "Prescott"])
def test_a_noisy_host_and_pinned_kernels_are_said(content, kernels):
    content["noise"] = {"noisy": True, "reasons": ["It was busy."]}
    content["machine"]["openblas_coretype"] = kernels
    noisy, pinned = warnings(completed(content))
    assert noisy[1].startswith("It was busy.")
    assert f"OPENBLAS_CORETYPE={kernels}" in pinned[1]
    assert pinned[2] == "env -u OPENBLAS_CORETYPE gradclinic profile --peers"


def test_the_best_kernels_pinned_are_no_warning(content):
    content["machine"]["openblas_coretype"] = "SkylakeX"
    assert warnings(completed(content)) == []


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("absent", ["key", None, "empty"])
def test_any_part_may_be_absent(content, part, absent, tmp_path, monkeypatch):
    drawn = "gradclinic.reports.profile.page.pictures"
    monkeypatch.setattr(drawn, lambda *_: {name: [] for name in DRAWN})
    if absent == "key":
        del content[part]
    else:
        content[part] = None if absent is None else type(content[part])()
    page = Page(write_profile_page(content, tmp_path).read_text())
    assert page.open == []
    assert not re.search(r"\b(?:nan|Undefined|None)\b", page.said())


@pytest.mark.parametrize(
    "part", first_or_exhaustive(PARTS, ("machine", "cases", "updates"))
)
def test_one_part_alone_makes_a_page(content, part, tmp_path):
    alone = {"schema": 1, "kind": "profile", part: content[part]}
    page = Page(write_profile_page(alone, tmp_path).read_text())
    assert page.open == []
    assert not re.search(r"\b(?:nan|Undefined|None)\b", page.said())


def test_a_profile_of_nothing_says_what_is_missing(tmp_path):
    path = write_profile_page({"schema": 1, "kind": "profile"}, tmp_path)
    said = Page(path.read_text()).said()
    assert "Nothing was compared." in said
    assert "pip install 'gradclinic[peers]'" in said
    assert "Not measured in this run" in said
    assert not (tmp_path / "figures").exists()


@pytest.mark.usefixtures("unpainted")
def test_without_peers_it_shows_its_own_times(content, tmp_path):
    for case in content["cases"]:
        case |= {"rows": [], "best": {}}
    content |= dict.fromkeys(("throughput", "growth", "phases", "updates", "gpu"))
    said = Page(write_profile_page(content, tmp_path).read_text()).said()
    assert "gradclinic’s own times" in said
    assert "41,000" in said and "÷" not in said


@pytest.mark.usefixtures("unpainted")
def test_numbers_without_end_become_null(content, tmp_path):
    content["cases"] = [content["cases"][0]]
    content |= {"growth": [], "throughput": [], "scaling": []}
    content["cases"][0]["rows"][0] |= {"ratio": nan, "seconds": np.float64(nan)}
    write_profile_page(content, tmp_path)
    row = json.loads((tmp_path / "profile.json").read_text())["cases"][0]["rows"][0]
    assert row["ratio"] is None and row["seconds"] is None


@pytest.mark.exhaustive
def test_text_of_others_stays_text(content, tmp_path):
    content["peers"][0]["label"] = content["cases"][0]["label"] = EVIL
    content["peers"][-1]["reason"] = content["machine"]["cpu"] = EVIL
    content["command"] = EVIL
    page = Page(write_profile_page(content, tmp_path).read_text())
    assert "script" not in {tag for tag, _ in page.tags}
    assert EVIL in page.texts


def test_index_and_profile_link_to_each_other(content, tmp_path):
    bare = {"schema": 1, "kind": "profile"}
    assert "profile.html" not in write_index([], tmp_path).read_text()
    assert 'href="index.html"' in write_profile_page(bare, tmp_path).read_text()
    assert 'href="profile.html"' in write_index([], tmp_path).read_text()


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError):
        write_profile_page({"schema": 1}, tmp_path / "file")
