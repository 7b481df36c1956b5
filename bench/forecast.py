"""What the scenarios will take on this machine, and which of them fit into a time."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from statistics import median

from .durations import PRESETS, WHOLE, in_words, measured

# Processor seconds of a command to start, with the processes that train, and to judge
# and draw one scenario: a quick look, or in full with all of its parts.
STARTING, CLOSING = 5.0, {True: 1.5, False: 4.0}
# Share of a scenario's work that has the machine for itself, timed and guarded runs.
_ALONE = 0.4
# What a scenario may take beyond its forecast and still count as fitting.
_SLACK = 1.1
# Seconds of a machine of usual speed that the first guess of its pace counts for.
_PRIOR = 20.0

RULE = (
    "In the order given, each scenario gets a quick look while it fits; what is then"
    " left runs the first ones in full."
)


@dataclass(frozen=True)
class Need:
    """Seconds that a scenario takes here, judged and drawn: a quick look, or in full.

    0 where its page is there already.
    """

    scenario: str
    quick: float
    full: float

    def of(self, quick: bool) -> float:
        return self.quick if quick else self.full

    def next(self, quick: bool) -> float:
        """What is left to do takes: no more than a quick look where that is asked."""
        return self.quick if quick else self.least

    @property
    def least(self) -> float:
        """What the next step takes: a quick look, or all where that is there."""
        return self.quick or self.full


@dataclass(frozen=True)
class Choice:
    """A scenario that is run, how, and the seconds that it is expected to take."""

    scenario: str
    quick: bool
    seconds: float

    def __str__(self) -> str:
        how = "quick look" if self.quick else "in full"
        return f"{self.scenario} ({how}, {in_words(self.seconds)})"


def fitting(needs: Iterable[Need], seconds: float, quick: bool = False) -> list[Choice]:
    """The scenarios that fit into a time by `RULE`; quick: none is run in full."""
    needs, left = list(needs), seconds
    looks = {}
    for need in needs:
        if need.quick * _SLACK <= left:
            looks[need.scenario] = True
            left -= need.quick * _SLACK
    for need in needs if not quick else ():
        more = (need.full - need.quick) * _SLACK
        if need.scenario in looks and more <= left:
            looks[need.scenario] = False
            left -= more
    return [
        Choice(need.scenario, looks[need.scenario], taken)
        for need in needs
        if need.scenario in looks and (taken := need.of(looks[need.scenario])) > 0
    ]


def run_seconds(
    scenario: str, quick: bool, planned: Callable[[str, bool], int]
) -> float:
    """Processor seconds of one run of a scenario where durations were measured.

    planned(scenario, quick): its runs. By the same preset where that was measured, else
    by the other, else the median of all scenarios that were.
    """
    for preset in (quick, not quick):
        if scenario in _figures(preset):
            return _per_run(scenario, preset, planned)
    known = [(name, p) for p in PRESETS for name in _figures(p) if name != WHOLE]
    return median([_per_run(name, p, planned) for name, p in known] or [0.1])


def _figures(quick):
    return _stored().get("run", {}).get(PRESETS[quick], {})


@cache
def _stored():
    return measured()


def _per_run(scenario, quick, planned):
    work = _figures(quick)[scenario] - STARTING - CLOSING[quick]
    return max(work, 1.0) / max(1, planned(scenario, quick))


def on_clock(processor_seconds: float, cores: int) -> float:
    """Seconds on the clock of work that `cores` share, but for what runs alone."""
    return processor_seconds * (_ALONE + (1 - _ALONE) / cores)


@dataclass
class Pace:
    """How much slower this machine is than the one where durations were measured.

    At first by one fixed piece of work, then by what scenarios really took.
    """

    first: float = 1.0
    taken: float = 0.0
    expected: float = 0.0

    @property
    def now(self) -> float:
        return (self.taken + self.first * _PRIOR) / (self.expected + _PRIOR)

    def learn(self, taken: float, expected: float) -> None:
        """expected: seconds that were forecast for a machine of pace 1."""
        self.taken += taken
        self.expected += expected


def first_pace() -> Pace:
    """The pace by the sentinel, 1 where it was not measured with the durations."""
    from .measurement.noise import sentinel_seconds

    usual = _stored().get("sentinel")
    return Pace(sentinel_seconds() / usual if usual else 1.0)
