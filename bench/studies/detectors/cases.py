"""The trainings of the study: every trouble at every strength, and the sound ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ....scenarios import Trial
from ....scenarios.severities import (
    HEALTHY,
    PATIENTS,
    SEVERITIES,
    TROUBLES,
    TWINS,
    InjectedTrouble,
    Patient,
)
from ...execution.task import Condition, Task

STRIDE = 1000  # seeds of a master seed
WIDER = (2, 4)
# Units up to which a layer is widened four times; else just twice.
_WIDEST = 64


@dataclass(frozen=True)
class CausedCase:
    """One training on one data set, to be repeated with many seeds.

    trouble: its name, None for a sound training; severity: `healthy` or one of
    `SEVERITIES`; twin: the sound training beside it.
    """

    patient: Patient
    trouble: str | None
    severity: str
    twin: str
    trial: Trial

    @property
    def name(self) -> str:
        """Of its condition, without the data set."""
        return f"{self.trouble}.{self.severity}" if self.trouble else self.twin

    def task(self, seeds: Sequence[int]) -> Task:
        """The watched trainings of these seeds."""
        about = self.patient.name, self.name, self.severity, self.trial
        return Task(Condition(*about), tuple(seeds), "watch")

    def wider(self, seeds: Sequence[int]) -> dict[int, Task]:
        """{times: task}: the same with wider layers, as a sweep of capacity."""
        found = {}
        for times in WIDER:
            if times > 2 and times * max(self.trial.hidden) > _WIDEST:
                continue
            hidden = tuple(times * width for width in self.trial.hidden)
            name = f"{self.name}.wider_x{times}"
            trial = replace(self.trial, hidden=hidden)
            about = self.patient.name, name, "sweep", trial
            found[times] = Task(Condition(*about), tuple(seeds), "train")
        return found


def cases(troubles: Sequence[str], patients: Sequence[str]) -> list[CausedCase]:
    """The sound trainings that the troubles need, each once, then the troubles."""
    chosen = [TROUBLES[name] for name in troubles]
    pairs = [(t, p) for t in chosen for p in t.patients if p in patients]
    sound = dict.fromkeys((trouble.twin, patient) for trouble, patient in pairs)
    healthy = [_sound(twin, PATIENTS[patient]) for twin, patient in sound]
    return healthy + [
        case for trouble, patient in pairs for case in _ill(trouble, PATIENTS[patient])
    ]


def _sound(twin: str, patient: Patient) -> CausedCase:
    return CausedCase(patient, None, HEALTHY, twin, TWINS[twin](patient.trial))


def _ill(trouble: InjectedTrouble, patient: Patient) -> Iterator[CausedCase]:
    sound = TWINS[trouble.twin](patient.trial)
    for severity, strength in zip(SEVERITIES, trouble.strengths, strict=True):
        trial = trouble.caused(sound, strength)
        yield CausedCase(patient, trouble.name, severity, trouble.twin, trial)
