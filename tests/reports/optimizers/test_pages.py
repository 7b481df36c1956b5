"""The pages of a study of optimizers: offline, whole, honest, small."""

import json
import re
from html.parser import HTMLParser

import pytest
from gradclinic.reports import write_index, write_optimizer_pages
from gradclinic.reports.optimizers import evidence, limits, summary
from gradclinic.reports.optimizers.content import Study
from gradclinic.reports.optimizers.labels import optimizer_label, problem_label
from gradclinic.reports.optimizers.pages import write_optimizer
from gradclinic.reports.optimizers.verdicts import FIRST, MISSED, apart, verdict

ADDRESS = re.compile(r"https?:|(?:src|href|action)=[\"']?//|url\((?!#)|@import", re.I)
NO_NUMBER = re.compile(r"\b(?:nan|inf|Undefined|None|null)\b")
EVIL = '"><script>alert(1)</script>& $x$ <b>'
VOID = {"meta", "br", "img", "link", "hr", "input"}


class Page(HTMLParser):
    """The tags of a page with their attributes, its texts, and tags left open."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.texts, self.open = [], [], []
        self.feed(text)

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
        return " ".join(" ".join(self.texts).replace("\xa0", " ").split())


@pytest.fixture(scope="module")
def folder(whole, tmp_path_factory):
    """A folder with all pages of the made-up study."""
    out = tmp_path_factory.mktemp("study")
    assert write_optimizer_pages(whole, out) == out / "optimizers.html"
    return out


def pages_of(folder):
    return sorted(folder.glob("*.html"))


def said(folder, name):
    return Page((folder / name).read_text()).said()


def test_there_is_a_page_for_every_optimizer_and_every_problem(folder, whole):
    names = {page.name for page in pages_of(folder)}
    assert names == {
        "optimizers.html",
        *(f"optimizer-{o['name']}.html" for o in whole["optimizers"]),
        *(f"problem-{p['name']}.html" for p in whole["problems"]),
    }


def test_every_page_is_one_small_offline_file(folder):
    for page in pages_of(folder):
        text = page.read_text()
        assert not ADDRESS.search(text)
        assert len(text.encode()) < 1_000_000
        parsed = Page(text)
        assert not {tag for tag, _ in parsed.tags} & {
            "script", "link", "iframe", "img", "base"
        }  # fmt: skip
        assert parsed.open == []
        assert not NO_NUMBER.search(parsed.said()), page.name
        assert "@media print" in text and 'name="viewport"' in text


def test_every_picture_has_words_and_its_command(folder):
    pictures = 0
    for page in pages_of(folder):
        text = page.read_text()
        drawn = [names for tag, names in Page(text).tags if tag == "svg"]
        assert all(p["role"] == "img" and len(p["aria-label"]) > 40 for p in drawn)
        assert text.count("<figure>") == text.count("drawn by") == len(drawn)
        pictures += len(drawn)
    assert len(list((folder / "figures").glob("*.png"))) == pictures > 30


def test_ids_are_unique_and_links_lead_somewhere(folder):
    for page in pages_of(folder):
        text = page.read_text()
        ids = [names["id"] for _, names in Page(text).tags if "id" in names]
        assert len(ids) == len(set(ids))
        assert set(re.findall(r"(?:href=\"#|url\(#)([^\")]+)", text)) <= set(ids)
        for link in (names["href"] for tag, names in Page(text).tags if tag == "a"):
            assert link.startswith("#") or (folder / link).is_file(), link


def test_the_numbers_lie_beside_and_processes_draw_the_same_pages(
    folder, whole, tmp_path
):
    stored = json.loads((folder / "optimizers.json").read_text())
    assert stored == whole
    write_optimizer_pages(stored, tmp_path, jobs=2)
    for page in pages_of(folder):
        assert (tmp_path / page.name).read_bytes() == page.read_bytes()


@pytest.mark.parametrize(
    "part",
    ["evidence", "limits", "places", "problems", "profiles", "tuning", "costs",
     "method", "machine"],
)  # fmt: skip
def test_the_index_has_its_parts(folder, part):
    assert f'id="{part}"' in (folder / "optimizers.html").read_text()


@pytest.mark.parametrize("part", ["task", "convergence", "optimizers", "sensitivity"])
def test_a_problem_has_its_parts_and_three_clocks(folder, part):
    text = (folder / "problem-digits_mlp.html").read_text()
    assert f'id="{part}"' in text
    for clock in ("evaluations", "steps", "seconds"):
        assert f"figures/problem-digits_mlp-by-{clock}.png" in text


@pytest.mark.parametrize("part", ["rule", "problems", "parity", "paths"])
def test_an_optimizer_has_its_parts(folder, part):
    assert f'id="{part}"' in (folder / "optimizer-adamw.html").read_text()


def test_all_optimizers_stand_in_the_table_in_order_of_rank(folder, whole):
    text = (folder / "optimizers.html").read_text()
    table = text[text.index('id="places"') :]
    table = table[: table.index("</table>")]
    rows = re.findall(r'scope="row"><a href="optimizer-(\w+)\.html"', table)
    assert rows == [optimizer["name"] for optimizer in whole["optimizers"]]


def test_misses_divergences_and_ties_are_said_in_words(folder):
    index = said(folder, "optimizers.html")
    assert "6 of 90 runs" not in index
    assert "3 of 90 runs of tuned optimizers on fresh seeds diverged" in index
    assert "(SGD 3); each counts as never meeting its target" in index
    assert "Nobody meets it on Wine." in index
    assert "not shown to differ, which is not shown to be equal" in index
    assert "a AdamW, RMSprop" in index
    sgd = said(folder, "optimizer-sgd.html")
    assert "No seed of it meets the target on Noisy quadratic and Wine." in sgd
    assert "3 diverged" in sgd and "never" in sgd
    wine = said(folder, "problem-wine.html")
    assert "No optimizer of 6 met the target on any fresh seed" in wine


def test_the_rule_its_source_and_its_parity_are_shown(folder):
    adamw = said(folder, "optimizer-adamw.html")
    assert "p ← p - lr g" in adamw and "Nobody (1999)" in adamw and "`" not in adamw
    assert "2e-16 (quadratic), not stored (network)" in adamw and "✓ within" in adamw
    assert "✗ over" in said(folder, "optimizer-sgd.html")
    lion = said(folder, "optimizer-lion.html")
    assert (
        "its first steps are derived from the paper’s equations in test_rules" in lion
    )
    assert "at the edge of its range" in lion
    own = said(folder, "optimizer-random_direction.html")
    assert "It comes from a file of yours" in own and "It has none." in own


def test_verdicts_follow_from_the_gradients_expected(whole):
    study = Study.of(whole)
    assert verdict(study, "digits_mlp", "lion").name == FIRST
    assert verdict(study, "digits_mlp", "adamw").name == "within 2×"
    assert verdict(study, "digits_mlp", "sgd").name == "within 4×"
    assert verdict(study, "noisy_quadratic", "sgd").name == MISSED
    assert not apart(study, "digits_mlp")
    assert not apart(study, "wine")


def better(content, matrix):
    """The content with another relation of who is better, and its standings."""
    for found in content["comparisons"]:
        if found["clock"] == "evaluations":
            found["improvement"]["better"] = matrix
            for j, standing in enumerate(found["standings"]):
                standing["low"] = 1 + sum(row[j] for row in matrix)
    return Study.of(content)


def test_the_outcome_says_no_more_than_was_shown(content):
    m = len(content["optimizers"])
    some = summary.outcome(Study.of(content))
    assert some.startswith("AdamW and RMSprop were beaten by no other")
    none = better(content, [[False] * m for _ in range(m)])
    assert summary.outcome(none) == (
        "No optimizer was shown to be better than any other."
    )
    assert "In none of 15 pairs was one" in evidence.pairs(none)
    best = better(content, [[i == 0 and j > 0 for j in range(m)] for i in range(m)])
    assert summary.outcome(best) == (
        "AdamW was shown to be better than every other optimizer."
    )
    alone = better(content, [[i + 1 == j for j in range(m)] for i in range(m)])
    assert "is the only one that none was shown to beat" in summary.outcome(alone)


def test_a_file_of_ones_own_is_in_colour_and_named_first(whole, make_study):
    study = Study.of(whole)
    assert next(iter(study.highlights(study.order))) == "random_direction"
    title, text = evidence.supported(study)[0]
    assert title == "Yours." and text.startswith("random_direction takes place 6 of 6")
    assert text.endswith("AdamW, RMSprop, Nesterov and SGD were shown to be better than"
                         " it.")  # fmt: skip
    without = Study.of(make_study(("adamw", "sgd"), {"wine": ("Wine", 547)}))
    assert evidence.yours(without) == ""


def test_many_optimizers_make_at_most_eight_lines(make_study):
    names = tuple(f"rule_{k}" for k in range(30))
    study = Study.of(make_study((*names, "adamw", "sgd"), {"wine": ("Wine", 547)}))
    looks = study.highlights(study.order)
    assert list(looks) == [*names[:4], "sgd", "adamw"]
    assert sorted(looks.values()) == list(range(6))


def test_a_study_too_small_for_any_claim_says_so(content):
    for found in content["comparisons"]:
        if "improvement" in found:
            found["improvement"]["needed"] = 1.2
    assert "too small to call one optimizer better" in evidence.pairs(Study.of(content))


def test_a_first_place_that_hangs_on_one_problem_is_said(content):
    assert "stays first whichever problem" in limits.stability(Study.of(content))
    for found in content["comparisons"]:
        found["stability"]["without_problem"][2][0] = 3
    assert limits.stability(Study.of(content)) == (
        "AdamW is no longer first where Wine is left out."
    )


def test_a_noisy_host_and_a_quick_look_are_said(content):
    content["noise"] = {"noisy": True, "reasons": ["It was busy."]}
    quick, noisy = summary.notices(Study.of(content))
    assert quick[0] == "Quick look." and noisy[1].startswith("It was busy.")
    assert any(
        title == "Seconds." for title, _ in limits.unsupported(Study.of(content))
    )
    content["settings"]["quick"] = False
    assert [title for title, _ in summary.notices(Study.of(content))] == ["Noisy host."]


def test_rates_that_contradict_theory_are_said_aloud(content):
    assert "agree with theory" in evidence.theory(Study.of(content))
    content["theory"][0]["difference"] = 0.4
    assert "do NOT agree" in evidence.theory(Study.of(content))


@pytest.mark.parametrize("part", ["rules", "parity", "updates", "surfaces", "theory"])
def test_pages_do_without_what_was_not_measured(content, part, tmp_path):
    del content[part]
    page = write_optimizer(Study.of(content), "adamw", tmp_path)
    parsed = Page(page.read_text())
    assert parsed.open == [] and not NO_NUMBER.search(parsed.said())


def test_names_cannot_break_out_of_the_page(make_study, tmp_path):
    content = make_study(("adamw",), {"wine": ("Wine", 547)})
    content["problems"][0]["title"] = content["rules"]["adamw"]["title"] = EVIL
    content["optimizers"][0]["source"] = content["command"] = EVIL
    write_optimizer_pages(content, tmp_path)
    for page in pages_of(tmp_path):
        text = page.read_text()
        assert "<script" not in text and Page(text).open == []


def test_one_optimizer_on_one_problem_is_a_study_too(make_study, tmp_path):
    content = make_study(("sgd",), {"wine": ("Wine", 547)})
    text = said(write_optimizer_pages(content, tmp_path).parent, "optimizers.html")
    assert "SGD was studied alone" in text


def test_the_index_of_all_links_to_the_study(tmp_path):
    (tmp_path / "optimizers.json").write_text("{}")
    text = write_index([], tmp_path).read_text()
    assert 'href="optimizers.html"' in text and "profile.html" not in text


def test_names_are_written_as_one_writes_them():
    assert optimizer_label("adamw") == "AdamW"
    assert optimizer_label("rmsprop_centered") == "RMSprop centered"
    assert optimizer_label("schedule_free_sgd") == "Schedule-Free SGD"
    assert optimizer_label("something_new") == "Something new"
    assert problem_label("digits_mlp") == "digits MLP"
