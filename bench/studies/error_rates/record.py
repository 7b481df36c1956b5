"""All simulated studies: trained, written down, and judged again from the file."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import Any

import numpy as np
from joblib import Parallel, delayed

from ...progress import Report
from .problems import DRAWN, PROBLEMS, nothing, something
from .rates import coverage, false_alarms, true_gain
from .simulation import Simulated, replaying, simulated, training_losses

SCHEMA = 1
STUDIES = 200  # of each kind
_KEPT = 5  # studies between two times that the record is kept
_TRUTH_SEEDS = 600  # that tell the true gain of a fix at one rate and dose
_TRUTH_START = 900_000  # beyond the seeds of all studies
_MAKERS = {"nothing": (nothing, PROBLEMS), "something": (something, DRAWN)}


def made(
    studies: int,
    jobs: int,
    progress: Report,
    known: dict[str, Any] | None = None,
    keep: Callable[[dict[str, Any]], Any] = lambda content: None,
) -> dict[str, Any]:
    """Train what `known` lacks; the content of the record, its figures among it.

    keep(content) is called now and then, so that an interrupted command goes on.
    """
    content: dict[str, Any] = {"schema": SCHEMA, "truths": {}, "figures": {}}
    content |= {kind: list((known or {}).get(kind, ()))[:studies] for kind in _MAKERS}
    content["truths"] |= (known or {}).get("truths", {})
    asked = [(kind, k) for kind in _MAKERS for k in range(len(content[kind]), studies)]
    pool = Parallel(n_jobs=jobs, return_as="generator")
    for done, ((kind, _), losses) in enumerate(
        zip(asked, pool(delayed(_trained)(*each) for each in asked), strict=True), 1
    ):
        progress(done, len(asked), f"Simulating: {kind}")
        content[kind].append(losses)
        if done % _KEPT == 0:
            keep(content)
    keep(content)
    content["truths"] = _truths(content, pool, progress)
    return content | {"figures": figures(content)}


def _scenario(kind, place):
    make, problems = _MAKERS[kind]
    return make(problems[place % len(problems)])


def _trained(kind, place):
    return simulated(_scenario(kind, place), place).losses


def replayed(content: dict, kind: str, every: int = 1) -> Iterator[Simulated]:
    """The stored studies of a kind, judged again; every: take each `every`-th."""
    for place, losses in islice(enumerate(content[kind]), 0, None, every):
        yield simulated(_scenario(kind, place), place, replaying(losses))


def figures(content: dict, every: int = 1) -> dict[str, Any]:
    """What the stored studies come to, see `rates`; coverage: [covered, intervals].

    nothing: of fixes that do nothing, on data drawn afresh; splits: the same on splits
    of one real data set; something: of a fix of a known effect.
    """
    studies = list(replayed(content, "nothing", every))
    drawn = [s for s in studies if s.evidence.test_over_train("test") is None]
    splits = [s for s in studies if s not in drawn]
    known = list(replayed(content, "something", every))
    truths = [content["truths"][truth_name(study)][0] for study in known]
    return {
        "schema": SCHEMA,
        **false_alarms(studies),
        "coverage": {
            "nothing": coverage((study, 0.0) for study in drawn),
            "splits": coverage((study, 0.0) for study in splits),
            "something": coverage(zip(known, truths, strict=True)),
        },
    }


def truth_name(study: Simulated) -> str:
    """What the true effect of a study's fix depends on: data, rate and dose."""
    trial = study.evidence.scenario.baseline
    (fix,) = study.fixes
    return f"{trial.data.name} {trial.lr:g} {fix['dose']['chosen']:g}"


def _truths(content, pool, progress):
    """{what it depends on: [true gain, its standard error]} of each that was judged."""
    every = {truth_name(study): study for study in replayed(content, "something")}
    truths = {name: content["truths"].get(name) for name in every}
    wanted = [name for name, truth in truths.items() if truth is None]
    found = pool(delayed(_truth)(every[name].evidence.scenario) for name in wanted)
    for done, (name, truth) in enumerate(zip(wanted, found, strict=True), 1):
        progress(done, len(wanted), "True effects")
        truths[name] = truth
    return truths


def _truth(scenario):
    (fix,) = scenario.fixes
    seeds = range(_TRUTH_START, _TRUTH_START + _TRUTH_SEEDS)
    sides = (scenario.baseline, fix.treated(scenario.baseline))
    of = partial(training_losses, seeds=seeds)
    return true_gain(*(np.array(of(trial)) for trial in sides))


def as_text(content: dict) -> str:
    """The record as JSON, a study a line."""
    kinds: dict[str, Callable[[Any], str]] = {
        "schema": json.dumps,
        "nothing": _lines,
        "something": _lines,
        "truths": json.dumps,
        "figures": json.dumps,
    }
    parts = (f'"{name}": {text(content[name])}' for name, text in kinds.items())
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _lines(studies):
    return (
        "[\n" + ",\n".join(json.dumps(s, separators=(",", ":")) for s in studies) + "]"
    )
