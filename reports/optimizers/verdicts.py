"""How an optimizer does on a problem, in six words with their signs and colours."""

from ..verdicts import ShownVerdict
from .content import StudyContent

FIRST, NEAR, FAR, SLOW, MISSED, WITHHELD = (
    "first",
    "within 2×",
    "within 4×",
    "beyond 4×",
    "missed",
    "withheld",
)
_ALL = (
    ShownVerdict(
        FIRST,
        "●",
        "o",
        True,
        "#0072B2",
        "Needs the fewest gradients here, by chance or not.",
    ),
    ShownVerdict(
        NEAR,
        "◆",
        "D",
        True,
        "#009E73",
        "Needs at most twice as many as the first.",
    ),
    ShownVerdict(
        FAR,
        "◇",
        "D",
        False,
        "#B87800",
        "Needs two to four times as many.",
    ),
    ShownVerdict(
        SLOW,
        "□",
        "s",
        False,
        "#5F6368",
        "Needs more than four times as many.",
    ),
    ShownVerdict(
        MISSED,
        "×",
        "x",
        True,
        "#D55E00",
        "No fresh seed met the target.",
    ),
    ShownVerdict(
        WITHHELD,
        "–",
        "_",
        True,
        "#5F6368",
        "Its search failed its own check, so it has no place here.",
    ),
)
VERDICTS = {verdict.name: verdict for verdict in _ALL}


def expected(study: StudyContent, problem: str, name: str, target: str | None = None):
    """[gradients expected until the target, low, high]; None where infinite."""
    reached = study.winner(problem, name)["reached"]
    return reached[target or study.goal]["running_time"]


def least(study: StudyContent, problem: str) -> float | None:
    """The fewest gradients expected of any that has a place; None where all miss."""
    placed = (n for n in study.indices if not study.withheld(problem, n))
    found = [expected(study, problem, name)[0] for name in placed]
    return min((value for value in found if value is not None), default=None)


def ratio(study: StudyContent, problem: str, name: str) -> list[float | None]:
    """Expected gradients over the least of any, with the interval of the former.

    Of a pair without a place it has no value.
    """
    best = least(study, problem)
    if best is None or study.withheld(problem, name):
        return [None] * 3
    return [
        None if value is None else value / best
        for value in expected(study, problem, name)
    ]


def verdict(study: StudyContent, problem: str, name: str) -> ShownVerdict:
    """Where an optimizer stands on one problem."""
    if study.withheld(problem, name):
        return VERDICTS[WITHHELD]
    value = ratio(study, problem, name)[0]
    if value is None:
        return VERDICTS[MISSED]
    for limit, word in ((1.0, FIRST), (2.0, NEAR), (4.0, FAR)):
        if value <= limit:
            return VERDICTS[word]
    return VERDICTS[SLOW]


def placed(study: StudyContent, problem: str) -> list[str]:
    """Those that have a place on a problem and met its target, the soonest first."""
    return [
        name
        for name in by_expected(study, problem)
        if not study.withheld(problem, name) and expected(study, problem, name)[0]
    ]


def is_alone(study: StudyContent, problem: str) -> bool:
    """Does the interval of the first lie below those of all others with a place?"""
    order = [n for n in by_expected(study, problem) if not study.withheld(problem, n)]
    times = [expected(study, problem, name) for name in order]
    if not times or times[0][2] is None:
        return False
    return all(low is None or low > times[0][2] for _, low, _ in times[1:])


def by_expected(study: StudyContent, problem: str) -> list[str]:
    """Names by expected gradients to the target, to the other target, then by loss.

    Those without a place come last.
    """
    end, other = float("inf"), "value" if study.goal == "easy" else "easy"

    def key(name):
        times = [expected(study, problem, name, t)[0] for t in (None, other)]
        best = middle(study.winner(problem, name)["best"])
        known = [end if value is None else value for value in (*times, best)]
        return [study.withheld(problem, name) is not None, *known]

    return sorted(study.indices, key=key)


def middle(values) -> float | None:
    """The median of values of which None is infinite, of two the worse."""
    known = sorted(float("inf") if v is None else v for v in values)
    found = known[len(known) // 2] if known else float("inf")
    return None if found == float("inf") else found
