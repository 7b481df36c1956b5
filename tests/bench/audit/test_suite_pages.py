"""The audit of the suite: silent on what is true, and blind to no planted lie."""

import json
import shutil

import pytest
from gradclinic.bench.catalogue import pages
from gradclinic.bench.commands import main
from gradclinic.bench.studies.audit.__main__ import main as audit

SCENARIOS = (
    "divergence",
    "memory_pressure",
    "overfitting",
    "slow_training",
    "underfitting",
)


def ran(out, *names):
    """A quick look, at the parts of the scenarios too."""
    names = [name for name, page in pages().items() if page in names]
    assert main(["run", *names, "--quick", "--out", str(out)]) == 0
    return out


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A quick run of one scenario, pages and all."""
    return ran(tmp_path_factory.mktemp("audited"), "divergence")


def changed(folder, tmp_path, change):
    """A copy of the folder in which `change` was made to the scenario's JSON."""
    copy = shutil.copytree(folder, tmp_path / "copy")
    path = copy / "divergence.json"
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))
    return copy


def first(content, verdict):
    """The first fix of this verdict."""
    return next(f for f in content["fixes"] if f["verdict"] == verdict)


def other_verdict(content):
    first(content, "cured")["verdict"] = "relieved"


def larger_effect(content):
    effect = content["fixes"][0]["effect"]
    kind = "ratio" if "ratio" in effect else "difference"
    effect[kind][0] = 0.5 * (effect[kind][0] or 1.0)


def another_pair(content):
    content["fixes"][0]["effect"]["pairs"][0][1] = 0.123


def one_more_better(content):
    content["fixes"][0]["effect"]["better"] += 1


def quiet_symptom(content):
    content["symptom"]["fires"] = False


def another_trouble(content):
    finding = content["also"]["findings"][0]
    finding["fires"] = not finding["fires"]


def another_trouble_of_a_part(content):
    found = content["parts"][0]["also"]["findings"]
    dead = next(f for f in found if f["detector"] == "dead_relu" and f["fires"])
    dead["fires"], dead["refuted"] = False, True


def one_best(content):
    content["best"]["fixes"] = content["best"]["fixes"][1:]


def placebo_cures(content):
    control = next(c for c in content["controls"] if c["role"] == "placebo")
    control["behaved"] = not control["behaved"]


def fewer_seeds(content):
    content["fixes"][0]["n"] -= 1


def looser_level(content):
    content["fixes"][0]["level"] = 0.5


def other_names(content):
    label = first(content, "cured")["label"]
    content["meaning"] = [s.replace(f"“{label}”", "“x”") for s in content["meaning"]]


def test_a_true_folder_has_nothing_to_list(folder, capsys):
    assert audit([str(folder)]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.exhaustive
def test_the_whole_quick_run_has_nothing_to_list(tmp_path, capsys):
    assert audit([str(ran(tmp_path, *SCENARIOS))]) == 0
    assert "claims do not follow" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("lie", "named"),
    [
        (other_verdict, "the verdict is said to be relieved"),
        (larger_effect, "the ratio is said to be"),
        (another_pair, "of seed 0 is said to be 0.123"),
        (one_more_better, "the count of better pairs"),
        (quiet_symptom, "symptom fires"),
        (another_trouble, "_gradient on baseline (fires) is said to be True"),
        (another_trouble_of_a_part, "dead_relu on baseline (refuted)"),
        (one_best, "best (fixes)"),
        (placebo_cures, "control placebo"),
        (fewer_seeds, "the number of pairs"),
        (looser_level, "the level is said to be 0.5"),
        (other_names, "the sentence on what is cured"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_planted_lie_is_listed(lie, named, folder, tmp_path, capsys):
    assert audit([str(changed(folder, tmp_path, lie))]) == 1
    assert named in capsys.readouterr().out


def test_a_page_that_says_something_else_is_listed(folder, tmp_path, capsys):
    copy = shutil.copytree(folder, tmp_path / "copy")
    page = copy / "divergence.html"
    page.write_text(page.read_text().replace("Cured by", "Harmed by"))
    assert audit([str(copy)]) == 1
    assert "the page does not say “Cured by" in capsys.readouterr().out


def test_a_folder_without_runs_is_told(tmp_path, capsys):
    assert audit([str(tmp_path)]) == 4
    assert "There are no stored runs" in capsys.readouterr().err
