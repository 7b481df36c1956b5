"""The scenario suite: cause each trouble, detect it, try every fix, judge."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from joblib import cpu_count

from ...kernels.device import LEAST_WORK, chosen_device
from ...scenarios import SCENARIOS, Scenario
from ...scenarios.batch_sizes import BATCH_SIZES
from ..execution.examination import NUMBERS
from ..execution.schedule import Resources, complete
from ..execution.store import Store
from ..execution.task import Task, kind_of
from ..measurement.machine import machine_facts
from ..statistics import READS
from ..typed import OUT
from .best import best_fixes
from .doses import Dosage, dosed
from .elsewhere import elsewhere
from .evidence import (
    BASELINE,
    CONTROLS,
    EXAMINATION,
    MEASURED,
    PRICE,
    Evidence,
    conditions,
)
from .judgement import judge
from .pairs import pair_tasks
from .result import scenario_result
from .symptom import is_reference

# Seeds of a master seed: far enough apart that two master seeds share none.
_STRIDE = 1000
# The last seeds of a master seed tune; further than any that are judged.
_TUNING = _STRIDE - 4
# From this many seeds on a scenario is not extended.
_EXTENDABLE = 10
# Fixes that a quick look times: the first of those that tie as best, of all fixes and
# of those without new data.
_TIMED = 1
# Seeds whose first steps are examined: what is looked for there differs little.
_EXAMINED = 4


@dataclass(frozen=True)
class SuiteOptions:
    """What to run and how. seeds None: what each scenario asks for.

    deadline: a `time.monotonic` instant from which on nothing is begun, or None.
    force: time again what was timed on a noisy host, and start anew where the store is
    corrupt. parts: names of those that a quick look asks too, see `asked_of`.
    """

    scenarios: tuple[str, ...] = ()
    out: Path = OUT
    seed: int = 0
    seeds: int | None = None
    quick: bool = False
    deadline: float | None = None
    jobs: int | None = None
    device: str = "auto"
    force: bool = False
    parts: tuple[str, ...] = ()


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


def run_suite(options, progress):
    """Run what is missing, judge, and return one result dict per scenario.

    progress(done, total, text) is called as tasks end. Raises GradclinicError with one
    sentence where the folder or its store cannot be used.
    """
    chosen = [SCENARIOS[name] for name in options.scenarios or SCENARIOS]
    questions = [question_of(q, options) for s in chosen for q in asked_of(s, options)]
    cores = cpu_count()
    jobs = options.jobs or cores
    threads = max(1, cores // jobs)
    resources = Resources(jobs, threads, options.deadline, retime=options.force)
    options.out.mkdir(parents=True, exist_ok=True)
    with Store(options.out / "runs.sqlite", force=options.force) as store:
        judged = _completed(questions, store, resources, progress)
    machine = machine_facts()
    return [scenario_result(s, judged, options, machine) for s in chosen]


def _completed(questions, store, resources, progress):
    """{name: (evidence, verdict dicts)} once all runs, and the extensions, are done."""

    def run(tasks):
        complete(tasks, store, resources, progress)

    undosed = questions
    questions, undecided = tried(questions, store, run)
    run([task for question in questions for task in question.examinations()])
    run([task for q in questions for task in q.prices(worth_timing(q, store))])
    judged = {}
    for question in questions:
        name = question.scenario.name
        evidence = question.evidence(store, undecided[name])
        judged[name] = evidence, judge(evidence, question.looks)
    together = [pair_tasks(q, judged[q.scenario.name][1]) for q in questions]
    run([task for tasks in together for task in tasks])
    others = [elsewhere(q, judged[q.scenario.name][1]) for q in undosed]
    others = _tried_elsewhere(others, store, run)
    for question, tasks, beyond in zip(questions, together, others, strict=True):
        evidence, fixes = judged[question.scenario.name]
        pairs = {task.condition.fix: task.stored(store) for task in tasks}
        evidence = replace(evidence, pairs=pairs, elsewhere=beyond)
        judged[question.scenario.name] = evidence, fixes
    return judged


def _tried_elsewhere(others, store, run):
    """The other cases of each question, run and judged."""
    every = [question for each in others for question in each.questions]
    if not every:
        return others
    every, _ = tried(every, store, run)
    run([task for q in every if q.by_first_steps for task in q.examinations()])
    asked = iter(every)
    return [each.answered([next(asked) for _ in each.cases], store) for each in others]


def worth_timing(question, store):
    """Names of the fixes that are timed: in a quick look the best by what is stored.

    None: all.
    """
    if question.tuning:
        return None
    evidence = question.evidence(store)
    best = best_fixes(evidence, judge(evidence, question.looks))
    return dict.fromkeys(name for names in best.values() for name in names[:_TIMED])


def _only_bytes(condition):
    """Is it measured and never judged?"""
    return condition.role == "sweep" and condition.trial.memory.budget is not None


def tried(questions, store, run):
    """Questions at the doses that are judged, and {name: fixes that were extended}.

    run(tasks): run what `store` lacks of them, and put it there.
    """
    questions = [
        replace(question, dosages=found)
        for question, found in dosed(questions, store, run)
    ]
    run([task for question in questions for task in question.tasks()])
    undecided = {q.scenario.name: _undecided(q, store) for q in questions}
    run([t for q in questions for t in q.extension(undecided[q.scenario.name])])
    return questions, undecided


def asked_of(scenario, options):
    """The scenario and its parts that are asked: in full all, quickly those named."""
    parts = scenario.parts
    if options.quick:
        parts = tuple(part for part in parts if part.name in options.parts)
    return (scenario, *parts)


def question_of(scenario, options):
    """The `Question` of a scenario or a part, with the seeds of a master seed."""
    count = options.seeds or scenario.seeds[0 if options.quick else 1]
    start = options.seed * _STRIDE
    seeds = tuple(range(start, start + count))
    extendable = not options.quick and not options.seeds and count <= _EXTENDABLE
    more = tuple(range(start + count, start + 2 * count)) if extendable else ()
    tuning = () if options.quick else tuple(range(start + _TUNING, start + _STRIDE))
    return Question(scenario, seeds, more, _device(options.device), tuning)


def _device(asked):
    """What is asked, but the processor where no GPU would train anything."""
    return "cpu" if chosen_device(asked, LEAST_WORK) == "cpu" else asked


def _undecided(question, store):
    """Names of the fixes that ten seeds do not decide."""
    if not question.more_seeds:
        return set()
    judged = judge(question.evidence(store), question.looks)
    return {fix["name"] for fix in judged if fix["undecided"]}
