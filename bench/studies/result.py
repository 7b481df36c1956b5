"""A scenario's result: everything its page and its JSON file hold, as plain data."""

from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from math import exp, expm1

from ...reports.meaning import best_reason, meaning
from ...reports.trial_words import trial_words
from ...scenarios.data import load
from ..execution.record import UNAVAILABLE
from ..typed import typed
from .also import also_seen
from .best import best_fixes
from .curves import learning_curves
from .doses import RATE, dosage_content
from .elsewhere_told import elsewhere_content
from .evidence import MEASURED
from .exhibits import exhibits
from .judgement import controls_of
from .learning_curve import law_content
from .pairs import pairs_content
from .price import noise_of, roughened, roughness_of
from .symptom import symptom_content
from .waiting import survival_curves

SCHEMA = 1


def scenario_result(scenario, judged, options, machine):
    """The result dict of a scenario with its parts.

    judged: {name: (evidence, verdict dicts)} of the scenario and of the parts that were
    asked; machine: its facts. See `schemas/scenario.json`. The noise beside these is
    that of the host while the runs were timed, see `price.noise_of`; noisy: None where
    none were.
    """
    preset = "quick" if options.quick else "full"
    common = {
        "schema": SCHEMA,
        "command": command_of(scenario.name, options),
        "preset": preset,
        "seed": options.seed,
        "created": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "version": version("gradclinic"),
    }
    questions = [q for q in (scenario, *scenario.parts) if q.name in judged]
    evidences = [judged[q.name][0] for q in questions]
    noise, factor = noise_of(evidences), roughness_of(evidences)
    common["machine"] = machine | _told(noise) | {"noise_factor": factor}
    answers: list[dict] = [_answer(*judged[q.name]) for q in questions]
    if noise and noise.noisy:
        for answer in answers:
            answer["fixes"] = roughened(answer["fixes"], factor)
    for answer in answers:
        answer |= common | {"meaning": meaning(answer)}
        for shown in (*answer["tables"], *answer["plots"]):
            shown["command"] = common["command"]
    unasked = [part.title for part in scenario.parts if part.name not in judged]
    return answers[0] | {"parts": answers[1:], "unasked": unasked}


def _answer(evidence, fixes):
    scenario = evidence.scenario
    tables, plots = exhibits(evidence)
    best = best_fixes(evidence, fixes)
    reason = best_reason(fixes, best["fixes"])
    first = next((fix for fix in fixes if fix["name"] in best["fixes"][:1]), None)
    result = {
        "scenario": scenario.name,
        "title": scenario.title,
        "problem": scenario.summary,
        "metric": vars(scenario.metric),
        "delta": scenario.delta,
        "delta_label": _delta_label(scenario),
        "delta_ratio": _delta_ratio(scenario),
        "trial": trial_words(scenario.baseline),
        "data": _about(scenario),
        "symptom": symptom_content(evidence),
        "also": also_seen(evidence),
        "curves": learning_curves(evidence, first),
        "survival": survival_curves(evidence, fixes),
        "best": best | {"reason": reason},
        "fixes": [_as_told(fix, evidence.dosages) for fix in fixes],
        "controls": controls_of(fixes),
        "tables": tables,
        "plots": plots,
        "references": list(scenario.references),
        "pairs": pairs_content(evidence),
        "elsewhere": elsewhere_content(evidence),
        "rate": dosage_content(evidence.dosages.get(RATE)),
        **_counts(evidence),
    }
    return result


def _counts(evidence):
    """How much was run, what is missing and what failed, here and elsewhere."""
    others = evidence.elsewhere.judged if evidence.elsewhere else ()
    every = (evidence, *(each.evidence for each in others))
    runs = sum(len(each.everything) for each in every)
    return {
        "trainings": sum(each.trainings for each in every),
        "runs": runs,
        "missing_runs": sum(each.planned for each in every) - runs,
        "seconds": sum(run.seconds or 0.0 for each in every for run in each.everything),
        "failed_runs": [
            {"fix": _named(run, evidence), "seed": run.seed, "reason": run.reason}
            for each in every
            for run in (*each.everything, *each.unpriced)
            if run.status not in (*MEASURED, UNAVAILABLE)
        ],
    }


def _named(run, evidence):
    """A run's fix, and elsewhere the data set and the strength before it."""
    elsewhere = run.scenario.removeprefix(f"{evidence.scenario.name}@")
    return run.fix if elsewhere == run.scenario else f"{elsewhere} {run.fix}"


def _as_told(fix, dosages):
    """The verdict dict as a result has it, with the law of a dose that is rows."""
    told = {k: v for k, v in fix.items() if k != "undecided"}
    if fix["name"] not in dosages:
        return told
    law = law_content(dosages[fix["name"]], dosages.get(RATE))
    return told | {"dose": fix["dose"] | {"law": law}} if law else told


def _told(noise):
    return {
        "noisy": noise.noisy if noise else None,
        "noise_reasons": list(noise.reasons if noise else ()),
    }


def _delta_label(scenario):
    """A change for the better, as it is measured: 5 % lower is a ratio of 0.95."""
    if scenario.metric.scale == "log":
        return f"{100 * abs(expm1(_better(scenario))):.2g} %"
    points = 100 * scenario.delta
    return f"{points:g} {'point' if points == 1 else 'points'}"


def _delta_ratio(scenario):
    return exp(_better(scenario)) if scenario.metric.scale == "log" else None


def _better(scenario):
    """delta as the logarithm of the metric's ratio."""
    lower = scenario.metric.better == "lower"
    return -scenario.delta if lower else scenario.delta


@cache
def _about(scenario):
    return load(scenario.baseline.data, 0).about


def command_of(name, options):
    """The command that runs a scenario again as `SuiteOptions` say."""
    parts = [part for part in options.parts if part.startswith(f"{name}.")]
    return typed(
        "gradclinic",
        "run",
        name,
        *(parts if options.quick else ()),
        quick=options.quick,
        seed=options.seed,
        seeds=options.seeds,
        jobs=options.jobs,
        out=options.out,
        device=None if options.device == "auto" else options.device,
    )
