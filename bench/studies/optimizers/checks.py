"""Checks of the study itself: python -m gradclinic.bench.studies.optimizers.checks DIR

AdamW under another name ties with AdamW, with the same seeds and with others; a random
direction ranks last; the four baselines rank alike whatever the master seed; rates of
convergence are those of theory. Runs are stored in DIR and resumed. Exit code 1 where
a check fails.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from ....kernels import OPTIMIZERS, Optimizer
from ....kernels.threads import available_threads
from ....scenarios.problems import PROBLEMS
from ...execution.entrant import Entrant, registered
from ...statistics.comparison import better, improvement, profile_scores, rank_intervals
from .aggregates import cost_array
from .make_targets import BASELINES
from .rates import convergence_rates
from .settings import StudySettings
from .study import run_study

MASTERS = (0, 1, 2)
TOLERANCE = 0.02  # of the logarithm of a rate of convergence


def random_update(p, g, state, hyper, step, layout):
    """p <- p +- lr, signs by a linear congruential generator. hyper: (lr)."""
    lr, number = p.dtype.type(hyper[0]), step * 7919 + 12345
    for i in range(p.size):
        number = (number * 1103515245 + 12345) % 2147483648
        p[i] += lr if number > 1073741824 else -lr


RANDOM = Entrant(
    "random_direction",
    Optimizer("random_direction", random_update, 0, "2026", {"lr": 0.01}),
    "none",
)


def adamw_again() -> Entrant:
    """AdamW under another name."""
    return replace(registered("adamw"), name="adamw_again")


def costs_of(settings: StudySettings, target: str = "value") -> np.ndarray:
    """float[m, p, s]: gradients to the target of the largest budget's winners."""
    made = run_study(settings, lambda done, total, text: None)
    return cost_array(made, len(settings.budgets) - 1, "evaluations", target)


def alias_ties(settings: StudySettings) -> tuple[bool, str]:
    """The alias costs the same on the same seeds, and is no better on others."""
    both = replace(settings, entrants=(registered("adamw"), adamw_again()))
    same = costs_of(both)
    other = costs_of(replace(both, master=settings.master + 100))
    mixed = np.stack([same[0], other[1]])
    found = improvement(mixed)
    passes = np.array_equal(*same) and not better(found).any()
    share = found.value[0, 1]
    return passes, f"AdamW beats itself, tuned on other seeds, with P = {share:.3f}"


def random_is_last(settings: StudySettings) -> tuple[bool, str]:
    """Its rank interval is the last place alone, on either target."""
    everyone = replace(settings, entrants=(*settings.entrants, RANDOM))
    ranks = [
        rank_intervals(costs_of(everyone, target), profile_scores)[-1]
        for target in ("value", "easy")
    ]
    last = len(everyone.entrants)
    said = ", ".join(f"{r.first} ({r.low} to {r.high})" for r in ranks)
    return all(r.low == last for r in ranks), f"places {said} of {last}, by target"


def baselines_are_stable(
    settings: StudySettings, masters: Sequence[int] = MASTERS
) -> tuple[bool, str]:
    """The rank intervals of the masters have a place in common for every baseline."""
    ranks = [
        rank_intervals(costs_of(replace(settings, master=m)), profile_scores)
        for m in masters
    ]
    passes, said = True, []
    for index, entrant in enumerate(settings.entrants):
        mine = [row[index] for row in ranks]
        passes &= max(r.low for r in mine) <= min(r.high for r in mine)
        places = ", ".join(f"{r.first} ({r.low} to {r.high})" for r in mine)
        said.append(f"{entrant.name} {places}")
    return passes, "; ".join(said)


def rates_match() -> tuple[bool, str]:
    """Measured rates of convergence are within 2 % of theory."""
    rows = convergence_rates()
    said = "; ".join(
        f"{r['optimizer']} {r['measured']:.5f}, theory {r['theory']:.5f}" for r in rows
    )
    return all(abs(row["difference"]) <= TOLERANCE for row in rows), said


def checks(settings: StudySettings) -> Iterator[tuple[str, bool, str]]:
    """Yield (what, does it hold, figures) of each check."""
    yield "convergence rates match theory", *rates_match()
    yield "AdamW under another name ties", *alias_ties(settings)
    yield "a random direction ranks last", *random_is_last(settings)
    yield "baselines rank alike for three master seeds", *baselines_are_stable(settings)


def main(out: Path) -> int:
    """Run all checks on all problems, print them; the exit code."""
    settings = StudySettings(
        tuple(registered(name) for name in BASELINES if name in OPTIMIZERS),
        tuple(PROBLEMS.values()),
        sweep=0,
        threads=available_threads(),
        out=out,
    )
    failed = 0
    for what, holds, figures in checks(settings):
        print(f"{'ok' if holds else 'FAILED':6} {what}: {figures}", flush=True)
        failed += not holds
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "gradclinic-checks")))
