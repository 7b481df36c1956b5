"""A trouble that is caused on purpose, at three strengths, and what is healthy."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from ..data import SOURCES
from ..trial import Trial

HEALTHY = "healthy"
SEVERITIES = ("mild", "clear", "severe")


@dataclass(frozen=True)
class Patient:
    """A data set with a network that trains soundly on it.

    name, title, about: for readers; about: one sentence. trial: the sound training,
    whose `target` is the validation loss that slow trainings are timed by.
    """

    name: str
    title: str
    about: str
    trial: Trial

    @property
    def real(self) -> bool:
        """Are the rows those of one data set, split anew by each seed?"""
        return not SOURCES[self.trial.data.name].redrawn

    @property
    def overlap(self) -> float | None:
        """Validation rows / training rows of splits; None where seeds redraw."""
        data = self.trial.data
        return data.validation / data.rows if self.real else None


@dataclass(frozen=True)
class InjectedTrouble:
    """One trouble, its cause, and which rule must name it.

    cause: what is done, one sentence. unit: what the strengths count; strengths: of
    mild, clear and severe. caused: (sound trial, strength) -> trial. twin: the name in
    `twins.TWINS` of the sound training beside it, which has all but the cause. shows:
    the detector that must fire. may_show: {detector that may fire too: why}; it counts
    neither way. patients: names of data sets. absent: {data set: why not there}.
    question: the scenario, or part of one, whose fixes treat it; the name where "".
    scored: does the study of detectors ask of it? Not where its rule reads what no
    watched training has.
    """

    name: str
    title: str
    cause: str
    unit: str
    strengths: tuple[float, float, float]
    caused: Callable[[Trial, float], Trial]
    shows: str
    twin: str = "plain"
    patients: tuple[str, ...] = ("classification", "digits", "breast_cancer")
    may_show: Mapping[str, str] = field(default_factory=dict)
    absent: Mapping[str, str] = field(default_factory=dict)
    question: str = ""
    scored: bool = True

    def treated_as(self, question: str) -> bool:
        """Is it the trouble of this question?"""
        return (self.question or self.name) == question


def with_data(trial: Trial, **changes) -> Trial:
    """A trial whose `Dataset` has other fields."""
    return replace(trial, data=replace(trial.data, **changes))


def transformed(trial: Trial, *more: tuple[str, float]) -> Trial:
    """A trial whose inputs, of one variance each, are transformed further."""
    steps = (*trial.data.transforms, ("standardise", 0), *more)
    return with_data(trial, transforms=steps)
