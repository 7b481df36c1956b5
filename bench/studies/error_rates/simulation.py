"""One simulated study: trained, tuned and judged by the suite's own functions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from ....scenarios import Scenario, Trial
from ...execution.data import split
from ...execution.record import Run
from ...execution.task import Condition, Task
from ...execution.training import trained
from ..evidence import BASELINE, DOSE, Evidence
from ..judgement import judge
from ..suite import SuiteOptions, question_of, tried

# Of the runs that tune, and of those that judge: {trial in a few letters: [a value a
# seed]}.
Losses = dict[str, dict[str, list[float]]]
_DIGITS = 3  # of a loss: what is stored and judged again is what was judged
_AT_ONCE = 50  # seeds
_READ = {"tuned": "val_loss", "judged": "test_loss"}


@dataclass
class Shelf:
    """A `Store` in memory."""

    runs: dict[str, Run] = field(default_factory=dict)

    def get(self, key: str) -> Run | None:
        """The run of a key, None where there is none."""
        return self.runs.get(key)

    def lacks(self, task: Task) -> tuple[int, ...]:
        """The seeds of a task that were not run."""
        return tuple(seed for seed in task.seeds if task.key(seed) not in self.runs)


@dataclass(frozen=True)
class Simulated:
    """A study's evidence, its verdict dicts, and all numbers that they follow from."""

    evidence: Evidence
    fixes: list[dict]
    losses: Losses


def simulated(
    scenario: Scenario,
    master: int,
    values_of: Callable[[Task], list[dict]] | None = None,
) -> Simulated:
    """Choose rate and doses, judge on fresh seeds, extend what is undecided.

    master: the seeds follow from it, as in `gradclinic run --seed`. values_of(task):
    the values of a run a seed, by default of `training`. Controls are left out: the
    fixes are what is judged.
    """
    shelf, losses = Shelf(), {part: {} for part in _READ}
    values_of = values_of or training

    def run(tasks):
        for task in tasks:
            if task.condition.role in (BASELINE, DOSE, "fix"):
                _complete(task, shelf, losses, values_of)

    question = question_of(scenario, SuiteOptions(seed=master, device="cpu"))
    (question,), extended = tried([question], shelf, run)
    evidence = question.evidence(shelf, extended[scenario.name])
    found = judge(evidence, question.looks)
    return Simulated(evidence, [f for f in found if f["role"] == "fix"], losses)


def _complete(task, shelf, losses, values_of):
    seeds = shelf.lacks(task)
    if not seeds:
        return
    part = part_of(task)
    values = values_of(Task(task.condition, seeds, task.kind))
    for seed, found in zip(seeds, values, strict=True):
        shelf.runs[task.key(seed)] = task.run(seed, values=found)
    mine = losses[part].setdefault(told(task), [])
    mine += [found[_READ[part]] for found in values]


def part_of(task: Task) -> str:
    """Do its runs choose a dose (`tuned`), or are they judged?"""
    return "tuned" if task.condition.role == DOSE else "judged"


def told(task: Task) -> str:
    """All that differs between the trials of a study: rate, epochs and restart."""
    trial = task.condition.trial
    return f"{trial.lr:g} {trial.epochs} {trial.restart}"


def training(task: Task) -> list[dict]:
    """Train a task on one thread; of each seed the loss that is read of its part.

    It is that of the last epoch on validation rows, or on test rows in their place.
    """
    trial, part = task.condition.trial, part_of(task)
    splits = [split(trial.data, seed) for seed in task.seeds]
    if part == "judged":
        splits = [replace(s, x_val=s.x_test, y_val=s.y_test) for s in splits]
    _, found, _ = trained(trial, task.seeds, splits, 1)
    losses = (float(outcome.curves["val_loss"][-1]) for outcome in found)
    return [{_READ[part]: float(f"{loss:.{_DIGITS}g}")} for loss in losses]


def training_losses(trial: Trial, seeds: Sequence[int]) -> list[float]:
    """The test losses of a trial on many seeds, some at a time."""
    some = (tuple(seeds[k : k + _AT_ONCE]) for k in range(0, len(seeds), _AT_ONCE))
    tasks = (Task(Condition("", "", "fix", trial), part, "train") for part in some)
    return [found["test_loss"] for task in tasks for found in training(task)]


def replaying(losses: Losses) -> Callable[[Task], list[dict]]:
    """`values_of` of what was stored; KeyError where it was never trained."""
    used: dict[tuple[str, str], int] = {}

    def values_of(task):
        part = part_of(task)
        place = part, told(task)
        first = used.get(place, 0)
        used[place] = end = first + len(task.seeds)
        values = losses[part][told(task)][first:end]
        return [{_READ[part]: value} for value in values]

    return values_of
