"""Scenarios in which no fix does anything: how often is one said to help?

From made-up runs to the verdict dicts, as a page has them; 200 scenarios of six fixes.
"""

import numpy as np
import pytest
from gradclinic.bench.studies.judgement import judge

from .made_runs import a_question, baseline, evidence_of

FIXES = tuple("abcdef")
SEEDS = 12
# Runs that share a seed share its data: half of the spread is theirs together.
_SHARED = 0.5


def of_losses(rng):
    """Test losses of a scenario, spread over the seeds by 1 to 60 %."""
    spread = 10.0 ** rng.uniform(-2, -0.2)
    shared = rng.standard_normal(SEEDS) * _SHARED
    own = rng.standard_normal((len(FIXES) + 1, SEEDS))
    return np.exp(spread * (shared + own)).tolist(), "test_loss"


def of_passes(rng):
    """Passes to a target that up to a third of the runs miss, whatever the fix."""
    logs = np.log(100) + 0.3 * rng.standard_normal((len(FIXES) + 1, SEEDS))
    passes = np.round(np.exp(logs))
    passes[rng.random(passes.shape) < rng.uniform(0, 0.33)] = np.nan
    rows = [[None if np.isnan(x) else x for x in row] for row in passes]
    return rows, "evaluations_to_target"


KINDS = {
    "overfitting": of_losses,
    "slow_training": of_passes,
}


def helped(name, count, seed):
    """Of so many scenarios, in how many does any fix help?"""
    question, rng = a_question(name, fixes=FIXES), np.random.default_rng(seed)
    found = 0
    for _ in range(count):
        (before, *after), metric = KINDS[name](rng)
        how = {"seeds": range(SEEDS), "epochs": 200}
        fixes = [
            ("fix", fix, how | {metric: values})
            for fix, values in zip(FIXES, after, strict=True)
        ]
        evidence = evidence_of(question, baseline(**how, **{metric: before}), *fixes)
        verdicts = {f["verdict"] for f in judge(evidence, 1) if f["role"] == "fix"}
        found += not verdicts.isdisjoint({"cured", "relieved"})
    return found


@pytest.mark.parametrize("name", KINDS)
def test_hardly_any_fix_helps_where_none_does_anything(name):
    assert helped(name, 20, 0) <= 1


@pytest.mark.exhaustive
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name", KINDS)
def test_of_200_scenarios_without_effect_at_most_5_percent_find_one(name, seed):
    assert helped(name, 200, seed) <= 0.05 * 200


def test_an_effect_that_is_there_is_found():
    """The same made-up runs with a fix that needs a third of the passes."""
    question, rng = a_question("slow_training", fixes=("a",)), np.random.default_rng(3)
    found = 0
    for _ in range(20):
        rows, metric = of_passes(rng)
        third = [None if x is None else x / 3 for x in rows[1]]
        how = {"seeds": range(SEEDS), "epochs": 200}
        evidence = evidence_of(
            question,
            baseline(**how, **{metric: rows[0]}),
            ("fix", "a", how | {metric: third}),
        )
        found += judge(evidence, 1)[0]["verdict"] in ("cured", "relieved")
    assert found >= 12
