"""The scenario suite: cause each trouble, detect it, try every fix, judge."""

from dataclasses import dataclass, replace
from pathlib import Path

from joblib import cpu_count

from ...kernels.device import LEAST_WORK, chosen_device
from ...scenarios import SCENARIOS
from ..execution.schedule import Resources, complete
from ..execution.store import Store
from ..measurement.machine import machine_facts
from ..typed import OUT
from .best import best_fixes
from .doses import dosed
from .elsewhere import elsewhere
from .judgement import judge
from .pairs import pair_tasks
from .question import Question
from .result import scenario_result

# Seeds of a master seed: far enough apart that two master seeds share none.
_STRIDE = 1000
# The last seeds of a master seed tune; further than any that are judged.
_TUNING = _STRIDE - 4
# From this many seeds on a scenario is not extended.
_EXTENDABLE = 10
# Fixes that a quick look times: the first of those that tie as best, of all fixes and
# of those without new data.
_TIMED = 1


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
