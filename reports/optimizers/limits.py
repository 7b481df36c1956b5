"""What the evidence does not support, in sentences made from numbers."""

from .. import words
from .content import StudyContent
from .phrases import few


def unsupported(study: StudyContent) -> list[tuple[str, str]]:
    """[(what about, sentence)] that these numbers do not bear out."""
    problems = list(study.problems.values())
    sizes = [p["n_params"] for p in problems]
    said = [
        (
            "Elsewhere.",
            f"Intervals hold for these {words.count(len(problems), 'problem')} of"
            f" {min(sizes):,} to {max(sizes):,} parameters; others, or more than"
            f" {words.count(study.budget, 'trial')}, may give another order.",
        ),
        ("Undecided pairs.", "Not shown to differ is not shown to be equal."),
        ("Divergence.", divergence(study)),
        ("Seconds.", seconds(study)),
    ]
    return [(title, text) for title, text in said if text]


def divergence(study: StudyContent) -> str:
    """How many of the final runs diverged, and whose; empty where none did."""
    counts: dict[str, int] = {}
    total = 0
    for result in study["results"]:
        status = result["budgets"][-1]["status"]
        total += len(status)
        lost = sum(word != "ok" for word in status)
        if lost:
            counts[result["optimizer"]] = counts.get(result["optimizer"], 0) + lost
    if not counts:
        return ""
    said = [
        f"{study.label(name)} {n}"
        for name, n in sorted(counts.items(), key=lambda pair: -pair[1])
    ]
    return (
        f"{sum(counts.values()):,} of {words.count(total, 'run')} of tuned optimizers"
        f" diverged ({few(said, 4)}); each counts as a miss."
    )


def seconds(study: StudyContent) -> str:
    """Is there no place by seconds? Empty where there is one."""
    if not study["seconds_measured"]["noisy"]:
        return ""
    return "They were too rough for a place, as said below."
