"""What a full-batch minimiser declares, and its iterations on any function."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice

import numpy as np

from .validation import check_choice, check_count, check_floats, check_number


@dataclass(frozen=True)
class Point:
    """An objective evaluated at p: what is minimised, and its gradient, float[n].

    loss, metric: of the rows alone, without penalties; NaN where there are no rows.
    """

    p: np.ndarray
    value: float
    grad: np.ndarray
    loss: float = np.nan
    metric: float = np.nan


@dataclass(frozen=True)
class Minimiser:
    """An iteration that chooses its own step lengths, on the loss of all rows.

    iterate: see `minimisers`. defaults: options, in torch.optim's names where it has
    them. lowest: option -> lowest value; whole numbers where the default is one.
    choices: option -> what it may be. curvature: it needs the objective's
    `curvature(p)`, which networks have and plain functions lack.
    """

    name: str
    iterate: Callable
    source: str
    defaults: dict
    lowest: dict = field(default_factory=dict)
    choices: dict = field(default_factory=dict)
    curvature: bool = False

    def options(self, options):
        """The defaults under `options`; ValueError or TypeError on a wrong one."""
        for name, value in options.items():
            check_choice(f"option of {self.name!r}", name, self.defaults)
            if name in self.choices:
                self._check_choice(name, value)
            elif isinstance(self.defaults[name], float):
                check_number(name, value, self.lowest.get(name))
            elif value is not None or self.defaults[name] is not None:
                check_count(name, value, self.lowest.get(name, 0))
        return {**self.defaults, **options}

    def _check_choice(self, name, value):
        known = self.choices[name]
        if value not in known:
            words = " or ".join(repr(choice) for choice in known)
            raise ValueError(f"{name} must be {words}, got {value!r}")

    def minimise(self, function, params, steps=100, **options):
        """float[iterations + 1, n], the iterates from `params` on; params in place.

        function: p -> (value, gradient float[n]). Ends before `steps` where it has
        converged. Raises ValueError or TypeError with one sentence on a wrong argument.
        """
        check_floats("params", params, (None,))
        if self.curvature:
            raise ValueError(f"{self.name!r} needs a network with its rows; use train")

        def evaluate(p):
            value, grad = function(p)
            return Point(p, float(value), np.asarray(grad, dtype=p.dtype))

        iterates = [params.copy()]
        start, chosen = evaluate(iterates[0]), self.options(options)
        for point, converged in islice(
            self.iterate(evaluate, start, **chosen), check_count("steps", steps)
        ):
            iterates.append(point.p)
            if converged:
                break
        params[:] = iterates[-1]
        return np.stack(iterates)


def largest(vector):
    """The largest absolute value of float[n]."""
    return float(np.abs(vector).max())
