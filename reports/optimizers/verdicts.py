"""How an optimizer does on a problem, in five words with their signs and colours."""

from ..verdicts import Verdict
from .content import Study

FIRST, NEAR, FAR, SLOW, MISSED = (
    "first",
    "within 2×",
    "within 4×",
    "beyond 4×",
    "missed",
)
_ALL = (
    Verdict(
        FIRST, "●", "o", True, "#0072B2",
        "The fewest gradients expected until the target is met. That says who was"
        " first here, not that chance is ruled out.",
    ),
    Verdict(
        NEAR, "◆", "D", True, "#009E73",
        "It is expected to need at most twice as many as the first.",
    ),
    Verdict(
        FAR, "◇", "D", False, "#B87800",
        "It is expected to need two to four times as many.",
    ),
    Verdict(
        SLOW, "□", "s", False, "#5F6368",
        "It meets the target on some seeds, and is expected to need more than four"
        " times as many.",
    ),
    Verdict(
        MISSED, "×", "x", True, "#D55E00",
        "No fresh seed met the target within its budget, or all runs diverged.",
    ),
)  # fmt: skip
VERDICTS = {verdict.name: verdict for verdict in _ALL}


def expected(study: Study, problem: str, name: str, target: str | None = None):
    """[gradients expected until the target, low, high]; None where infinite."""
    reached = study.winner(problem, name)["reached"]
    return reached[target or study.goal]["running_time"]


def least(study: Study, problem: str) -> float | None:
    """The fewest gradients expected of any optimizer; None where all miss."""
    found = [expected(study, problem, name)[0] for name in study.indices]
    return min((value for value in found if value is not None), default=None)


def ratio(study: Study, problem: str, name: str) -> list[float | None]:
    """Expected gradients over the least of any, with the interval of the former."""
    best = least(study, problem)
    return [
        None if value is None or best is None else value / best
        for value in expected(study, problem, name)
    ]


def verdict(study: Study, problem: str, name: str) -> Verdict:
    """Where an optimizer stands on one problem."""
    value = ratio(study, problem, name)[0]
    if value is None:
        return VERDICTS[MISSED]
    for limit, word in ((1.0, FIRST), (2.0, NEAR), (4.0, FAR)):
        if value <= limit:
            return VERDICTS[word]
    return VERDICTS[SLOW]


def apart(study: Study, problem: str) -> bool:
    """Does the interval of the first lie below those of all others?"""
    order = by_expected(study, problem)
    first = expected(study, problem, order[0])
    rest = [expected(study, problem, name)[1] for name in order[1:]]
    return first[2] is not None and all(low is None or low > first[2] for low in rest)


def by_expected(study: Study, problem: str) -> list[str]:
    """Names by expected gradients to the target, to the other target, then by loss."""
    end, other = float("inf"), "value" if study.goal == "easy" else "easy"

    def key(name):
        times = [expected(study, problem, name, t)[0] for t in (None, other)]
        best = middle(study.winner(problem, name)["best"])
        return [end if value is None else value for value in (*times, best)]

    return sorted(study.indices, key=key)


def middle(values) -> float | None:
    """The median of values of which None is infinite, of two the worse."""
    known = sorted(float("inf") if v is None else v for v in values)
    found = known[len(known) // 2] if known else float("inf")
    return None if found == float("inf") else found
