"""Results as `gradclinic run` stores them, judged by what judges the real ones."""

import json
from types import SimpleNamespace

import numpy as np
from gradclinic.bench.statistics import improvements, paired_effect, verdict
from gradclinic.bench.studies.effect import effect_content
from gradclinic.bench.studies.judgement import _numbers

METRIC = {
    "name": "test_loss",
    "label": "test loss",
    "unit": "nats",
    "scale": "log",
    "better": "lower",
    "rows": "test",
    "censored": False,
}
ACCURACY = METRIC | {
    "name": "accuracy",
    "label": "accuracy",
    "unit": "share",
    "scale": "linear",
    "better": "higher",
}
MACHINE = {"cpu": "A processor", "cores": 2, "python": "3.12", "platform": "Linux"}


def fix(name, before, after, seeds, metric=METRIC, **asked):
    """A `fix` of a result: what `judge_one` tells of runs with these values.

    asked: delta, comparisons, overlap (test over train), role, refuted.
    """
    kind, delta = SimpleNamespace(**metric), asked.get("delta", 0.05)
    gains = improvements(before, after, kind.scale, kind.better)
    effect = paired_effect(
        gains,
        delta,
        asked.get("comparisons", 3),
        test_over_train=asked.get("overlap"),
    )
    found = verdict(effect, delta, asked.get("refuted", True))
    shown = effect_content(
        effect, gains, list(seeds), np.array(before), np.array(after), kind
    )
    about = {"name": name, "label": name.capitalize(), "role": asked.get("role", "fix")}
    rest = {"n": len(gains), "verdict": found.name, "strength": asked.get("dose", "")}
    return about | rest | {"effect": shown} | _numbers(effect)


def drawn(name, gain, seeds, spread=0.05, master=0, **asked):
    """A fix whose gains are drawn around a number: exp(-gain) times the loss."""
    rng = np.random.default_rng([master, len(name)])
    draws = gain + spread * rng.standard_normal(len(seeds))
    base = 0.5 + 0.1 * rng.random(len(seeds))
    return fix(name, base, base * np.exp(-draws), seeds, **asked)


def result(*fixes, name="overfitting", **changes):
    """A content of a scenario, with what a comparison reads and draws."""
    return {
        "schema": 1,
        "scenario": name,
        "title": name.capitalize(),
        "metric": METRIC,
        "delta": 0.05,
        "delta_ratio": 0.95,
        "delta_label": "5 %",
        "trial": {"Hidden units": "64", "Optimizer": "adam"},
        "data": "Digits.",
        "symptom": {"fires": True, "refuted": False},
        "fixes": list(fixes),
        "best": {"fixes": [], "reason": "", "without_new_data": []},
        "parts": [],
        "command": f"gradclinic run {name}",
        "preset": "full",
        "seed": 0,
        "version": "1.0.0",
        "machine": dict(MACHINE),
    } | changes


def diagnosis(*fixes, troubles=("GC101",), **changes):
    """A content of a diagnosis, as far as a comparison reads it."""
    table = {"name": "t.csv", "target": "y", "task": "classification", "rows": 100}
    return {
        "schema": 1,
        "kind": "diagnose",
        "version": "1.0.0",
        "machine": dict(MACHINE),
        "settings": {"seed": 0, "mute": []},
        "table": table | {"inputs": 4, "split_by": "random"},
        "verdicts": [{"code": code, "title": f"Trouble {code}"} for code in troubles],
        "metric": METRIC,
        "delta": 0.05,
        "delta_label": "5 %",
        "network": {"trial": {"Hidden units": "64"}},
        "fixes": list(fixes),
    } | changes


def places(ranks, **changes):
    """A content of a study of optimizers: {name: (place, low, high)}."""
    rows = [
        {"first": first, "last": first, "low": low, "high": high}
        for first, low, high in ranks.values()
    ]
    about = {"budget": 1, "clock": "evaluations", "target": "value"}
    return {
        "schema": 1,
        "kind": "optimizers",
        "version": "1.0.0",
        "machine": dict(MACHINE),
        "settings": {"budgets": [1], "seeds": 5, "quick": True, "seed": 0},
        "targets": {"version": 1},
        "optimizers": [{"name": name} for name in ranks],
        "problems": [{"name": "wine"}],
        "comparisons": [about | {"ranks": rows}],
    } | changes


def stored(folder, *contents):
    """A folder that holds these contents, as the commands name their files."""
    folder.mkdir(parents=True, exist_ok=True)
    for content in contents:
        name = content.get("scenario") or content["kind"]
        (folder / f"{name}.json").write_text(json.dumps(content))
    return folder
