"""What a full-batch minimiser declares, and its iterations on any function."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import ClassVar

import numpy as np

from .bounds import ANY, Bounds
from .declaration import Declared
from .reading import as_numbers
from .validation import (
    as_floats,
    check_choice,
    check_count,
    check_floats,
    check_number,
)


@dataclass(frozen=True)
class Iterate:
    """An objective evaluated at p: what is minimised, and its gradient, float[n].

    loss, metric: of the rows alone, without penalties; NaN where there are no rows.
    """

    p: np.ndarray
    value: float
    grad: np.ndarray
    loss: float = np.nan
    metric: float = np.nan


def _two(_size: int, _options: dict) -> int:
    """The last gradient and the direction."""
    return 2


@dataclass(frozen=True)
class Minimiser(Declared):
    """An iteration that chooses its own step lengths, on the loss of all rows.

    iterate: see `minimisers`. defaults: options, in torch.optim's names where it has
    them. bounds: option -> `Bounds` of its values; None too where that is the default.
    choices: option -> what it may be. curvature: it needs the objective's
    `curvature(p)`, which networks have and plain functions lack. vectors: of the
    parameters' number and the options, how many vectors of so many numbers it keeps.
    """

    registry: ClassVar = (".minimisers", "MINIMISERS")

    name: str
    iterate: Callable
    source: str
    defaults: dict
    bounds: Mapping[str, Bounds] = field(default_factory=dict)
    choices: dict = field(default_factory=dict)
    curvature: bool = False
    vectors: Callable[[int, dict], int] = _two

    def options(self, options):
        """The defaults under `options`; ValueError or TypeError on a wrong one."""
        for name in options:
            check_choice(f"option of {self.name!r}", name, self.defaults)
        chosen = {**self.defaults, **options}
        return {name: self._checked(name, value) for name, value in chosen.items()}

    def state_shape(self, size, _matrices=None):
        """(vectors, size): what is kept between iterations, by the defaults."""
        return self.vectors(size, self.defaults), size

    def _checked(self, name, value):
        """The value of an option, whole where it must be."""
        if name in self.choices:
            self._check_choice(name, value)
        elif value is not None or self.defaults[name] is not None:
            return check_number(name, value, self.bounds.get(name, ANY))
        return value

    def _check_choice(self, name, value):
        known = self.choices[name]
        if not any(value is choice or value == choice for choice in known):
            words = " or ".join(repr(choice) for choice in known)
            raise ValueError(f"{name} must be {words}, got {value!r}")

    def minimise(self, function, params, steps=100, **options):
        """float[iterations + 1, n], the iterates from `params` on; params in place.

        function: p -> (value, gradient float[n]). Ends before `steps` where it has
        converged. Raises ValueError or TypeError with one sentence on a wrong argument.
        """
        check_floats("params", params, (None,))
        if not callable(function):
            raise TypeError(f"function must be callable, got {function!r}")
        if self.curvature:
            raise ValueError(f"{self.name!r} needs a network with its rows; use train")

        def evaluate(p):
            return _point(p, function(p))

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


def _point(p, answer):
    """The `Iterate` of what a function says at p; an error if it is none."""
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        raise TypeError(f"function must return (value, gradient), got {answer!r}")
    value = as_numbers("the value of function", answer[0])
    grad = as_floats(as_numbers("the gradient of function", answer[1]), p.dtype)
    if value.size != 1 or grad.shape != p.shape:
        raise ValueError(
            f"function must return one number and a gradient of shape {p.shape}, got"
            f" shapes {value.shape} and {grad.shape}"
        )
    return Iterate(p, float(value.reshape(())), grad)


def dot(a, b):
    """a . b as a float, of float64: in float32 a square may overflow. float[n]."""
    return float(a.astype(np.float64, copy=False) @ b.astype(np.float64, copy=False))


def sum_of_sizes(vector):
    """The sum of the absolute values of float[n], of float64."""
    return float(np.abs(vector).sum(dtype=np.float64))


def largest(vector):
    """The largest absolute value of float[n]."""
    return float(np.abs(vector).max())
