"""The optimizer study's claims, beside what its stored runs give."""

import json
from collections.abc import Iterator
from math import ceil, isclose
from pathlib import Path

import numpy as np
import pandas as pd

from ..optimizers.settings import FRESH, STRIDE
from .runs import table

TAU, RESAMPLES, FAILED = 4.0, 2000, 0.95
BEHIND = 1.5  # times the least on half of the seeds: not run on the rest
# Content has four significant digits at least.
CLOSE = 6e-4
# An interval of 95 % holds the first place where 2.5 % of resamples do; two bootstraps
# may differ by this much.
LEAST, LUCK = 0.025, 0.01
# Seconds have a measurement of their own, and are in no run.
CLOCKS = {"evaluations", "steps"}


class Runs:
    """Stored runs by (problem, optimizer, hyper-parameters, seed)."""

    def __init__(self, stored: pd.DataFrame):
        names = ("scenario", "fix", "trial", "seed", "status", "curves")
        rows = zip(*(stored[name] for name in names), strict=True)
        self._curves = {}
        for problem, rule, trial, seed, status, curves in rows:
            curve = np.array(curves["val_loss"] if status == "ok" else [], dtype=float)
            mine = self._curves.setdefault((problem, rule, seed), [])
            mine.append((trial, curve))

    def loss(self, problem, rule, hyper, seed):
        """float[k]: the validation loss after each pass, empty where it diverged.

        hyper: its rate may have five digits. None where there is no such run.
        """
        for options, curve in self._curves.get((problem, rule, seed), ()):
            same = options | {"lr": 0} == hyper | {"lr": 0}
            if same and isclose(options["lr"], hyper["lr"], rel_tol=1e-4):
                return curve
        return None


def audit_study(folder: Path) -> Iterator[str]:
    """Sentences on what does not follow in `optimizers.json` of the folder."""
    path = folder / "optimizers.json"
    if not path.is_file():
        yield f"{folder} holds runs of a study, and no {path.name}."
        return
    content = json.loads(path.read_text(encoding="utf-8"))
    runs = Runs(table(folder / "optimizers.sqlite"))
    yield from _pairs(content, runs)
    withheld = [
        r for r in content["results"] if any(b["withheld"] for b in r["budgets"])
    ]
    for comparison in content["comparisons"]:
        if comparison["clock"] in CLOCKS:
            yield from _comparison(content, comparison)
    said = [w for w in content["warnings"] if "beaten by more than 5 %" in w]
    if bool(said) != bool(withheld) or any(
        not w.startswith(f"{len(withheld)} of {len(content['results'])} ") for w in said
    ):
        yield f"the warning on withheld pairs is {said}, and {len(withheld)} are."


def settled(curve) -> float:
    """The largest loss of the last tenth of the evaluations, infinite for none."""
    last = curve[len(curve) - ceil(len(curve) / 10) :]
    return float(last.max()) if len(last) and np.isfinite(last).all() else np.inf


def passes(curve, target) -> float:
    """Evaluations until the loss stays at or below the target to the end."""
    stays = np.logical_and.accumulate((curve <= target)[::-1])[::-1]
    return float(np.argmax(stays) + 1) if stays.any() else np.inf


def _fresh(content):
    """The seeds of the fresh runs."""
    start = content["settings"]["seed"] * STRIDE + FRESH
    return range(start, start + content["settings"]["seeds"])


def _pairs(content, runs):
    for result in content["results"]:
        for winner in result["budgets"]:
            about = f"{result['optimizer']} on {result['problem']}, {winner['budget']}"
            for said in _winner(content, result, winner, runs):
                yield f"{about} trials: {said}"


def _winner(content, result, winner, runs):
    problem = next(p for p in content["problems"] if p["name"] == result["problem"])
    pair = result["problem"], result["optimizer"]
    curves = [runs.loss(*pair, winner["hyper"], seed) for seed in _fresh(content)]
    if any(curve is None for curve in curves):
        yield "there are not the runs on fresh seeds that it names."
        return
    last = [curve[-1] if len(curve) else np.inf for curve in curves]
    tuned = float(np.median([settled(curve) for curve in curves]))
    yield from _lists("final losses", winner["final"], last)
    if not _near(winner["tuned"], tuned):
        yield f"tuned is said to be {winner['tuned']}, and the runs give {tuned:.5g}."
    yield from _swept(content, result, winner, runs, tuned)
    targets = {"value": problem["targets"][str(winner["budget"])]}
    if winner is result["budgets"][-1]:
        targets["easy"] = problem["easy"]
    for name, target in targets.items():
        found = [passes(curve, target) for curve in curves]
        yield from _reached(winner, name, found, _unit(content, result, problem))


def _unit(content, result, problem):
    """Gradient evaluations of a pass."""
    rule = next(o for o in content["optimizers"] if o["name"] == result["optimizer"])
    return problem["batches"] * rule["evaluations_per_step"]


def _reached(winner, name, found, unit):
    met = [bool(np.isfinite(p)) for p in found]
    if winner["met"][name] != met:
        yield f"{name} is said to be met by {winner['met'][name]}, and is by {met}."
    used = [p * unit for p in found]
    yield from _lists(f"costs to {name}", winner["costs"][name]["evaluations"], used)
    if not _near(winner["reached"][name]["rate"][0], np.mean(met)):
        yield f"the rate of {name} is said to be {winner['reached'][name]['rate'][0]}."


def _swept(content, result, winner, runs, tuned):
    if winner["swept"] is None:
        if winner["withheld"]:
            yield "it is withheld, and was not swept."
        return
    pair, sweep = (result["problem"], result["optimizer"]), result["sweep"]
    seeds, medians, halves = _fresh(content), [], []
    half = (len(seeds) + 1) // 2
    for rate, count in zip(sweep["lr"], sweep["seeds"], strict=True):
        hyper = winner["hyper"] | {"lr": rate}
        curves = [runs.loss(*pair, hyper, seed) for seed in seeds[:count]]
        if count not in (half, len(seeds)) or any(curve is None for curve in curves):
            yield f"there are no runs of the rate {rate} of its sweep."
            return
        losses = [settled(curve) for curve in curves]
        medians.append(float(np.median(losses)))
        halves.append(float(np.median(losses[:half])))
    for rate, count, value in zip(sweep["lr"], sweep["seeds"], halves, strict=True):
        behind = half < len(seeds) and value > BEHIND * min(halves)
        if (count < len(seeds)) != behind:
            yield f"the rate {rate} of its sweep was run on {count} seeds."
    least = min(medians)
    if not _near(winner["swept"], least):
        yield f"swept is said to be {winner['swept']}, and the runs give {least:.5g}."
    if bool(winner["withheld"]) != (least < FAILED * tuned):
        yield f"withheld is {winner['withheld']}: swept {least:.5g}, tuned {tuned:.5g}."


def _lists(what, said, found):
    found = [float(number) if np.isfinite(number) else None for number in found]
    if not all(_near(a, b) for a, b in zip(said, found, strict=True)):
        yield f"{what} are said to be {said}, and the runs give {found}."


def _near(said, found):
    if said is None or found is None or not np.isfinite(found):
        return said is None and (found is None or not np.isfinite(found))
    return isclose(said, found, rel_tol=CLOSE, abs_tol=1e-9)


def _comparison(content, comparison):
    about = " ".join(str(comparison[key]) for key in ("budget", "clock", "target"))
    costs = _costs(content, comparison)
    ratios = _ratios(costs)
    names = [o["name"] for o in content["optimizers"]]
    rows = zip(names, comparison["relative_costs"], ratios, strict=True)
    for name, said, found in rows:
        for line in _lists("relative costs", said, found):
            yield f"{about}, {name}: {line}"
    scores = _score(costs)
    said = [interval[0] for interval in comparison["profile_score"]]
    for line in _lists("scores", said, scores):
        yield f"{about}: {line}"
    yield from _places(about, names, comparison, scores)
    yield from _best(about, names, comparison, costs)
    yield from _wins(about, names, comparison, costs)


def _costs(content, comparison):
    """float[m, p, s], recomputed pairs having been checked one by one before."""
    by_pair = {
        (r["optimizer"], r["problem"]): next(
            b for b in r["budgets"] if b["budget"] == comparison["budget"]
        )
        for r in content["results"]
    }
    numbers = [
        [
            by_pair[o["name"], p["name"]]["costs"][comparison["target"]][
                comparison["clock"]
            ]
            for p in content["problems"]
        ]
        for o in content["optimizers"]
    ]
    costs = np.array(numbers, dtype=float)
    return np.where(np.isnan(costs), np.inf, costs)


def _score(costs):
    """Area under the performance profile from 1 to 4 (Dahl et al. 2023, eq. 3)."""
    return np.maximum(TAU - _ratios(costs), 0).mean(axis=-1) / (TAU - 1)


def _ratios(costs):
    """float[m, p]: median cost over the least of any optimizer, infinite for a miss."""
    typical = np.median(costs, axis=-1)
    with np.errstate(invalid="ignore"):
        shares = typical / typical.min(axis=-2, keepdims=True)
    return np.where(np.isinf(typical), np.inf, shares)


def _places(about, names, comparison, scores):
    table = pd.Series(scores)
    first = table.rank(method="min", ascending=False).astype(int).tolist()
    last = table.rank(method="max", ascending=False).astype(int).tolist()
    places = zip(first, last, strict=True)
    for name, rank, found in zip(names, comparison["ranks"], places, strict=True):
        if (rank["first"], rank["last"]) != found:
            said = rank["first"], rank["last"]
            yield f"{about}, {name}: the place is said to be {said}, not {found}."


def _best(about, names, comparison, costs):
    if costs.shape[-1] < 2:
        return
    rng, firsts = np.random.default_rng(20260), np.zeros(len(names))
    for _ in range(RESAMPLES):
        drawn = rng.integers(0, costs.shape[-1], costs.shape[1:])
        scores = _score(np.take_along_axis(costs, drawn[None], axis=-1))
        firsts += scores >= scores.max()
    share = firsts / RESAMPLES
    for number, name in enumerate(names):
        claimed = number in comparison["best_group"]
        if claimed and share[number] < LEAST - LUCK:
            yield f"{about}: {name} cannot be the best: first in {share[number]:.1%}."
        if not claimed and share[number] > LEAST + LUCK:
            yield f"{about}: {name} may be the best: first in {share[number]:.1%}."


def _wins(about, names, comparison, costs):
    if "improvement" not in comparison:
        return
    for i, name in enumerate(names):
        for j in range(i):
            ours, theirs = costs[i][..., :, None], costs[j][..., None, :]
            found = ((ours < theirs).mean() + (ours <= theirs).mean()) / 2
            said = comparison["improvement"]["value"][i][j]
            if not _near(said, found):
                yield f"{about}: {name} beats {names[j]} in {found:.4g}, not {said}."
