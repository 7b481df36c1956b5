"""Which runs are still missing, and how they get done: in processes, alone, guarded.

Training tasks go to joblib's worker processes. What is timed or measured runs
afterwards, alone on the machine. Every finished task is stored at once, so an
interrupted suite resumes where it stopped.
"""

import time
import warnings
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby, pairwise
from typing import cast

from joblib import Parallel, delayed

from ..measurement.noise import Laps
from .attempt import attempt, lacking
from .examination import run_examination
from .guarded import GuardedServer
from .memory import WARM_UP, run_guarded
from .pricing import run_pricing
from .record import Run
from .timing import run_timing
from .training import run_training
from .watched import was_quiet, with_signs
from .watching import run_watch

# When the disk is full the pool is closed early, and joblib warns of what it drops.
warnings.filterwarnings("ignore", message=".*tasks? which were still being processed")
# joblib replaces a worker whose memory has grown, and loses nothing by it.
warnings.filterwarnings("ignore", message="A worker stopped while some jobs were given")

# What is timed, by kind: the conditions of a scenario take turns in one process.
_IN_TURNS = ("time", "price")
# Seconds of timed work between two looks at the host.
LAP = 5.0
# What may run beside others.
_SIDE_BY_SIDE = ("train", "examine", "watch")


@dataclass(frozen=True)
class Resources:
    """How many processes train at a time, threads each, and when to start no more.

    deadline: a `time.monotonic` instant, or None. retime: time again what was timed
    while the host was noisy, or while nobody watched it.
    """

    jobs: int
    threads: int
    deadline: float | None = None
    retime: bool = False

    @property
    def expired(self):
        return self.deadline is not None and time.monotonic() > self.deadline


def complete(tasks, store, resources, progress):
    """Run what `store` lacks of `tasks` and put it there; returns how many runs ran.

    progress(done, total, text) is called after every task.
    """
    lacking_now = missing(tasks, store, resources.retime)
    total, done, ran = len(tasks), len(tasks) - len(lacking_now), 0
    progress(done, total, "Training")
    for finished, text in _batches(lacking_now, resources):
        store.put(finished)
        ran += len(finished)
        done += 1
        progress(min(done, total), total, text)
    return ran


def missing(tasks, store, retime):
    """The tasks cut down to the seeds that are not stored; a failed run counts as such.

    What is timed is compared within one sitting: where one condition of a scenario
    lacks a seed, all are timed on it again.
    """
    found = {task: _lacking(task, store, retime) for task in tasks}
    together = {}
    for task, seeds in found.items():
        if task.kind in _IN_TURNS:
            together.setdefault(_sitting(task), set()).update(seeds)
    for task in tasks:
        if task.kind in _IN_TURNS:
            found[task] = tuple(sorted(together[_sitting(task)]))
    return [replace(task, seeds=seeds) for task, seeds in found.items() if seeds]


def _sitting(task):
    return task.kind, task.condition.scenario


def _lacking(task, store, retime):
    timed = retime and task.kind not in _SIDE_BY_SIDE

    def kept(run):
        return not lacking(run) and (not timed or was_quiet(run))

    return tuple(s for s in task.seeds if not kept(store.get(task.key(s))))


def _batches(tasks, resources) -> Iterator[tuple[list[Run], str]]:
    """Yield (finished runs, what was done) of every task, in the order they end."""
    by_kind = {
        kind: [t for t in tasks if t.kind == kind]
        for kind in (*_SIDE_BY_SIDE, *_IN_TURNS, "guard")
    }
    side_by_side = [t for kind in _SIDE_BY_SIDE for t in by_kind[kind]]
    with _server(by_kind["guard"], resources) as server:
        yield from _train(side_by_side, resources)
        if server:
            server.settle()  # what is timed must be alone
        for kind, run in (("time", run_timing), ("price", run_pricing)):
            together = partial(_attempt_all, run)
            yield from _take_turns(together, by_kind[kind], resources)
        guarded = partial(_guarded, server, resources)
        yield from _take_turns(guarded, by_kind["guard"], resources)


def _server(guarded, resources):
    """The server of guarded tasks, which loads its kernels while others train."""
    if not guarded or resources.expired:
        return nullcontext()
    return GuardedServer(warm_up=WARM_UP)


def _longest_first(tasks):
    """So that no process waits long for the last one; a scenario's stay together.

    They share their data.
    """
    longest: dict[str, float] = {}
    for task in tasks:
        name = task.condition.scenario
        longest[name] = max(longest.get(name, 0.0), _work(task))
    return sorted(
        tasks,
        key=lambda task: (
            -longest[task.condition.scenario],
            task.condition.scenario,
            -_work(task),
        ),
    )


def _work(task):
    """Rows that go through weights in a task, roughly: a layer counts as 20,000."""
    trial = task.condition.trial
    weights = sum(a * b for a, b in pairwise((32, *trial.hidden)))
    rows = trial.data.rows * trial.epochs * trial.members * len(task.seeds)
    return float(rows * max(32, weights + 20_000 * len(trial.layers)))


def _train(tasks, resources):
    if not tasks:
        return
    tasks = _longest_first(tasks)
    if resources.jobs == 1:
        for task in tasks:
            if not resources.expired:
                yield _side_by_side(task, resources.threads), _label(task)
        return
    pool = Parallel(n_jobs=resources.jobs, return_as="generator_unordered")
    calls = (
        delayed(_side_by_side)(task, resources.threads)
        for task in tasks
        if not resources.expired  # asked when the task is about to be handed out
    )
    finished = cast("Iterator[list[Run]]", pool(calls))
    for runs in finished:
        yield runs, f"{runs[0].scenario}: {runs[0].fix}"


def _side_by_side(task, threads):
    if task.kind == "examine":
        return _attempt(run_examination, task)
    if task.kind == "watch":
        return _attempt(run_watch, task)
    return _attempt(run_training, task, threads)


def _take_turns(run, tasks, resources):
    """Timed tasks of a scenario and seed are taken together, to be interleaved.

    run: function of such tasks to their runs. The host is watched meanwhile, and every
    run tells how noisy it was, in the lap that it belongs to: a look takes half a
    second, so that several short sittings share one.
    """
    if not tasks or resources.expired:
        return
    laps, lap, began = Laps(), [], time.monotonic()
    for _, group in groupby(_by_seed(tasks), key=_place):
        together = list(group)
        if not resources.expired:
            lap.append((run(together), _label(together[0])))
        if time.monotonic() - began > LAP:
            yield from _watched(lap, laps)
            lap, began = [], time.monotonic()
    yield from _watched(lap, laps)


def _watched(lap, laps):
    """(runs, label) of every sitting of a lap, with what the host did meanwhile."""
    if not lap:
        return
    signs = laps.signs()
    for runs, label in lap:
        yield [with_signs(run, signs) for run in runs], label


def _guarded(server, resources, tasks) -> list[Run]:
    return [
        run
        for task in tasks
        if not resources.expired
        for run in _attempt(run_guarded, task, server)
    ]


def _by_seed(tasks):
    """Tasks of one seed each, so that all conditions of a seed stand together."""
    single = [replace(t, seeds=(seed,)) for t in tasks for seed in t.seeds]
    return sorted(single, key=_place)


def _place(task):
    return task.condition.scenario, task.seeds[0]


def _attempt(run, task, *resources) -> list[Run]:
    """Runs of a task, or records of its failure."""
    return attempt(run, task, *resources, failed=partial(_failed, [task]))


def _attempt_all(run, tasks) -> list[Run]:
    """Runs of tasks that are made together, or records of their failure."""
    return attempt(run, tasks, failed=partial(_failed, tasks))


def _failed(tasks, **outcome) -> list[Run]:
    return [task.run(seed, **outcome) for task in tasks for seed in task.seeds]


def _label(task):
    return f"{task.condition.scenario}: {task.condition.fix}"
