"""One question of the suite: a scenario or a part of one, and the tasks it asks for."""

from dataclasses import dataclass, field, replace

from ...scenarios import Scenario
from ...scenarios.batch_sizes import BATCH_SIZES
from ..execution.examination import NUMBERS
from ..execution.task import Task, kind_of
from ..statistics import READS
from .doses import Dosage
from .evidence import (
    BASELINE,
    CONTROLS,
    EXAMINATION,
    MEASURED,
    PRICE,
    Evidence,
    conditions,
)
from .symptom import is_reference

# Seeds whose first steps are examined: what is looked for there differs little.
_EXAMINED = 4


@dataclass(frozen=True)
class Question:
    """A scenario or a part of one, its seeds, and those it may be extended by.

    tuning: seeds that choose the doses, and nothing else; none in a quick look, which
    takes the usual doses. dosages: what they chose, see `doses`. device: as of `Task`.
    controlled: are its controls run?
    """

    scenario: Scenario
    seeds: tuple[int, ...]
    more_seeds: tuple[int, ...]
    device: str = "cpu"
    tuning: tuple[int, ...] = ()
    dosages: dict[str, Dosage] = field(default_factory=dict)
    controlled: bool = True

    @property
    def looks(self):
        """How often its data may be judged: alpha is shared among the looks."""
        return 2 if self.more_seeds else 1

    def tasks(self):
        """The tasks of all conditions on the first seeds.

        Bytes that are only shown hardly differ between seeds: one of them tells.
        """
        return [
            self._task(
                condition, self.seeds[:1] if _only_bytes(condition) else self.seeds
            )
            for condition in self.conditions
        ]

    def extension(self, names):
        """Tasks on the further seeds: the fixes named and what they compare with."""
        if not names or not self.more_seeds:
            return []
        return [
            self._task(condition, self.more_seeds)
            for condition in self.conditions
            if condition.fix in names or condition.role in (BASELINE, "sweep")
            if not _only_bytes(condition)
        ]

    def prices(self, best=None):
        """Tasks that time what is trained, on the first seed.

        Of the sweep only the batch sizes, whose seconds are shown. best: names of the
        fixes that are timed beside the baseline, and nothing else; None: all.
        """
        sizes = {fix.name for fix in BATCH_SIZES}
        return [
            Task(replace(condition, role=PRICE), self.seeds[:1], "price")
            for condition in self.conditions
            if (condition.role != "sweep" or condition.fix in sizes)
            and kind_of(condition.trial, self.scenario.metric.name) == "train"
            and (best is None or condition.fix in (BASELINE, *best))
        ]

    @property
    def by_first_steps(self):
        """Is the symptom one of the first steps?"""
        return bool({*READS[self.scenario.symptom.detector]} & {*NUMBERS})

    def examinations(self):
        """Tasks that diagnose the first steps of the baseline and its healthy twin.

        What is timed or measured has no twin: its control changes the cost of a step.
        Where the symptom is one of the first steps, all that is judged is diagnosed,
        on all first seeds.
        """
        trained = kind_of(self.scenario.baseline, self.scenario.metric.name) == "train"
        roles = (BASELINE, "positive") if trained else (BASELINE,)
        seeds = self.seeds[:_EXAMINED]
        if self.by_first_steps:
            roles, seeds = (BASELINE, "fix", *CONTROLS), self.seeds
        return [
            Task(replace(condition, role=EXAMINATION), seeds, "examine")
            for condition in self.conditions
            if condition.role in roles
        ]

    def evidence(self, store, extended=()):
        """The stored runs of the first seeds, and of the further ones of `extended`."""
        tasks = [*self.tasks(), *self.extension(extended)]
        found = {}
        for task in tasks:
            condition = (task.condition.role, task.condition.fix)
            found.setdefault(condition, {}).update(task.stored(store))
        planned = sum(len(task.seeds) for task in tasks)
        timed = {t.condition.fix: store.get(t.key(t.seeds[0])) for t in self.prices()}
        stored = {name: run for name, run in timed.items() if run}
        prices = {n: run for n, run in stored.items() if run.status in MEASURED}
        return Evidence(
            self.scenario,
            found,
            planned,
            prices,
            examinations={
                t.condition.fix: t.stored(store) for t in self.examinations()
            },
            dosages=self.dosages,
            unpriced=tuple(run for n, run in stored.items() if n not in prices),
        )

    @property
    def conditions(self):
        """All of the scenario's, without what nobody reads.

        That is a sweep that no rule compares with, in a quick look, and the controls of
        a question that has none.
        """
        return [
            condition
            for condition in conditions(self.scenario)
            if self.tuning or condition.role != "sweep" or is_reference(condition.fix)
            if self.controlled or condition.role not in CONTROLS
        ]

    def _task(self, condition, seeds):
        kind = kind_of(condition.trial, self.scenario.metric.name)
        # What is timed or measured compares ways to use the processor.
        return Task(condition, seeds, kind, self.device if kind == "train" else "cpu")


def _only_bytes(condition):
    """Is it measured and never judged?"""
    return condition.role == "sweep" and condition.trial.memory.budget is not None
