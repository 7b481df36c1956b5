"""Go on with a training: what it needs beside the parameters, kept between calls."""

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from .bounds import FROM_ZERO
from .history import History, history_of
from .jit import formula
from .job import first_of, prepare
from .loop import batch
from .network import check_network
from .optimizers import OPTIMIZERS
from .threads import chosen_threads, one_blas_thread
from .validation import check_choice, check_floats, check_seed
from .weighted import weigh_rows
from .wrapping import callable_rule

DONE = "steps_done"


@dataclass
class Continuation:
    """Where a training stands.

    optimizer: its name; state: float[slots, n]; trained: float[n], the parameters to
    train, where the optimizer predicts with others, else None; calls: of the rule.
    """

    optimizer: str
    state: np.ndarray
    trained: np.ndarray | None = None
    calls: int = 0


def standing(net, optimizer, dtype: Any = np.float32):
    """The `Continuation` of no steps yet. optimizer: a key of `OPTIMIZERS`."""
    rule = OPTIMIZERS[check_choice("optimizer", optimizer, OPTIMIZERS)]
    return Continuation(optimizer, rule.init_state(net.n_params, dtype, net.matrices))


def go_on(
    net, params, place, x, y, *, seed=0, sample_weight=None, **options
) -> History:
    """Train further epochs, params and `place` in place, on the CPU.

    The optimizer goes on where it stood: many calls are one training on the rows of
    each in turn. place: `Continuation`; options: lr, batch_size, epochs and others of
    `train`, whose errors it raises; a schedule begins anew in each call.
    """
    check_network(net)
    dtype = check_floats("params", params, (net.n_values,))
    seed, lr = check_seed("seed", seed), options.pop("lr", None)
    if sample_weight is not None:
        net, y, _ = weigh_rows(net, y, sample_weight, None)
    rule, threads = _counting(place.optimizer), chosen_threads(None)
    sizes = options.pop("batch_size", "auto"), options.pop("epochs", 1)
    job, hyper = prepare(net, x, y, None, dtype, rule, *sizes, options, None, threads)
    hyper |= {DONE: place.calls} | ({} if lr is None else {"lr": lr})
    run = first_of(job.runs([seed], params[None], [hyper]))
    run.state[:] = place.state
    if place.trained is not None:
        params[: place.trained.size] = place.trained
    course = job.course(run, threads)
    with one_blas_thread():
        job.train(course)
    place.state = run.state
    place.calls += int(course.scratch.batch[batch.STEP]) * rule.gradients
    if rule.average is not None:
        place.trained = course.scratch.before.copy()
    data = job.data._replace(y=job.data.y[..., : job.data.y.shape[2] - net.weighted])
    return history_of(run.curves, run.outcome, data, job.numbers(run.state))


@cache
def _counting(name):
    """The `Optimizer` of a name, whose calls are counted from a hyper-parameter on."""
    base = OPTIMIZERS[name]
    at = len(base.defaults)

    @formula
    def counted(hyper, step):
        done = int(hyper[at])
        return step - done if step < 0 else step + done

    return replace(
        base,
        average=base.average and _average(base, counted),
        defaults=base.defaults | {DONE: 0},
        bounds={**base.bounds, DONE: FROM_ZERO},
        **(_scalars(base, counted) if base.elementwise else _rule(base, counted)),
    )


def _scalars(base, counted):
    inside = formula(base.scalars)

    def scalars(hyper, step):
        return inside(hyper, counted(hyper, step))

    return {"scalars": scalars, "rule": None}


def _rule(base, counted):
    inside = callable_rule(base)

    def update(p, g, state, hyper, step, layout):
        """A call of the rule, under the number that it has since the beginning."""
        inside(p, g, state, hyper, counted(hyper, step), layout)

    return {"rule": update}


def _average(base, counted):
    inside = formula(base.average)

    def average(out, p, state, hyper, step, layout):
        """The average, after so many calls since the beginning."""
        inside(out, p, state, hyper, counted(hyper, step), layout)

    return average
