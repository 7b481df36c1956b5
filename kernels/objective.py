"""The loss of a network over all rows, as minimisers see it: a function of p."""

import numpy as np

from .curvature import ROOTS, jacobian
from .loop.gradient import gradient
from .loop.workspace import Span
from .memory import StepMemory
from .minimiser import Iterate, dot
from .passes import model, workspace
from .watch import new_watch

# Rows computed at once, and numbers of a Jacobian at once (32 MB).
ROWS, JACOBIAN = 4096, 4_000_000
# Parameters up to which their square matrix is set up: 128 MB, twice.
MOST_PARAMS = 4000


class Objective:
    """Mean loss over the rows + l2/2 |weights|^2, its gradient and curvature.

    data: as in a training; index: which of its rows. calls: how often it was evaluated.
    Results do not depend on threads: there is one, and BLAS must have one.
    """

    def __init__(self, net, data, dtype, l2=0.0, index=0):
        self.net, self.dtype, self.calls = net, dtype, 0
        self.x, self.y = data.x[index], data.y[index]
        self.metric = data.train_metric[index]
        self.passes, self.watch = model(net.kinds, net.loss, dtype), new_watch(net)
        self.arrays, sizes = net.arrays()
        self.work = workspace(net, sizes, min(len(self.x), ROWS), dtype)
        self.decay = np.zeros(net.n_params, dtype=dtype)
        for start, i, o in net.matrices:
            self.decay[start : start + i * o] = l2

    def __call__(self, p):
        """The `Iterate` at p, float[n]."""
        self.calls += 1
        grad, loss, score = np.empty_like(p), 0.0, 0.0
        scale = 1.0 / len(self.x)
        for first in range(0, len(self.x), ROWS):
            span = self._gather(self.work, first, ROWS)
            of_part = gradient(
                self.arrays,
                self.passes,
                p,
                grad,
                self.watch,
                self.work,
                span,
                scale,
                first > 0,
            )
            loss, score = loss + of_part[0], score + of_part[1]
        loss *= scale
        penalty = 0.5 * dot(p, self.decay * p)
        grad += self.decay * p
        metric = self.metric[0] + self.metric[1] * score
        return Iterate(p, loss + penalty, grad, loss, metric)

    def compile(self, p, curvature):
        """Call what is compiled at its first call, without counting it."""
        self(p)
        self.net.evaluate(p, self.x[:1], self.y[:1])
        if curvature:
            arrays, work = self._jacobian_work(1)
            self._jacobian(p, arrays, work, self._gather(work, 0, 1))
        self.calls = 0

    def curvature(self, p):
        """The Gauss-Newton matrix at p, float64[n, n]; see `curvature`."""
        n, outputs, loss = p.size, self.net.outputs, self.net.loss
        most = min(max(1, JACOBIAN // (n * outputs)), len(self.x))
        work = self._jacobian_work(most)
        total = np.diag(self.decay.astype(np.float64))
        for first in range(0, len(self.x), most):
            span = self._gather(work[1], first, most)
            z, jac = self._jacobian(p, *work, span)
            y = work[1].y[: span.rows].astype(np.float64)
            part = jac.astype(np.float64).reshape(span.rows, outputs, n)
            part = ROOTS[loss](part, z.astype(np.float64), y).reshape(-1, n)
            total += part.T @ part / len(self.x)
        return total

    def _jacobian_work(self, rows):
        """(arrays of the network, workspace) that keep the deltas of all layers."""
        arrays, sizes = self.net.arrays(StepMemory(all_deltas=True))
        return arrays, workspace(self.net, sizes, rows, self.dtype)

    def _jacobian(self, p, arrays, work, span):
        """(outputs, Jacobian) of the rows in a workspace; see `curvature.jacobian`."""
        z = np.empty((span.rows, self.net.outputs), dtype=self.dtype)
        jac = np.empty((z.size, p.size), dtype=self.dtype)
        jacobian(arrays, self.passes, p, work, span, z, jac)
        return z, jac

    def _gather(self, work, first, most):
        """Copy up to `most` rows from `first` on into a workspace; their `Span`."""
        rows = min(most, len(self.x) - first)
        work.x[:rows] = self.x[first : first + rows]
        work.y[:rows] = self.y[first : first + rows]
        return Span(0, 0, rows)
