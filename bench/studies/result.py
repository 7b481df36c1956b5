"""A scenario's result: everything its page and its JSON file hold, as plain data."""

from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from math import expm1

from ...scenarios.data import load
from ..typed import typed
from .curves import learning_curves
from .evidence import MEASURED
from .exhibits import exhibits
from .judgement import controls_of
from .meaning import best_fix, meaning
from .settings import settings
from .symptom import detect

SCHEMA = 1


def scenario_result(scenario, judged, options, machine):
    """The result dict of a scenario with its parts.

    judged: {name: (evidence, verdict dicts)} of the scenario and its parts; machine:
    its facts, and how noisy it was.
    """
    preset = "quick" if options.quick else "full"
    common = {
        "schema": SCHEMA,
        "command": command_of(scenario.name, options),
        "preset": preset,
        "seed": options.seed,
        "created": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "version": version("gradclinic"),
        "machine": _plain(machine),
    }
    questions = (scenario, *scenario.parts)
    answers: list[dict] = [_answer(q, *judged[q.name]) for q in questions]
    for answer in answers:
        answer |= common
        for shown in (*answer["tables"], *answer["plots"]):
            shown["command"] = common["command"]
    return answers[0] | {"parts": answers[1:]}


def _answer(scenario, evidence, fixes):
    tables, plots = exhibits(evidence)
    best = best_fix(fixes, scenario.metric.better)
    result = {
        "scenario": scenario.name,
        "title": scenario.title,
        "problem": scenario.summary,
        "metric": vars(scenario.metric),
        "delta": scenario.delta,
        "delta_label": _delta_label(scenario),
        "trial": settings(scenario.baseline),
        "data": _about(scenario),
        "symptom": _symptom(scenario, evidence),
        "curves": learning_curves(evidence, best),
        "best": best and best["name"],
        "fixes": [{k: v for k, v in fix.items() if k != "undecided"} for fix in fixes],
        "controls": controls_of(fixes),
        "tables": tables,
        "plots": plots,
        "references": list(scenario.references),
        "runs": len(evidence.everything),
        "missing_runs": evidence.planned - len(evidence.everything),
        "seconds": sum(run.seconds or 0.0 for run in evidence.everything),
        "failed_runs": [
            {"fix": run.fix, "seed": run.seed, "reason": run.reason}
            for run in evidence.everything
            if run.status not in MEASURED
        ],
    }
    return result | {"meaning": meaning(result)}


def _symptom(scenario, evidence):
    found = detect(evidence, evidence.baseline)
    return {
        "detector": scenario.symptom.detector,
        "rule": scenario.symptom.rule,
        "fires": found.fires,
        "components": [vars(component) for component in found.components],
    }


def _plain(machine):
    machine = dict(machine)
    return machine | {"noise_reasons": list(machine.pop("reasons"))}


def _delta_label(scenario):
    if scenario.metric.scale == "log":
        return f"{expm1(scenario.delta):.0%}"
    return f"{100 * scenario.delta:g} points"


@cache
def _about(scenario):
    return load(scenario.baseline.data, 0).about


def command_of(name, options):
    """The command that runs a scenario again as `SuiteOptions` say."""
    return typed(
        "gradclinic", "run", name, quick=options.quick, seed=options.seed,
        seeds=options.seeds, jobs=options.jobs, out=options.out,
        device=None if options.device == "auto" else options.device,
    )  # fmt: skip
