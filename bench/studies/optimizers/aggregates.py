"""Who is better, over all problems: profiles, means, improvement, tests."""

from dataclasses import asdict
from typing import Any

import numpy as np

from ...execution.population import batches
from ...statistics.comparison import (
    better,
    bootstrap_intervals,
    improvement,
    interquartile_means,
    paired_tests,
    performance_ratios,
    profile_band,
    profile_scores,
    rank_intervals,
    reach_rate,
    stability,
    standings,
    tie_groups,
    time_scores,
    typical_costs,
)
from ...statistics.comparison.profiles import TAU
from ...statistics.intervals import finite_or_none
from .content import plain
from .scores import costs, per_pass

# Where a profile is drawn: ratios to the best, in equal ratios up to 4.
TAUS = np.geomspace(1.0, TAU, 41)
# (clock, target) of the comparisons made at every budget, pairs of optimizers included,
# and of those made at the largest one only.
ALWAYS = (("evaluations", "value"), ("evaluations", "easy"))
AT_LAST = (("seconds", "value"), ("seconds", "easy"))


def cost_array(study, index: int, clock: str, target: str) -> np.ndarray:
    """float[m, p, s] of the winners of budget number `index`, misses infinite."""
    return np.array(
        [
            [
                costs(
                    study.found[p.name, e.name].winners[index].runs,
                    getattr(study.targets[p.name][index], target),
                    per_pass(p, e, study.step_seconds(p.name, e.name))[clock],
                )
                for p in study.settings.problems
            ]
            for e in study.settings.entrants
        ]
    )


def comparisons(study) -> list[dict[str, Any]]:
    """The `comparisons` of the content; the last budget's come last.

    By seconds only where they were measured on a quiet host.
    """
    made, last = [], len(study.settings.budgets) - 1
    by_seconds = AT_LAST if study.timed else ()
    for index, trials in enumerate(study.settings.budgets):
        for clock, target in ALWAYS + (by_seconds if index == last else ()):
            numbers = cost_array(study, index, clock, target)
            about = {"budget": trials, "clock": clock, "target": target}
            made.append(about | compared(numbers))
            if clock == "evaluations":
                means = interquartile_means(time_scores(numbers, given(study)))
                made[-1]["interquartile_mean"] = [plain(mean) for mean in means]
                made[-1] |= pairwise(numbers) if len(numbers) > 1 else {}
    return made


def given(study) -> np.ndarray:
    """float[p]: gradients that a run may take on each problem."""
    problems = study.settings.problems
    return np.array([batches(p) * p.trial.epochs for p in problems], dtype=float)


def compared(numbers) -> dict[str, Any]:
    """Profiles, ranks and reach rates of all optimizers, in their order."""
    profile, low, high = profile_band(numbers, TAUS)
    score = bootstrap_intervals(numbers, profile_scores)
    ranks = rank_intervals(numbers, profile_scores)
    return {
        "relative_costs": relative(numbers),
        "best_group": [number for number, rank in enumerate(ranks) if rank.low == 1],
        "profile": {
            "tau": rounded(TAUS),
            "value": rounded(profile),
            "low": rounded(low),
            "high": rounded(high),
        },
        "profile_score": [plain(interval) for interval in score],
        "reach_rate": [plain(reach_rate(mine)) for mine in numbers],
        "ranks": [asdict(rank) for rank in ranks],
        "stability": {
            name: value.tolist()
            for name, value in vars(stability(numbers, profile_scores)).items()
        },
    }


def relative(numbers) -> list:
    """[m][p]: median cost over that of the best on the problem, None for a miss."""
    ratios = rounded(performance_ratios(typical_costs(numbers)))
    return [[finite_or_none(ratio) for ratio in row] for row in ratios]


def pairwise(numbers) -> dict[str, Any]:
    """Improvement and sign-flip tests of all pairs, rows against columns."""
    found = improvement(numbers)
    wins = better(found)
    tests = paired_tests(numbers.reshape(len(numbers), -1))
    return {
        "improvement": {
            "value": rounded(found.value),
            "low": rounded(found.low),
            "high": rounded(found.high),
            "needed": found.needed,
            "better": wins.tolist(),
        },
        "standings": [asdict(s) | {"tied": list(s.tied)} for s in standings(wins)],
        "tie_groups": [list(group) for group in tie_groups(wins)],
        "sign_flip": {
            "p": rounded(tests.p),
            "holm": rounded(tests.adjusted),
            "smallest": tests.smallest,
        },
    }


def rounded(numbers) -> list:
    """Nested lists of four significant digits."""
    array = np.asarray(numbers, dtype=float)
    if array.ndim:
        return [rounded(row) for row in array]
    return float(f"{array:.4g}")  # type: ignore[return-value]
