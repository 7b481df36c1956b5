"""Training by a minimiser: all rows, an iteration an epoch, the curves of `train`."""

import math
from dataclasses import dataclass, fields
from itertools import islice
from time import perf_counter

import numpy as np

from . import progress
from .curvature import ROOTS
from .job import rows_of
from .loop.batch import Data
from .minimiser import Minimiser
from .minimisers import MINIMISERS
from .network import Network
from .objective import MOST_PARAMS, Objective
from .settings import Settings
from .threads import one_blas_thread
from .validation import check_choice, check_count

# The settings that mean the same here as in the loop over batches.
TAKEN = ("l2", "patience", "min_delta", "deterministic")


@dataclass(frozen=True)
class Minimisation:
    """Checked arguments of trainings by a minimiser."""

    net: Network
    minimiser: Minimiser
    settings: Settings
    data: Data
    epochs: int
    options: dict

    def run(self, params, lr=None, index=0):
        """Train params, float[n], in place, on the rows `index` of the data.

        lr: None for the minimiser's own. Returns curves float64[CURVES, epochs],
        outcome float64[OUTCOMES] and evaluations int64[epochs].
        """
        rate = {} if lr is None else {"lr": lr}
        options = self.minimiser.options({**self.options, **rate})
        data, dtype = self.data, params.dtype.name
        index %= len(data.x)
        objective = Objective(self.net, data, dtype, self.settings.l2, index)
        course = _Course(self, params, (data.x_val[index], data.y_val[index]))
        # What overflows is seen by the status: it needs no warning.
        with one_blas_thread(), np.errstate(all="ignore"):
            objective.compile(params, self.minimiser.curvature)
            began = perf_counter()
            point = objective(params.copy())
            iterates = self.minimiser.iterate(objective, point, **options)
            for after, converged in islice(iterates, self.epochs):
                if course.note(point, after, converged, objective.calls):
                    break
                point = after
            course.finish()
            course.outcome[progress.SECONDS] = perf_counter() - began
        return course.curves, course.outcome, course.evaluations


class _Course:
    """The curves and the outcome of a training while it goes on, and its end."""

    def __init__(self, job, params, validation):
        self.job, self.params, self.validation = job, params, validation
        self.curves = np.full((progress.CURVES, job.epochs), np.nan)
        self.outcome = np.zeros(progress.OUTCOMES)
        self.evaluations = np.zeros(job.epochs, dtype=np.int64)
        self.lowest, self.best = math.inf, params.copy()

    def note(self, point, after, converged, calls):
        """Write an epoch from one `Point` to the next; True where it is the last."""
        epoch = int(self.outcome[progress.EPOCHS])
        self.outcome[progress.EPOCHS] = epoch + 1
        self.evaluations[epoch] = calls - self.evaluations.sum()
        self.params[:] = after.p
        column, norm = self.curves[:, epoch], _norm(point.grad)
        ratio = _norm(after.p - point.p) / max(_norm(point.p), 1e-30)
        known = (0.0, 1.0)  # the line of a metric that is known
        progress.note_training(column, known, point.loss, point.metric, norm, ratio)
        watched, loss = after.value, math.nan
        if len(self.validation[0]):
            loss, metric = self.job.net.evaluate(self.params, *self.validation)
            progress.note_validation(column, known, loss, metric)
            watched += loss
        if not math.isfinite(point.value + watched + ratio + norm):
            self.outcome[progress.STATUS] = progress.DIVERGED
        elif converged or self._waited(loss, epoch):
            self.outcome[progress.STATUS] = progress.STOPPED_EARLY
        return self.outcome[progress.STATUS] != progress.OK

    def _waited(self, loss, epoch):
        """Note an epoch's validation loss; is patience at its end? Prechelt (1998)."""
        settings, outcome = self.job.settings, self.outcome
        if not settings.patience:
            return False
        if progress.improved(loss, self.lowest, settings.min_delta):
            self.lowest, self.best[:] = loss, self.params
            outcome[progress.BEST_EPOCH] = epoch + 1
        return progress.waited(epoch, outcome[progress.BEST_EPOCH], settings.patience)

    def finish(self):
        """Bring back the parameters of the best epoch, where there is patience."""
        if self.outcome[progress.BEST_EPOCH] > 0:
            self.params[:] = self.best


def _norm(vector):
    return float(np.linalg.norm(vector.astype(np.float64)))


def chosen_minimiser(optimizer):
    """The `Minimiser` that `optimizer` is or names, or None."""
    if isinstance(optimizer, Minimiser):
        return optimizer
    return MINIMISERS.get(optimizer) if isinstance(optimizer, str) else None


def prepare_minimisation(
    net, minimiser, x, y, validation, dtype, batch_size, epochs, options, runs=None
):
    """The `Minimisation` of checked arguments; batch_size: none, or all rows."""
    name, plain = minimiser.name, Settings()
    names = tuple(f.name for f in fields(Settings))
    settings = Settings(**{k: v for k, v in options.items() if k in names})
    chosen = {k: v for k, v in options.items() if k not in names}
    for option in chosen:
        check_choice("option", option, (*minimiser.defaults, *sorted(names)))
    for setting in names:
        if setting not in TAKEN and getattr(settings, setting) != getattr(
            plain, setting
        ):
            raise ValueError(
                f"{name!r} minimises the loss of all rows as it is; leave out {setting}"
            )
    _check_network(net, minimiser)
    data = rows_of(net, x, y, validation, dtype, settings.patience, runs)
    rows = data.x.shape[1]
    given = batch_size is not None and batch_size != "auto"
    if given and check_count("batch_size", batch_size) < rows:
        raise ValueError(
            f"{name!r} takes all {rows} rows at once; leave batch_size out, or None"
        )
    epochs = check_count("epochs", epochs)
    return Minimisation(net, minimiser, settings, data, epochs, chosen)


def _check_network(net, minimiser):
    name = minimiser.name
    for node in net.nodes:
        kind, random = node.kind, node.kind.random and node.layer.setting > 0
        if random or kind.cut == "batch":
            raise ValueError(
                f"{name!r} needs the same loss whenever it asks, but the network has"
                f" {kind.name}; build it without"
            )
    if not minimiser.curvature:
        return
    if net.loss not in ROOTS:
        raise ValueError(
            f"{name!r} needs the loss's curvature, which {net.loss!r} lacks; use one of"
            f" {', '.join(ROOTS)}"
        )
    if net.n_params > MOST_PARAMS:
        raise ValueError(
            f"{name!r} solves for all parameters at once, at most {MOST_PARAMS}, and"
            f" the network has {net.n_params}; use 'lbfgs'"
        )
