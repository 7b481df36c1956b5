"""The pages of a study of optimizers: offline, whole, honest, small."""

import json
import re
from html.parser import HTMLParser

import pytest
from gradclinic.reports import write_index as write_index_of_all
from gradclinic.reports import write_optimizer_pages
from gradclinic.reports.labels import optimizer_label, problem_label
from gradclinic.reports.optimizers import evidence, summary, values
from gradclinic.reports.optimizers.content import StudyContent
from gradclinic.reports.optimizers.pages import write_index, write_optimizer
from gradclinic.reports.optimizers.verdicts import (
    FIRST,
    MISSED,
    WITHHELD,
    by_expected,
    is_alone,
    least,
    placed,
    ratio,
    verdict,
)

from ..scripted import plain

ADDRESS = re.compile(r"https?:|(?:src|href|action)=[\"']?//|url\((?!#)|@import", re.I)
NO_NUMBER = re.compile(r"\b(?:nan|inf|Undefined|None|null)\b")
EVIL = '"><script>alert(1)</script>& $x$ <b>'
VOID = {"meta", "br", "img", "link", "hr", "input"}
words_alone = pytest.mark.usefixtures("unpainted")


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
            "script",
            "link",
            "iframe",
            "img",
            "base",
        }
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
    [
        "convergence",
        "read",
        "evidence",
        "limits",
        "places",
        "pairs",
        "problems",
        "profiles",
        "tuning",
        "seconds",
        "costs",
        "method",
        "machine",
    ],
)
def test_the_index_has_its_parts(folder, part):
    assert f'id="{part}"' in (folder / "optimizers.html").read_text()


@pytest.mark.parametrize(
    "part", ["convergence", "read", "task", "optimizers", "sensitivity"]
)
def test_a_problem_has_its_parts_and_the_clocks_that_differ(folder, part):
    text = (folder / "problem-digits_mlp.html").read_text()
    assert f'id="{part}"' in text
    for clock, drawn in (("evaluations", True), ("steps", False), ("seconds", True)):
        assert (f"figures/problem-digits_mlp-by-{clock}.png" in text) == drawn


@pytest.mark.parametrize(
    "part", ["problems", "read", "values", "rule", "parity", "paths"]
)
def test_an_optimizer_has_its_parts(folder, part):
    assert f'id="{part}"' in (folder / "optimizer-adamw.html").read_text()


def test_pictures_come_first_and_how_to_read_them_once(folder):
    text = (folder / "optimizers.html").read_text()
    main = text[text.index("<main>") :]
    assert main.index("<svg") < main.index('id="evidence"')
    for page in pages_of(folder):
        text = page.read_text()
        assert text.count("How to read this") == text.count('<details class="how"') == 1


def test_tables_of_rows_stack_on_a_phone(folder):
    for name in ("optimizers.html", "problem-wine.html", "optimizer-sgd.html"):
        text = (folder / name).read_text()
        assert ".stack tr { display: grid" in text
        for table in re.findall(r"<table class=\"slim stack\".*?</table>", text, re.S):
            cells = re.findall(r"<td [^>]*>", table)
            assert cells and all("data-label=" in cell for cell in cells)


def test_all_optimizers_stand_in_the_table_in_order_of_rank(folder, whole):
    text = (folder / "optimizers.html").read_text()
    table = text[text.index('id="places"') :]
    table = table[: table.index("</table>")]
    rows = re.findall(r'scope="row"><a href="optimizer-(\w+)\.html"', table)
    assert rows == [optimizer["name"] for optimizer in whole["optimizers"]]


def test_misses_and_divergences_are_said_in_words(folder):
    index = said(folder, "optimizers.html")
    assert "3 of 90 runs of tuned optimizers diverged (SGD 3)" in index
    assert "none met the target" in index
    assert "Not shown to differ is not shown to be equal." in index
    sgd = said(folder, "optimizer-sgd.html")
    assert "Misses the target on Noisy quadratic and Wine." in sgd
    assert "3 diverged" in sgd and "never" in sgd
    wine = said(folder, "problem-wine.html")
    assert "Not one of 6 optimizers met the target." in wine


def test_a_pair_whose_search_failed_has_no_place_and_says_why(folder, whole):
    study = StudyContent.of(whole)
    assert verdict(study, "noisy_quadratic", "lion").name == WITHHELD
    assert ratio(study, "noisy_quadratic", "lion") == [None] * 3
    assert by_expected(study, "noisy_quadratic")[-1] == "lion"
    assert placed(study, "noisy_quadratic")[0] == "adamw"
    quadratic = said(folder, "problem-noisy_quadratic.html")
    assert "5 of 6 optimizers have a place here; 3 of them met the target." in quadratic
    why = "Its sweep found a loss of 0.07, the search 0.1."
    for page in ("optimizer-lion.html", "problem-noisy_quadratic.html"):
        assert said(folder, page).count(why) == 1
    index = said(folder, "optimizers.html")
    assert f"Lion on Noisy quadratic: {why}" in index
    assert "In 1 of 18 searches (5.6 %) a plain sweep" in index
    assert "1 of 3 withheld" in index and "this pair has no place" in index


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_whatever_counts_a_withheld_search_says_so(content, lost):
    """Over all problems its runs count: in the lead, for the first, for one's own."""
    study = StudyContent.of(content)
    first = study.order[0]
    rows = [row for row in content["results"] if row["optimizer"] == first]
    for row in content["results"]:
        row["budgets"][-1]["withheld"] = None
    for row in rows[:lost]:
        row["budgets"][-1]["withheld"] = "Beaten by its sweep."
    for optimizer in content["optimizers"]:
        optimizer["file"] = "own.py" if optimizer["name"] == first else None
    study = StudyContent.of(content)
    said = {
        0: "",
        1: "rests on 1 search that failed its own check",
        2: "rests on 2 searches that failed their own check",
    }[lost]
    for text in (
        evidence.first_place(study),
        evidence.yours(study),
        summary.place(study, first),
    ):
        assert said in text and ("own check" in text) == bool(lost)
    notices = dict(summary.notices(study))
    assert ("Withheld." in notices) == bool(lost)
    if lost:
        assert f"{lost} of {len(content['results'])} searches" in notices["Withheld."]
        assert "still count over all problems" in notices["Withheld."]


def test_a_withheld_pair_cannot_be_first(content):
    for row in content["results"]:
        if row["problem"] == "digits_mlp":
            row["budgets"][-1]["withheld"] = "Beaten by its sweep."
    study = StudyContent.of(content)
    assert placed(study, "digits_mlp") == [] and not is_alone(study, "digits_mlp")
    assert least(study, "digits_mlp") is None
    names = {verdict(study, "digits_mlp", name).name for name in study.indices}
    assert names == {WITHHELD}


def test_all_tuned_values_are_printed(content):
    tuned = {
        "wine": (0.0462, 0.0),
        "digits_mlp": (0.3, 2.5e-6),
        "noisy_quadratic": (0.01, 0.0),
    }
    for problem, (lr, decay) in tuned.items():
        row = next(
            r
            for r in content["results"]
            if (r["problem"], r["optimizer"]) == (problem, "adamw")
        )
        row["budgets"][-1]["hyper"] = {"lr": lr, "weight_decay": decay, "beta2": 0.999}
    content["optimizers"][0]["defaults"] = {
        "lr": 0.01,
        "weight_decay": 0.0,
        "beta2": 0.999,
    }
    found = values.values(StudyContent.of(content), "adamw")
    assert found.heads == [("learning rate", "0.01"), ("weight decay", "0")]
    cells = {label: cells for label, _, cells in found.rows}
    assert cells["Wine"] == ["0.0462", "0"]
    assert cells["One hidden layer on digits"] == ["0.3", "2.5×10⁻⁶"]
    assert found.rest == [("beta2", "0.999")]
    assert values.smaller(StudyContent.of(content), "adamw") == []


def test_values_of_smaller_searches_are_printed_too(content):
    content["settings"]["budgets"] = [1, 4, 8]
    for row in content["results"]:
        defaults, last = row["budgets"]
        between = last | {"budget": 4, "hyper": {"lr": 0.07, "weight_decay": 0.0}}
        row["budgets"] = [defaults, between, last]
    study = StudyContent.of(content)
    ((trials, found),) = values.smaller(study, "adamw")
    assert trials == 4 and [cells[0] for _, _, cells in found.rows] == ["0.07"] * 3
    assert [cells[0] for _, _, cells in values.values(study, "adamw").rows] == (
        ["0.01"] * 3
    )


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.99937, "0.9994"),
        (0.999, "0.999"),
        (0.9999963, "0.9999963"),
        (0.9, "0.9"),
        (1.0, "1"),
        (0.0, "0"),
        (1e-8, "1.0×10⁻⁸"),
    ],
)
def test_values_just_below_one_are_told_from_one(number, text):
    assert values.value(number) == text


def test_targets_of_every_budget_are_printed(folder):
    wine = said(folder, "problem-wine.html")
    assert "Target of the defaults 0.2" in wine
    assert "Target after 8 trials 0.1 Easy target 0.14" in wine


def test_the_final_loss_stands_beside_the_runs_that_met(folder):
    text = (folder / "problem-digits_mlp.html").read_text()
    heads = re.findall(r"<th role=\"columnheader\"[^>]*>([^<]+)<", text)
    place = heads.index("Runs that met it")
    assert heads[place + 1 : place + 3] == ["Final loss", "Settled loss"]
    assert 'data-label="Final loss"><span>0.12</span><small>0.1 to 0.14' in text


def test_the_rule_its_source_and_its_parity_are_shown(folder):
    adamw = said(folder, "optimizer-adamw.html")
    assert "p ← p - lr g" in adamw and "Nobody (1999)" in adamw and "`" not in adamw
    assert "2.0×10⁻¹⁶ (quadratic), not stored (network)" in adamw
    assert "✓ within" in adamw and "✗ over" in said(folder, "optimizer-sgd.html")
    lion = said(folder, "optimizer-lion.html")
    assert (
        "its first steps are derived from the paper’s equations in test_rules" in lion
    )
    assert "at the edge of its range" in lion
    own = said(folder, "optimizer-random_direction.html")
    assert "It comes from a file of yours" in own and "It has none." in own


def test_verdicts_follow_from_the_gradients_expected(whole):
    study = StudyContent.of(whole)
    assert verdict(study, "digits_mlp", "lion").name == FIRST
    assert verdict(study, "digits_mlp", "adamw").name == "within 2×"
    assert verdict(study, "digits_mlp", "sgd").name == "within 4×"
    assert verdict(study, "noisy_quadratic", "sgd").name == MISSED
    assert not is_alone(study, "digits_mlp")
    assert not is_alone(study, "wine")


def best_is(content, numbers):
    """The content in which these numbers may be the best."""
    for found in content["comparisons"]:
        found["best_group"] = numbers
    return StudyContent.of(content)


def test_the_outcome_goes_by_who_may_be_the_best(content):
    assert summary.outcome(StudyContent.of(content)) == (
        "AdamW and RMSprop may be the best of 6 optimizers; the evidence does not say"
        " which."
    )
    one = best_is(content, [0])
    assert summary.outcome(one) == (
        "AdamW is the best of 6 optimizers on these problems."
    )
    everyone = best_is(content, list(range(6)))
    assert summary.outcome(everyone) == "Any of the 6 optimizers may be the best."
    assert "It may be the best." in summary.place(everyone, "sgd")
    assert "rests on 1 search that failed its own" in summary.place(everyone, "lion")


def test_the_evidence_is_at_most_five_sentences(whole, make_study):
    for content in (whole, make_study(("adamw", "sgd"), {"wine": ("Wine", 547)})):
        said = evidence.supported(StudyContent.of(content))
        assert 1 <= len(said) <= 5
        for _, text in said:
            assert text.endswith(".") and len(re.findall(r"[.!?](?: |$)", text)) == 1


def test_pairs_that_are_decided_are_counted(content):
    study = StudyContent.of(content)
    assert evidence.pairs(study).startswith("Of 15 pairs 10 are decided: one wins")
    for found in content["comparisons"]:
        if "improvement" in found:
            found["improvement"]["better"] = [[False] * 6 for _ in range(6)]
    assert evidence.pairs(StudyContent.of(content)).startswith(
        "Of 15 pairs none is decided"
    )


def test_a_file_of_ones_own_is_in_all_pictures_and_in_the_evidence(whole, make_study):
    study = StudyContent.of(whole)
    assert study.highlights(study.order)["random_direction"] == 6
    text = dict(evidence.supported(study))["Yours."]
    assert text == (
        "random_direction takes place 6 of 6 (95 % interval 5 to 6), is better than no"
        " other and beaten by AdamW, RMSprop, Nesterov and SGD."
    )
    without = StudyContent.of(make_study(("adamw", "sgd"), {"wine": ("Wine", 547)}))
    assert "Yours." not in dict(evidence.supported(without))


def test_of_many_optimizers_the_first_and_the_baselines_are_drawn(make_study):
    names = tuple(f"rule_{k}" for k in range(30))
    study = StudyContent.of(
        make_study((*names, "adamw", "sgd"), {"wine": ("Wine", 547)})
    )
    looks = study.highlights(study.order)
    assert list(looks) == ["rule_0", "sgd", "adamw"]
    # Baselines look the same in every picture, whoever is first.
    assert looks == {"rule_0": 0, "sgd": 1, "adamw": 2}
    again = study.highlights(["adamw", *study.order])
    assert again == {"adamw": 2, "sgd": 1}


def test_a_study_too_small_for_any_claim_says_so(content):
    for found in content["comparisons"]:
        if "improvement" in found:
            found["improvement"]["needed"] = 1.2
    assert "too small to call one of 15 pairs" in evidence.pairs(
        StudyContent.of(content)
    )


def test_a_first_place_that_hangs_on_one_problem_is_said(content):
    assert "stays first whichever problem" in evidence.first_place(
        StudyContent.of(content)
    )
    for found in content["comparisons"]:
        found["stability"]["without_problem"][2][0] = 3
    assert evidence.first_place(StudyContent.of(content)) == (
        "AdamW has the highest score, 0.90 (0.80 to 1.00), but falls to place 3"
        " without Wine."
    )


@words_alone
def test_a_noisy_host_gives_no_place_by_seconds(content, tmp_path):
    quiet = write_index(StudyContent.of(content), "", tmp_path)
    text = Page(quiet.read_text()).said()
    assert "Place by seconds" in text
    assert "the ratio of their seconds a step is 1.01 (0.98 to 1.04)." in text
    assert "By seconds AdamW and RMSprop may be the best." in text
    content["seconds_measured"] = {
        "noisy": True,
        "reasons": ["It was busy."],
        "sanity": [],
        "per_step": {},
    }
    content["comparisons"] = [
        found for found in content["comparisons"] if found["clock"] != "seconds"
    ]
    noisy = write_index(StudyContent.of(content), "", tmp_path)
    text = Page(noisy.read_text()).said()
    assert "No place by seconds. It was busy." in text
    assert "Place by seconds" not in text and "profile-seconds" not in noisy.read_text()


def test_a_quick_look_is_said(content):
    titles = [title for title, _ in summary.notices(StudyContent.of(content))]
    assert titles == ["Withheld.", "Quick look."]
    content["settings"]["quick"] = False
    titles = [title for title, _ in summary.notices(StudyContent.of(content))]
    assert titles == ["Withheld."]


def test_rates_that_contradict_theory_are_said_aloud(content):
    assert "agree with theory" in summary.theory(StudyContent.of(content))
    content["theory"][0]["difference"] = 0.4
    assert "do NOT agree" in summary.theory(StudyContent.of(content))


@words_alone
def test_a_content_of_before_its_newest_fields_still_draws(content, tmp_path):
    """What follows from its numbers is found again; seconds of then are not shown."""
    expected = StudyContent.of(content)
    del content["seconds_measured"]
    for problem in content["problems"]:
        del problem["targets"]
    for found in content["comparisons"]:
        del found["relative_costs"], found["best_group"]
    for row in content["results"]:
        row["sweep"]["best"] = [
            1.2,
            0.3,
            0.07 if row["optimizer"] == "lion" else 0.11,
            0.4,
            None,
        ]
        del row["sweep"]["settled"]
        for winner in row["budgets"]:
            for key in ("final", "settled", "withheld", "tuned", "swept"):
                del winner[key]
    study = StudyContent.of(content)
    assert study.best_group == expected.best_group
    for name in study.indices:
        found, wanted = (s.at(name, "relative_costs") for s in (study, expected))
        assert found == pytest.approx(wanted)
    assert {name for _, name in study.withheld_pairs} == {"lion", "sgd"}
    assert study.by_seconds is None
    text = write_optimizer_pages(content, tmp_path).read_text()
    assert "They were not measured apart" in text


@pytest.mark.parametrize("part", ["rules", "parity", "updates", "surfaces", "theory"])
def test_pages_do_without_what_was_not_measured(content, part, tmp_path):
    del content[part]
    page = write_optimizer(StudyContent.of(content), "adamw", tmp_path)
    parsed = Page(page.read_text())
    assert parsed.open == [] and not NO_NUMBER.search(parsed.said())


def test_names_cannot_break_out_of_the_page(make_study, tmp_path):
    content = make_study(("adamw",), {"wine": ("Wine", 547)})
    content["problems"][0]["title"] = content["rules"]["adamw"]["title"] = EVIL
    content["optimizers"][0]["source"] = content["command"] = EVIL
    write_optimizer_pages(content, tmp_path)
    for page in pages_of(tmp_path):
        text = page.read_text()
        assert Page(text).open == []


@words_alone
def test_one_optimizer_on_one_problem_is_a_study_too(make_study, tmp_path):
    content = make_study(("sgd",), {"wine": ("Wine", 547)})
    text = said(write_optimizer_pages(content, tmp_path).parent, "optimizers.html")
    assert "SGD was studied alone" in text


def test_the_index_of_all_links_to_the_study(tmp_path):
    (tmp_path / "optimizers.json").write_text("{}")
    text = write_index_of_all([], tmp_path).read_text()
    assert 'href="optimizers.html"' in text and "profile.html" not in text


def test_names_are_written_as_one_writes_them():
    assert optimizer_label("adamw") == "AdamW"
    assert optimizer_label("rmsprop_centered") == "RMSprop centered"
    assert optimizer_label("schedule_free_sgd") == "Schedule-Free SGD"
    assert optimizer_label("something_new") == "Something new"
    assert problem_label("digits_mlp") == "digits MLP"
