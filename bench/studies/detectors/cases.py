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

    def wider(self, seeds: Sequence[int]) -> dict[str, Task]:
        """{`wider_x2`: task, ...}: the same with wider layers, as a sweep of capacity.

        Nothing where there is no hidden layer.
        """
        found = {}
        for times in WIDER if self.trial.hidden else ():
            if times > 2 and times * max(self.trial.hidden) > _WIDEST:
                continue
            hidden = tuple(times * width for width in self.trial.hidden)
            wide = replace(self.trial, hidden=hidden)
            found |= self._beside(f"wider_x{times}", wide, seeds)
        return found

    def new_rows(self, seeds: Sequence[int]) -> dict[str, Task]:
        """{`new_rows`: task}: the same, trained on as many rows such as the new ones.

        Nothing where all rows are drawn alike.
        """
        if "shift" not in dict(self.trial.data.selection):
            return {}
        new = self.trial.adding(selection=("new_rows", self.trial.data.rows))
        return self._beside("new_rows", new, seeds)

    def _beside(self, name, trial, seeds):
        about = self.patient.name, f"{self.name}.{name}", "sweep", trial
        return {name: Task(Condition(*about), tuple(seeds), "train")}


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
