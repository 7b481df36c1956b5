"""Contracts that every scenario and every fix keeps; new ones are tested at once."""

import json
import re
import subprocess
import sys
from collections import Counter
from dataclasses import asdict, fields, is_dataclass, replace
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
from gradclinic import scenarios
from gradclinic.scenarios import SCENARIOS, Scenario, Trial, fixes
from gradclinic.scenarios.data import SOURCES, TRANSFORMS, load

QUESTIONS = [q for s in SCENARIOS.values() for q in (s, *s.parts)]
FIX_MODULES = [m.name for m in iter_modules(fixes.__path__)]


def controls(question):
    c = question.controls
    return c.placebo, c.wrong_mechanism, c.positive


def tried(question):
    """All that is tried, each fix with doses at its usual one."""
    every = (*question.fixes, *controls(question), *question.sweep)
    return [fix.at(fix.doses.usual) if fix.doses else fix for fix in every]


CASES = [
    pytest.param(question, fix, id=f"{question.name}-{fix.name}")
    for question in QUESTIONS
    for fix in tried(question)
]
every_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.name)
every_case = pytest.mark.parametrize(("question", "fix"), CASES)


def test_the_five_scenarios_are_discovered():
    assert set(SCENARIOS) >= {
        "overfitting",
        "underfitting",
        "slow_training",
        "memory_pressure",
        "divergence",
    }


def test_every_scenario_file_is_discovered():
    folder = Path(scenarios.__file__).parent
    declaring = {p.stem for p in folder.glob("*.py") if "\nSCENARIO =" in p.read_text()}
    assert set(SCENARIOS) == declaring


def test_a_part_is_named_after_its_scenario():
    for scenario in SCENARIOS.values():
        for part in scenario.parts:
            assert part.name.startswith(f"{scenario.name}.")
            assert not part.parts


@every_question
def test_a_question_is_complete(question):
    assert question.fixes
    assert question.title and question.summary.endswith(".")
    assert question.symptom.rule.endswith(".")
    assert question.references
    assert question.delta > 0
    assert 2 <= question.seeds[0] <= question.seeds[1]
    assert question.metric.scale in ("log", "linear")
    assert question.metric.better in ("lower", "higher")


@every_question
def test_names_are_unique_where_records_keep_them_apart(question):
    judged = [fix.name for fix in (*question.fixes, *controls(question))]
    assert len(set(judged)) == len(judged)
    assert len({fix.name for fix in question.sweep}) == len(question.sweep)


@every_question
def test_the_placebo_changes_only_the_random_numbers(question):
    trial = question.controls.placebo.treated(question.baseline)
    assert trial != question.baseline
    assert replace(trial, restart=question.baseline.restart) == question.baseline


@every_case
def test_a_fix_makes_another_trial(question, fix):
    before = asdict(question.baseline)
    trial = fix.treated(question.baseline)
    assert isinstance(trial, Trial)
    assert trial != question.baseline
    assert hash(trial) == hash(fix.treated(question.baseline))
    assert asdict(question.baseline) == before


@every_case
def test_a_trial_survives_json(question, fix):
    settings = asdict(fix.treated(question.baseline))
    text = json.dumps(settings, allow_nan=False, sort_keys=True)
    assert json.dumps(json.loads(text), sort_keys=True) == text
    assert set(settings) == {f.name for f in fields(Trial)}


@every_case
def test_a_fix_explains_itself(question, fix):
    assert fix.family and fix.label
    assert fix.claim.endswith(".")
    assert fix.name.replace("_", "").replace(".", "").isalnum()


@cache
def rows_of(data):
    """Rows to train, validate and test by; most fixes of a question share its data."""
    split = load(data, 0)
    return len(split.x_train), len(split.x_val), len(split.x_test)


@every_case
def test_data_of_a_trial_can_be_drawn(question, fix):
    data = fix.treated(question.baseline).data
    assert data.name in SOURCES
    assert {name for name, _ in data.transforms} <= set(TRANSFORMS)
    assert rows_of(data) == (data.rows, data.validation, data.test)


@pytest.mark.parametrize("name", FIX_MODULES)
def test_a_fix_module_treats_known_scenarios(name):
    known = {question.name for question in QUESTIONS}
    declared = import_module(f"{fixes.__name__}.{name}").FIXES
    assert declared
    for fix in declared:
        assert fix.treats and set(fix.treats) <= known


def test_an_unknown_treats_is_refused(monkeypatch):
    module = import_module(f"{fixes.__name__}.dropout")
    stray = replace(module.FIXES[0], treats=("overfiting",))
    monkeypatch.setattr(module, "FIXES", (stray,))
    with pytest.raises(
        ValueError, match="dropout treats no known scenario: overfiting"
    ):
        scenarios._discover()


def test_a_new_scenario_and_a_new_fix_are_found(monkeypatch):
    """One attribute a module is all it takes."""
    home = import_module("gradclinic.scenarios.placebo")
    base = SCENARIOS["divergence"]
    new = replace(base, name="made_up", fixes=(), parts=())
    monkeypatch.setattr(home, "SCENARIO", new, raising=False)
    module = import_module(f"{fixes.__name__}.dropout")
    cure = replace(module.FIXES[0], treats=("made_up",))
    monkeypatch.setattr(module, "FIXES", (cure,))
    found = scenarios._discover()["made_up"]
    assert isinstance(found, Scenario)
    assert found.fixes == (cure,)


def test_listing_scenarios_does_not_import_heavy_libraries():
    code = (
        "import sys, gradclinic.scenarios;"
        "print([m for m in ('sklearn', 'pandas', 'numba') if m in sys.modules])"
    )
    run = [sys.executable, "-c", code]
    assert subprocess.check_output(run, text=True).strip() == "[]"


def leaves(value, name=""):
    """{field: value} of a trial, what it holds by its own fields."""
    if not is_dataclass(value):
        return {name: value}
    return {
        key: leaf
        for field in fields(value)
        for key, leaf in leaves(getattr(value, field.name), field.name).items()
    }


def flat(specs):
    """Layers and those inside of them."""
    return [each for spec in specs for each in (spec, *spec.inside)]


def kinds(specs):
    """Names of layers in words: what stands beside the dense ones, or all."""
    words = {re.sub(r"(?<=[a-z])(?=[A-Z])|\dD$", " ", spec.name) for spec in specs}
    return words - {"Dense", "Activation"} or words


RESAMPLED = {"oversample", "undersample"}
# Fields that hold (name, value) pairs.
_PAIRS = (
    "hyper",
    "options",
    "schedule_options",
    "transforms",
    "augment",
    "selection",
    "weighting",
    "explanation_options",
    "compression",
    "wrapping",
    "warm_start",
)


def tokens(name, old, new):
    """Texts, one of which a strength must hold where `name` goes from old to new."""
    if name == "layers":
        sizes = {str(size) for spec in flat(new) for _, size in spec.options}
        counts = {str(len(new) - len(old)), str(len(new) - len(old) - 1)}
        return kinds(flat(spec for spec in new if spec not in old)) | sizes | counts
    if isinstance(new, bool):
        return {" ".join(name.split("_"))}
    if name in _PAIRS:
        added = list((Counter(new) - Counter(old)).elements())
        gone = {" ".join(key.split("_")) for key, n in old if (key, n) not in new}
        said = {
            key.replace("_", " ") if n in (0, True) else f"{n:g}" for key, n in added
        }
        return said | {f"{n:g}" for _, n in added if n == 1 and n is not True} or gone
    if isinstance(new, tuple):
        whole = {str(len(new)), *map(str, new)}
        pairs = zip(new, old, strict=False) if len(new) == len(old) else ()
        return whole | {f"{a / b:g}" for a, b in pairs}
    if isinstance(new, str):
        return {re.sub(r"(?<=_)(\d+)(?=[a-z])", r"\1 ", new).replace("_", " ")}
    ratios = (new / old, old / new) if new and old else ()
    return {f"{new:g}", f"{new:,}", *(f"{ratio:g}" for ratio in ratios)}


def changes(question, fix):
    """{field: tokens} of all that a fix changes in the baseline."""
    before, after = leaves(question.baseline), leaves(fix.treated(question.baseline))
    # Layers stand in the place of hidden ones, whose units they keep.
    kept = {"hidden"} if before["layers"] != after["layers"] else set()
    # Softer labels need a loss that takes them.
    kept |= {"loss"} if after["loss"] == "soft_cross_entropy" else set()
    # Rows that are left out or taken again are seen in as many steps.
    kept |= {"epochs"} if {n for n, _ in after["augment"]} & RESAMPLED else set()
    return {
        name: tokens(name, before[name], after[name])
        for name in before
        if before[name] != after[name] and name not in kept
    }


def says(strength, token):
    said = strength.casefold()
    said += " " + said.replace("-", "")  # L-BFGS is lbfgs
    words = re.findall(r"[a-z]+\d*|[\d.,]*\d", said)
    return all(
        any(
            word == part or (word.startswith(part) and part.isalpha()) for word in words
        )
        for part in token.casefold().split()
    )


@every_case
def test_the_strength_of_a_fix_is_what_it_sets(question, fix):
    found = changes(question, fix)
    for name, allowed in found.items():
        assert any(says(fix.strength, token) for token in allowed), (name, allowed)
    known = set().union(*found.values())
    known |= {part for token in known for part in token.split()}
    known |= {f"{fix.treated(question.baseline).lr:g}"}  # said also where it is kept
    for number in re.findall(r"(?<![a-z\d])[\d.,]*\d", fix.strength.casefold()):
        assert number in known, (number, known)


def test_a_strength_that_is_not_what_is_set_is_seen():
    question = SCENARIOS["overfitting"]
    (fix,) = (f for f in tried(question) if f.name == "dropout")
    for wrong in ("", "rate 0.4", "rate", f"{fix.strength}, 7 epochs"):
        with pytest.raises(AssertionError):
            test_the_strength_of_a_fix_is_what_it_sets(
                question, replace(fix, strength=wrong)
            )
