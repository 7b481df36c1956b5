"""A training of one or many runs: checked arguments, compiled functions, arrays."""

from dataclasses import dataclass, fields, replace

import numpy as np
from numba import typeof, types

from . import progress, sampling
from .functions import LAYER_ROLES, compiled, compiled_as
from .loop import batch, drivers, team, training
from .loop.batch import Course, Data, Functions, Plan, RunArrays, Scratch
from .loop.tasks import assist, run_task
from .loop.team import dismiss, new_team
from .loop.workspace import Model
from .losses import LOSSES
from .memory import aligned, padded
from .minimisers import MINIMISERS
from .network import Network
from .optimizer import Optimizer, keep
from .optimizers import OPTIMIZERS
from .passes import model, workspace
from .reading import as_numbers
from .schedule import MEMORY
from .schedules import SCHEDULES
from .settings import Settings
from .split import split
from .targets import check_targets, metric_line
from .threads import share
from .validation import check_choice, check_count
from .watch import new_watch
from .weighted import loss_named

BATCH_SIZE = 32  # rows, where nothing is said


@dataclass(frozen=True)
class Job:
    """Checked arguments of a training of one or many runs."""

    net: Network
    optimizer: Optimizer
    settings: Settings
    data: Data
    plan: Plan
    dtype: str
    diagnostics: bool

    def course(self, run, threads=1):
        """The `Course` of a training on so many threads, not yet begun."""
        course = self.outline(run, threads)
        return course._replace(functions=self._functions(course))

    def courses(self, runs, threads):
        """The `Course` of stacked runs, whose scratch is stacked too, one a thread."""
        courses = self.outline(runs, 1, (threads,))
        return courses._replace(functions=self._functions(one_of(courses)))

    def outline(self, run, threads=1, stack=()):
        """As `course`, without addresses: nothing is compiled, and all types are known.

        stack: axes in front of the scratch.
        """
        plan = replace(self.settings.memory, all_deltas=self.plan.spans > 1)
        net, sizes = self.net.arrays(plan)
        scratch, passes = self._scratch(sizes, threads, stack), NOTHING_COMPILED
        functions = Functions(passes, *[0] * 5)
        return Course(net, functions, self.data, self.plan, run, scratch, 0)

    def _scratch(self, sizes, team, stack):
        """The `Scratch` of a training, or of `stack` trainings."""
        net, plan, dtype = self.net, self.plan, self.dtype
        n, spans, parts = net.n_params, plan.spans, len(plan.parts)
        steps = plan.epochs * -(-self.data.x.shape[1] // plan.batch) * self.diagnostics
        return Scratch(
            aligned((*stack, n), dtype),
            aligned((*stack, n), dtype),
            np.empty((*stack, padded(len(self.optimizer.defaults), 8))),
            np.empty((*stack, self.data.x.shape[1]), dtype=np.int64),
            np.empty((*stack, padded(batch.ENTRIES, 8)), dtype=np.int64),
            np.empty((*stack, padded(spans, 16), 2)),
            np.empty((*stack, padded(parts, 8))),
            np.empty((*stack, padded(MEMORY, 8))),
            new_team(min(team, max(spans, parts)) - 1 if spans > 1 else 0, stack),
            workspace(net, sizes, plan.piece, dtype, spans, stack),
            new_watch(net, dtype, steps, spans, parts, stack),
        )

    def _functions(self, course):
        """The compiled `Functions` of this training; course: tells the types."""
        optimizer, dtype = self.optimizer, self.dtype
        chosen = SCHEDULES[self.settings.schedule]
        return Functions(
            model(self.net.kinds, self.net.loss, dtype),
            _compiled_for(run_task, dtype, (course, 0, 0)).address,
            compiled(optimizer.rule, "update", dtype).address,
            compiled(chosen.rule, "schedule", dtype).address,
            compiled(chosen.observe, "observe", dtype).address,
            compiled(optimizer.average or keep, "average", dtype).address,
        )

    def train(self, course):
        """Train one network; its team's helpers are other threads."""
        driver = _compiled_for(training.train_serial, self.dtype, (course,))
        helpers = int(course.scratch.team[team.HELPERS])
        if helpers == 0:
            driver(course)
            return
        helper = _compiled_for(assist, self.dtype, (course,))
        share(
            lambda thread: (helper if thread else driver)(course),
            helpers + 1,
            lambda: dismiss(course.scratch.team),
        )

    def train_population(self, courses):
        """Train every network of stacked runs, on as many threads as scratches."""
        one = (one_of(courses),)
        driver = _compiled_for(training.train_serial, self.dtype, one).address
        counter, count = np.zeros(1, dtype=np.int64), len(courses.run.params)
        share(
            lambda thread: drivers.train_population(driver, courses, counter, thread),
            len(courses.scratch.team),
            lambda: counter.fill(count),
        )

    def numbers(self, state):
        """The columns of a state, float[..., slots, n], that hold numbers."""
        return state[..., self.plan.codes :]

    def runs(self, seeds, params, options):
        """The stacked `RunArrays` of seeds, on given parameters.

        options: the optimizer's hyper-parameters of each run, a dict a seed.
        """
        r, n = len(params), self.net.n_params
        keys = np.array([(s & 0xFFFFFFFF, s >> 32) for s in seeds], dtype=np.uint32)
        hyper = np.stack([self.optimizer.hyper(**each) for each in options])
        shape = self.optimizer.state_shape(n, self.net.matrices)
        state = aligned((r, *shape), self.dtype, np.zeros)
        kept = params.shape[1] if self.plan.patience else 0
        best = np.empty((r, kept), dtype=self.dtype)
        curves = np.empty((r, progress.CURVES, self.plan.epochs))
        outcome = np.empty((r, progress.OUTCOMES))
        return RunArrays(keys, hyper, params, state, best, curves, outcome)


NOTHING_COMPILED = Model(np.zeros((len(LAYER_ROLES), 1), dtype=np.int64), 0, 0)
_COMPILED = {}


def compile_loop(course, dtype):
    """Compile the loop and what helpers do, for courses such as an outline."""
    _compiled_for(training.train_serial, dtype, (course,))
    _compiled_for(assist, dtype, (course,))


def compile_drivers(courses):
    """Compile what trains a population, for courses such as a stacked outline."""
    arguments = (0, courses, np.zeros(1, dtype=np.int64), 0)
    drivers.train_population.compile(tuple(map(typeof, arguments)))


def _compiled_for(function, dtype, arguments):
    """A function that returns nothing, compiled for the types of its arguments.

    Every training of a dtype has arguments of the same types; working them out again
    would take longer than a short training.
    """
    if (function, dtype) not in _COMPILED:
        kinds = tuple(typeof(argument) for argument in arguments)
        _COMPILED[function, dtype] = compiled_as(function, types.void, kinds)
    return _COMPILED[function, dtype]


def first_of(stacked):
    """The first of stacked arrays, in their NamedTuple and those inside it."""
    parts = (first_of(part) if isinstance(part, tuple) else part[0] for part in stacked)
    return type(stacked)(*parts)


def one_of(courses):
    """The `Course` of the first of stacked runs."""
    run, scratch = first_of(courses.run), first_of(courses.scratch)
    return courses._replace(run=run, scratch=scratch)


def prepare(
    net,
    x,
    y,
    validation,
    dtype,
    optimizer,
    batch_size,
    epochs,
    options,
    runs,
    most_threads=1,
    diagnostics=False,
):
    """(`Job`, the optimizer's hyper-parameters) of checked arguments."""
    if not isinstance(optimizer, Optimizer):
        known = {**OPTIMIZERS, **MINIMISERS}
        optimizer = OPTIMIZERS[check_choice("optimizer", optimizer, known)]
    names = {f.name for f in fields(Settings)}
    settings = Settings(**{k: v for k, v in options.items() if k in names})
    hyper = {k: v for k, v in options.items() if k not in names}
    for name in hyper:
        check_choice("option", name, (*optimizer.defaults, *sorted(names)))
    data = rows_of(net, x, y, validation, dtype, settings.patience, runs)
    rows = data.x.shape[1]
    batch_size = BATCH_SIZE if batch_size == "auto" else batch_size
    step_rows = rows if batch_size is None else check_count("batch_size", batch_size)
    step_rows = rows if optimizer.full_batch else min(step_rows, rows)
    threads = None if runs is None and settings.shares_steps else 1
    if threads is None and not settings.deterministic:
        threads = most_threads
    if settings.micro_batch and net.rows_meet:
        meets = ", ".join(kind.name for kind in net.kinds if kind.cut == "batch")
        raise ValueError(
            f"micro_batch passes a batch in pieces, but its rows meet in {meets}; leave"
            " micro_batch out, or use LayerNorm"
        )
    cut = split(net, step_rows, settings.micro_batch, threads)
    epochs = check_count("epochs", epochs)
    sampler = _sampler(net, optimizer)
    plan = settings.plan(epochs, step_rows, cut, net, optimizer, sampler)
    return Job(net, optimizer, settings, data, plan, dtype, diagnostics), hyper


def rows_of(net, x, y, validation, dtype, patience=None, runs=None):
    """The checked `Data` of a training; ValueError where the network cannot train."""
    net.check_trainable()
    x, y, metric = _rows(net, "x", "y", x, y, dtype, runs)
    if x.shape[1] == 0:
        raise ValueError("x holds no rows; training needs at least one")
    if validation is None:
        x_val, y_val, metric_val = x[:, :0], y[:, :0], metric
    elif not isinstance(validation, tuple | list) or len(validation) != 2:
        raise TypeError("validation must be a pair (x, y) of arrays")
    else:
        x_val, y_val = validation
        names = ("validation x", "validation y")
        x_val, y_val, metric_val = _rows(net, *names, x_val, y_val, dtype, runs)
    if patience is not None and x_val.shape[1] == 0:
        raise ValueError("patience needs rows in validation=(x, y) to watch")
    if len(x_val) != len(x):
        raise ValueError(
            f"x holds {len(x)} sets of rows but validation {len(x_val)}; give as many"
        )
    return Data(x, y, x_val, y_val, metric, metric_val)


def _sampler(net, optimizer):
    """How targets of the loss are drawn. ValueError where they must be, but cannot."""
    sampler = loss_named(net.loss).sampler
    if optimizer.sampled_every and sampler == sampling.NO_SAMPLER:
        possible = [
            name for name, loss in LOSSES.items() if loss.sampler != sampling.NO_SAMPLER
        ]
        raise ValueError(
            f"optimizer {optimizer.name!r} draws targets by the likelihood exp(-loss),"
            f" which loss {net.loss!r} does not have; use {', '.join(possible)}"
        )
    return sampler


def _rows(net, x_name, y_name, x, y, dtype, runs):
    """x[d, rows, i], y[d, rows, k] checked, and the metric's line float64[d, 2]."""
    x = net.check_rows(x_name, x, dtype, runs)
    y = as_numbers(y_name, y)
    if x.ndim == 2:
        x, y = x[None], y[None]
    if y.ndim == 0 or len(y) != len(x):
        raise ValueError(f"{y_name} must hold {len(x)} sets of rows, got {y.shape}")
    rows = x.shape[1]
    y = np.stack([check_targets(net, y_name, part, rows, dtype) for part in y])
    lines = [metric_line(net, part) if rows else (0.0, 0.0) for part in y]
    metric = np.array(lines, dtype=np.float64)
    return x, y, metric
