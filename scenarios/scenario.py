"""A trouble on purpose: what goes wrong, how it shows, and what may help."""

from collections.abc import Callable
from dataclasses import dataclass

from .trial import Trial


@dataclass(frozen=True)
class Fix:
    """One remedy: a name, a family and a function from trial to trial.

    family: groups fixes on the page, as `regularisation`; `apply` returns a changed
    copy of a trial and raises nothing. label: its name for readers. treats: names of
    the scenarios that try it. claim: what textbooks say of it, in one sentence a reader
    of the page understands. strength: what it sets, in numbers.
    """

    name: str
    family: str
    apply: Callable[[Trial], Trial]
    label: str
    claim: str
    treats: tuple[str, ...] = ()
    strength: str = ""


@dataclass(frozen=True)
class Metric:
    """What a fix must improve.

    name: a key of a run's values; label, unit: as readers see them, no unit for a plain
    number. scale: `log` compares by ratio, `linear` by difference. better: `lower` or
    `higher`. rows: the part of the data it is computed on, `test` or `validation`, or
    None for a time or a size. censored: a run can miss it, as a target; effects are
    then medians.
    """

    name: str
    label: str
    unit: str
    scale: str
    better: str
    rows: str | None = "test"
    censored: bool = False


@dataclass(frozen=True)
class Symptom:
    """A measurable rule.

    detector: a key of `bench.statistics.DETECTORS`. rule: what it asks, one sentence.
    """

    detector: str
    rule: str


@dataclass(frozen=True)
class Controls:
    """Three trials that test the test: two must not help, one must.

    placebo: the baseline under another name. wrong_mechanism: a fix that acts on
    something else. positive: one that must help, and that could fail.
    """

    placebo: Fix
    wrong_mechanism: Fix
    positive: Fix


@dataclass(frozen=True)
class Scenario:
    """One trouble, its baseline, its remedies and the yardstick they are judged by.

    name: of its page and files; title, summary: for readers. references: works that
    describe the trouble. fixes: those that treat it, which discovery fills in.
    delta: smallest effect of interest on the metric's scale (log ratio or difference).
    sweep: trials the symptom rule compares with (capacity sweep, tuned reference, ...);
    they run on the same seeds and are never judged. seeds: (quick, full) seed counts.
    parts: other questions about the same trouble, each judged by itself on its page.
    """

    name: str
    title: str
    summary: str
    baseline: Trial
    symptom: Symptom
    controls: Controls
    metric: Metric
    delta: float
    references: tuple[str, ...]
    fixes: tuple[Fix, ...] = ()
    sweep: tuple[Fix, ...] = ()
    seeds: tuple[int, int] = (10, 10)
    parts: tuple["Scenario", ...] = ()
