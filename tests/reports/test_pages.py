"""What every page must be: offline, readable by all, complete, the same each time."""

import json
import re
from html.parser import HTMLParser
from math import inf, nan

import numpy as np
import pytest
from gradclinic.reports import write_index, write_scenario_page
from gradclinic.reports.also import also
from gradclinic.reports.machine import merged
from gradclinic.reports.signs import component

from .scripted import plain

EVIL = '"><script>alert(1)</script>& $x$ <b>'
ADDRESS = re.compile(r"https?:|(?:src|href|action)=[\"']?//|url\((?!#)|@import", re.I)
VOID = {"meta", "br", "img", "link", "hr", "input"}
words_alone = pytest.mark.usefixtures("unpainted")


class Page(HTMLParser):
    """The elements of a page as (tag, attributes), and the text of each tag."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.open, self.texts = [], [], []
        self.feed(plain(text))

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if data.strip() and "style" not in self.open:
            self.texts.append(data.strip())

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """A function from a result to its page and its index, each rendered once."""
    done = {}

    def render(result):
        name = result["scenario"]
        if name not in done:
            out = tmp_path_factory.mktemp("pages")
            page, index = write_scenario_page(result, out), write_index([result], out)
            done[name] = (page.read_text(), index.read_text(), out)
        return done[name]

    return render


def both(rendered):
    return rendered[:2]


def test_a_page_names_no_outside_address(result, pages):
    for text in both(pages(result)):
        assert not ADDRESS.search(text)
        assert not {"script", "link", "iframe", "img", "base"} & {
            tag for tag, _ in Page(text).elements
        }


def test_a_page_is_small_and_whole(result, pages):
    for text in both(pages(result)):
        assert len(text.encode()) < 1_000_000
        assert Page(text).open == []
        said = " ".join(Page(text).texts)
        assert not re.search(r"\b(?:nan|inf|Undefined|None(?! of| No fix))\b", said)


def test_every_picture_has_words_and_its_command(result, pages):
    for text in both(pages(result)):
        for svg in Page(text).all("svg"):
            assert svg["role"] == "img"
            assert len(svg["aria-label"]) > 40
        assert text.count("<figure>") == text.count("drawn by") == text.count("<svg")


def test_ids_are_unique_and_links_lead_somewhere(result, pages):
    for text in both(pages(result)):
        page = Page(text)
        ids = [names["id"] for _, names in page.elements if "id" in names]
        links = re.findall(r"(?:href=\"#|url\(#)([^\")]+)", text)
        assert len(ids) == len(set(ids))
        assert set(links) <= set(ids)


def test_links_to_files_lead_to_files(result, pages):
    for text in both(pages(result)):
        for link in Page(text).all("a"):
            file = link["href"].partition("#")[0]
            assert not file or (pages(result)[2] / file).is_file()


def test_a_page_may_not_widen_and_is_printable(pages, make_result):
    text, index, _ = pages(make_result())
    for page in (text, index):
        assert 'name="viewport"' in page
        assert "@media print" in page


def test_the_same_result_gives_the_same_bytes(result, pages, tmp_path):
    write_scenario_page(result, tmp_path)
    write_index([result], tmp_path)
    folders = pages(result)[2], tmp_path
    one, two = ({p.name: p for p in f.rglob("*") if p.is_file()} for f in folders)
    assert one.keys() == two.keys()
    assert all(one[name].read_bytes() == two[name].read_bytes() for name in one)


def test_the_numbers_lie_beside(result, pages):
    text = (pages(result)[2] / f"{result['scenario']}.json").read_text()
    assert json.loads(text) == result


def test_a_page_from_the_numbers_is_the_same_page(make_result, pages, tmp_path):
    text, _, out = pages(make_result())
    again = json.loads((out / "overfitting.json").read_text())
    assert write_scenario_page(again, tmp_path).read_text() == text


@words_alone
def test_what_an_earlier_version_stored_is_drawn_again(make_result, tmp_path):
    """Then an effect was a number, and the best fix a name."""
    result = make_result()
    for fix in result["fixes"]:
        del fix["seconds"]["interval"]
    old = json.loads(json.dumps(result))
    old["best"] = "early_stopping"
    for name in ("delta_ratio", "survival"):
        del old[name]
    for fix in old["fixes"]:
        fix["effect"] = fix.pop("gain")
        for name in ("refuted", "strength", "guardrail"):
            del fix[name]
        if fix["verdict"] == "too small to matter":
            fix["verdict"] = "no effect"
    said = Page(write_scenario_page(old, tmp_path).read_text()).texts
    now = Page(write_scenario_page(result, tmp_path).read_text()).texts
    assert "×0.39" in said
    # Strengths were not stored then.
    now = [text.replace("(rate 0.01; ", "(") for text in now]
    assert [word for word in said if "×" in word and "δ" not in word] == [
        word for word in now if "×" in word and "δ" not in word
    ]


@words_alone
def test_numbers_without_end_become_null(make_result, tmp_path):
    result = make_result()
    result["fixes"][0] |= {"effect": inf, "low": np.float64(nan), "high": -inf}
    result["symptom"]["components"][0]["value"] = np.float32(1.5)
    write_scenario_page(result, tmp_path)
    read = json.loads((tmp_path / "overfitting.json").read_text())
    assert [read["fixes"][0][k] for k in ("effect", "low", "high")] == [None] * 3
    assert read["symptom"]["components"][0]["value"] == 1.5


def test_text_of_others_stays_text(make_result, tmp_path):
    result = make_result("divergence")
    for key in ("title", "problem", "command", "data"):
        result[key] = EVIL
    result["fixes"][0] |= {"label": EVIL, "claim": EVIL, "note": EVIL}
    result["metric"]["label"] = EVIL
    result["curves"][0]["series"][0]["label"] = EVIL
    result["plots"][0]["title"] = EVIL
    result["tables"][0]["rows"][0][0] = EVIL
    result["trial"] = {EVIL: EVIL}
    pages = write_scenario_page(result, tmp_path), write_index([result], tmp_path)
    for path in pages:
        assert "script" not in {tag for tag, _ in Page(path.read_text()).elements}
        assert EVIL in Page(path.read_text()).texts


@words_alone
def test_a_name_cannot_leave_the_folder(make_result, tmp_path):
    result = make_result() | {"scenario": "../../out of/the folder"}
    page = write_scenario_page(result, tmp_path / "pages")
    assert page.parent == tmp_path / "pages"
    assert {path.name for path in tmp_path.iterdir()} == {"pages"}


def test_fixes_stand_in_the_order_of_their_lower_bounds(pages, make_result):
    result = make_result()
    text = pages(result)[0]
    table = text[text.index("overfitting-verdicts") :]
    fixes = [fix for fix in result["fixes"] if fix["role"] == "fix"]
    wanted = sorted(fixes, key=lambda fix: -fix["low"])
    rows = re.findall(r'<th role="rowheader" scope="row">([^<]+)<', table)
    assert rows[: len(wanted)] == [fix["label"] for fix in wanted]


def test_a_fix_that_does_not_help_is_said_in_plain_words(pages, make_result):
    text = " ".join(Page(pages(make_result())[0]).texts)
    assert "Input noise. The claim: “Textbooks say that it helps.”" in text
    assert (
        "Here its effect is too small to matter: test loss ×0.99 (.96 to 1.02)" in text
    )
    assert "Here it makes matters worse: test loss ×1.25 (1.13 to 1.38)." in text
    assert "Here these seeds decide nothing: test loss ×0.90 (.66 to 1.23)." in text


@words_alone
def test_a_small_gain_that_is_sure_is_said_to_be_sure(make_result, make_fix, tmp_path):
    fix = make_fix("Little", 0.03, 0.01, "too small to matter")
    result = make_result() | {"fixes": [fix], "controls": []}
    text = write_scenario_page(result, tmp_path).read_text()
    assert "too small to matter: test loss ×0.97 (.96 to .98). The gain is sure" in text


@words_alone
@pytest.mark.parametrize(
    ("effect", "half", "said"),
    [
        (0.04, 0.02, "Here a gain is sure, but not whether it is large enough to"),
        (-0.04, 0.02, "Here a loss is sure, but not whether it is large enough to"),
        (0.04, 0.05, "Here these seeds decide nothing: "),
    ],
)
def test_what_is_not_decided_is_said_apart_from_what_is_sure(
    make_result, make_fix, tmp_path, effect, half, said
):
    fix = make_fix("Little", effect, half, "inconclusive")
    result = make_result() | {"fixes": [fix], "controls": []}
    assert said in write_scenario_page(result, tmp_path).read_text()


@words_alone
def test_every_fix_shows_its_strength_and_a_guardrail_that_failed(
    make_result, tmp_path
):
    result = make_result()
    result["fixes"][0]["guardrail"] = "But on test rows accuracy falls."
    text = write_scenario_page(result, tmp_path).read_text()
    fixes = [fix for fix in result["fixes"] if fix["role"] == "fix"]
    assert text.count("Setting: rate 0.01") == len(fixes)
    assert '<small class="fires">But on test rows accuracy falls.</small>' in text


@words_alone
def test_times_have_an_interval_or_a_reason_why_there_is_none(make_result, tmp_path):
    result = make_result()
    text = write_scenario_page(result, tmp_path).read_text()
    assert "×1.31 (1.20 to 1.45)" in text and "No prices in time" not in text
    for fix in result["fixes"]:
        fix["seconds"]["interval"] = None
    text = write_scenario_page(result, tmp_path).read_text()
    assert "×1.31" not in text and "420\N{NO-BREAK SPACE}ms a run" in text
    reason = result["machine"]["noise_reasons"][0]
    said = "No prices in time are compared here, because the host was noisy."
    assert f"{said} {reason} With --force they are taken again." in text


@words_alone
@pytest.mark.parametrize("noisy", [True, False])
def test_rough_times_are_shown_with_what_makes_them_rough(make_result, tmp_path, noisy):
    result = make_result()
    reasons = ["The same work took 20 % longer at the end."] * noisy
    result["machine"] |= {
        "noisy": noisy,
        "noise_reasons": reasons,
        "noise_factor": 1.2 if noisy else 1.0,
    }
    text = write_scenario_page(result, tmp_path).read_text().replace("\xa0", " ")
    said = "at the end. So the ends of the intervals of times lie a factor of 1.2 "
    assert "×1.31 (1.20 to 1.45)" in text and (said in text) == noisy
    assert ("no fix has a place by its time" in text) == noisy


@pytest.mark.parametrize(
    "names", [["early_stopping"], ["early_stopping", "input_noise"]]
)
@words_alone
def test_fixes_that_tie_are_all_named_and_the_best_without_new_data(
    make_result, tmp_path, names
):
    result = make_result()
    result["best"] = {
        "fixes": names,
        "reason": "They tie.",
        "without_new_data": names[:1],
    }
    pages = write_scenario_page(result, tmp_path), write_index([result], tmp_path)
    for page in pages:
        said = " ".join(Page(page.read_text()).texts)
        assert ("2 fixes tie" in said or "2 tie" in said) == (len(names) == 2)
        assert "Early stopping" in said and "×0.39 (.36 to .44)" in said
        assert ("Without new data" in said or "No new data" in said) == (
            len(names) == 2
        )


def test_how_to_read_it_is_said_once_and_folded(pages, make_result):
    text = pages(make_result("slow_training"))[0]
    assert text.count("How to read this") == text.count("<details") == 1
    assert text.count("Did the test itself work?") == 2


@words_alone
def test_seeds_are_names_and_numbers_are_counts(make_result, tmp_path):
    result = make_result("divergence")
    result["tables"][0]["rows"][0][:2] = [3000, 3000]
    said = Page(write_scenario_page(result, tmp_path).read_text()).texts
    assert "3000" in said and "3,000" in said


@words_alone
def test_a_misbehaving_control_is_named(make_result, tmp_path):
    result = make_result()
    result["controls"][1]["behaved"] = False
    for path in write_scenario_page(result, tmp_path), write_index([result], tmp_path):
        assert "misbehaved: Twice as many epochs" in path.read_text()


def test_parts_are_answered_on_the_same_page(pages, make_result):
    text, index, _ = pages(make_result("slow_training"))
    assert '<h2 id="slow_training.seconds">' in text
    assert 'href="slow_training.html#slow_training.seconds"' in index
    assert text.count("Did the test itself work?") == 2


@words_alone
def test_failed_runs_are_listed_by_reason(make_result, tmp_path):
    result = make_result()
    result["failed_runs"] = [
        {"fix": "l2", "seed": seed, "reason": "killed"} for seed in (3, 4, 5)
    ]
    text = write_scenario_page(result, tmp_path).read_text()
    assert "l2, seed 3, 4 and 5: killed" in text


def test_a_noisy_host_is_said_and_a_quiet_one_too(pages, make_result):
    assert "Noisy host." in pages(make_result())[0]
    assert "Noisy host." not in pages(make_result("divergence"))[0]


@pytest.mark.parametrize(
    ("noisy", "said"),
    [(True, "Noisy host."), (False, "The host was quiet"), (None, None)],
)
@words_alone
def test_where_nothing_was_timed_no_host_is_called_quiet(
    make_result, tmp_path, noisy, said
):
    result = make_result("divergence")
    result["machine"]["noisy"] = noisy
    written = write_scenario_page(result, tmp_path), write_index([result], tmp_path)
    for page in (path.read_text() for path in written):
        for words in ("Noisy host.", "The host was quiet"):
            assert (words in page) == (words == said)


@pytest.mark.parametrize(
    ("runs", "noisy"),
    [
        ([None], None),
        ([None, False], False),
        ([False, None], False),
        ([True, None], True),
        ([None, True], True),
        ([False, True, False], True),
    ],
)
def test_a_machine_is_as_noisy_as_its_worst_run(runs, noisy):
    machines = [{"cpu": "X", "noisy": n, "noise_reasons": []} for n in runs]
    (entry,) = merged(machines)
    assert entry["noisy"] is noisy


@words_alone
def test_the_index_says_one_command_for_all(make_result, tmp_path):
    results = [make_result("overfitting"), make_result("divergence")]
    text = " ".join(Page(write_index(results, tmp_path).read_text()).texts)
    assert "gradclinic run overfitting divergence --quick" in text
    results[0]["command"] += " --seed 3"
    text = " ".join(Page(write_index(results, tmp_path).read_text()).texts)
    assert "gradclinic run overfitting --quick --seed 3" in text
    assert "gradclinic run divergence --quick" in text


def test_an_index_of_nothing_says_so(tmp_path):
    assert "There are no results yet." in write_index([], tmp_path).read_text()


def test_a_folder_that_cannot_be_written_is_an_error(make_result, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError):
        write_scenario_page(make_result("nothing"), tmp_path / "file")


@pytest.mark.parametrize(
    ("part", "runs", "shown"),
    [
        (
            ("share of runs that diverged", 1.0, 0.72, 1.0, 0.0, ""),
            10,
            ("runs that diverged", "10 of 10 runs", "72 % to 100 %", "> 0 %"),
        ),
        (
            ("share of runs that diverged", 0.33, 0.2, 0.5, 0.0, ""),
            10,
            ("runs that diverged", "33 %", "20 % to 50 %", "> 0 %"),
        ),
        (
            ("cost / cost of the reference", 41.06, 28.7, 58.6, 3.0, ""),
            10,
            ("cost / cost of the reference", "×41.1", "28.7 to 58.6", "> ×3.00"),
        ),
        (
            ("relative gap, (a - b) / b", 12.1, 10.0, 14.2, 0.1, ""),
            10,
            ("relative gap, (a - b) / b", "1,210 %", "1,000 % to 1,420 %", "> 10 %"),
        ),
        (
            ("accuracy gap", 4.2, -1.0, 9.4, 5, "points"),
            10,
            ("accuracy gap", "4.2 points", "−1 points to 9.4 points", "> 5 points"),
        ),
    ],
)
def test_a_sign_of_the_symptom_has_the_form_of_its_kind(part, runs, shown):
    name, value, low, high, threshold, unit = part
    found = component(
        {
            "name": name,
            "value": value,
            "low": low,
            "high": high,
            "unit": unit,
            "threshold": threshold,
            "comparison": ">",
            "fires": True,
        },
        runs,
    )
    said = tuple(found[k] for k in ("name", "value", "interval", "threshold"))
    assert tuple(word.replace("\N{NO-BREAK SPACE}", " ") for word in said) == shown


def test_what_else_is_seen_is_told_with_the_interval_that_decided(make_result):
    told = also(make_result())
    assert told["seen"] == "vanishing gradient" and told["steps"] == "20 steps"
    assert told["control"] == "The positive"
    (name, (baseline, control)), (other, (dead, nothing)) = told["rows"]
    assert (name, other) == ("vanishing gradient", "dead ReLU")
    assert (baseline["fires"], control["refuted"]) == (True, True)
    (sign,) = baseline["signs"]
    assert (sign["interval"], sign["threshold"]) == (".00010 to .00040", "< ×0.0010")
    assert dead["fires"] is dead["refuted"] is False and nothing is None


@words_alone
def test_a_page_of_an_earlier_version_says_nothing_of_other_troubles(
    make_result, tmp_path
):
    result = make_result()
    for said in (True, False):
        write_scenario_page(result, tmp_path)
        text = (tmp_path / "overfitting.html").read_text()
        assert ("Also seen on the baseline: vanishing gradient." in text) is said
        result.pop("also", None)
    assert also(result) is None


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        ("worse", "No fix was shown to help here."),
        ("relieved", "What helps fails a guardrail."),
    ],
)
@words_alone
def test_where_no_fix_is_the_best_the_page_says_why(
    make_result, make_fix, tmp_path, verdict, said
):
    result = make_result() | {"fixes": [make_fix("A", 0.1, 0.01, verdict)]}
    result |= {"best": {"fixes": [], "reason": "", "without_new_data": []}}
    result["controls"] = []
    pages = write_scenario_page(result, tmp_path), write_index([result], tmp_path)
    assert all(said in page.read_text() for page in pages)
