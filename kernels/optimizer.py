"""What an optimizer declares, and its update as a call."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from .atomics import add
from .bounds import Bounds
from .cache import plain
from .declaration import Declared
from .elementwise import elementwise
from .functions import call_update, compiled
from .jit import jit
from .threads import chosen_threads, share
from .validation import check_count, check_dtype, check_floats, check_options
from .views import from_column, vector

# Parameters from which threads share an update, and those of a part.
SHARED_SIZE, PART_SIZE = 500_000, 100_000
NO_LAYOUT = np.empty((0, 3), dtype=np.int64)


@jit
def update_parts(rule, params, grad, state, hyper, step, layout, counter):
    """An elementwise rule on parts of the parameters, until none is left; in place.

    rule: its address. counter: int64[1], the next part of all threads.
    """
    start = add(counter, 0, 1) * PART_SIZE
    while start < params.size:
        size = min(PART_SIZE, params.size - start)
        p, g = vector(params, start, size), vector(grad, start, size)
        call_update(rule, p, g, from_column(state, start), hyper, step, layout)
        start = add(counter, 0, 1) * PART_SIZE


def keep(out, p, state, hyper, step, layout):
    """out = p: the `average` of a rule without one."""
    for i in range(p.size):
        out[i] = p[i]


@dataclass(frozen=True)
class Optimizer(Declared):
    """An update rule, its state and its hyper-parameters.

    slots: arrays of the size of the parameters it keeps, 0 where it keeps none.
    defaults: hyper-parameters in torch.optim's names, `lr` first; a switch is 0 or 1.
    bounds: hyper-parameter -> `Bounds` of its values, see `bounds`; one without may be
    any finite number. source: paper, year, equation; every rule of ours has one.
    full_batch: the rule is
    defined on the gradient of all rows. rule: `update(p, g, state, hyper, step,
    layout)`; in its place element and scalars, see `elementwise`, where a parameter's
    update depends on its own gradient and state only: rule is then made of them, and
    threads may update parts of the parameters.

    tail: (n, layout int64[k, 3]) -> numbers it keeps behind each slot (scalars, factors
    of matrices); without slots they stand alone in the one row of its state. codes: (n,
    layout) -> how many of these, from the first on, are room for bytes and hold no
    numbers, so that nobody asks whether they are finite; only without slots. gradients:
    how many a step takes on the same batch, each followed by a call of the rule, whose
    `step` then counts calls. average: `average(out, p, state, hyper, step, layout)`
    fills out, float[n], with the parameters to predict with, where they are not those
    to train on; it must not need more than the state.

    sampled_every: k > 0 hands the rule, before steps 1, 1 + k, ..., another gradient of
    the batch under a negative step: one at targets drawn from the network's own
    predictions, of a length that makes its square an unbiased estimate of the diagonal
    of the Gauss-Newton matrix of the batch's loss (times the root of the batch size for
    the gradient of a mean). Liu et al. (2023), algorithm 2.

    A training has diverged where its state is not finite. recipe: (function, options)
    that make it, where pickle cannot find its functions by name.
    """

    registry: ClassVar = (".optimizers", "OPTIMIZERS")

    name: str
    rule: Callable | None = None
    slots: int = 0
    source: str = ""
    defaults: dict = field(default_factory=dict)
    full_batch: bool = False
    tail: Callable | None = None
    codes: Callable | None = None
    gradients: int = 1
    average: Callable | None = None
    sampled_every: int = 0
    element: Callable | None = None
    scalars: Callable | None = None
    bounds: Mapping[str, Bounds] = field(default_factory=dict)
    recipe: tuple[Callable, dict] | None = None

    def __post_init__(self):
        if (self.element is None) != (self.scalars is None):
            raise TypeError(
                f"optimizer {self.name!r} must define element and scalars together"
            )
        made = self.elementwise and elementwise(self.scalars, self.element)
        given = self.rule is not None and self.rule is not made
        # Of two formulas one would be ignored, `replace(optimizer, rule=...)`'s too.
        if given == self.elementwise:
            raise TypeError(
                f"optimizer {self.name!r} must define either a rule or element and"
                " scalars, and None for the other"
            )
        if self.codes is not None and (self.slots or self.tail is None):
            raise TypeError(
                f"optimizer {self.name!r} must keep its codes in a tail without slots"
            )
        if made:
            object.__setattr__(self, "rule", made)

    def recipe_of(self):
        """See `Declared`; the rule that is made of element and scalars is left out."""
        if self.recipe is not None:
            return self.recipe
        kind, options = super().recipe_of()
        return kind, {**options, "rule": None} if self.elementwise else options

    @property
    def elementwise(self):
        """Does an update of a parameter depend on its own gradient and state only?"""
        return self.element is not None

    @property
    def formula(self):
        """The Python function that holds the formula and its docstring."""
        return plain(self.element or self.rule)

    def state_shape(self, n, layout=NO_LAYOUT):
        """(rows, columns) of the state of n parameters: (slots, n) without a tail."""
        layout = matrices(layout, check_count("n", n, 0))
        tail = self.tail(n, layout) if self.tail else 0
        rows = self.slots or min(tail, 1)
        return rows, (n if self.slots or not tail else 0) + tail

    def code_columns(self, n, layout=NO_LAYOUT):
        """How many columns of the state, from the first on, hold bytes."""
        if self.codes is None:
            return 0
        return self.codes(n, matrices(layout, check_count("n", n, 0)))

    def init_state(self, n, dtype=np.float32, layout=NO_LAYOUT):
        """float[slots, n] of zeros, with the tail behind each row."""
        return np.zeros(self.state_shape(n, layout), check_dtype("dtype", dtype))

    def hyper(self, **options):
        """float64[k]: the defaults under `options`; an error on a wrong one."""
        what = f"optimizer {self.name!r}"
        check_options(what, options, self.defaults, self.bounds)
        return np.array(list({**self.defaults, **options}.values()), dtype=np.float64)

    def update(
        self, params, grad, state, step=1, layout=NO_LAYOUT, threads=None, **options
    ):
        """One step, in place.

        params, grad: float[n]; state: as from `init_state`; step: from 1, or negative
        for a gradient as of `sampled_every`; threads: None for all, which share the
        parameters of an elementwise rule where they are many; layout: `Network.layout`,
        for rules that see matrices; options: hyper-parameters by keyword. Raises
        ValueError or TypeError on a wrong name, shape or dtype.
        """
        dtype = check_floats("params", params, (None,))
        check_floats("grad", grad, params.shape, dtype)
        check_floats("state", state, self.state_shape(params.size, layout), dtype)
        rule = compiled(self.rule, "update", dtype)
        if not (self.sampled_every and isinstance(step, int) and step < 0):
            step = check_count("step", step)
        hyper, layout = self.hyper(**options), matrices(layout, params.size)
        threads = chosen_threads(threads)
        if not self.elementwise or threads == 1 or params.size < SHARED_SIZE:
            rule(params, grad, state, hyper, step, layout)
            return
        counter = np.zeros(1, dtype=np.int64)

        def update(_):
            arrays = (params, grad, state, hyper, step, layout)
            update_parts(rule.address, *arrays, counter)

        # No BLAS is called here, so nothing limits it.
        share(update, threads, lambda: counter.fill(params.size))

    def averaged(self, params, state, step=1, layout=NO_LAYOUT, **options):
        """float[n]: the parameters to predict with, a copy of params without `average`.

        The arguments are those of the last call of `update`.
        """
        dtype = check_floats("params", params, (None,))
        check_floats("state", state, self.state_shape(params.size, layout), dtype)
        rule, out = compiled(self.average or keep, "average", dtype), params.copy()
        step, layout = check_count("step", step), matrices(layout, params.size)
        rule(out, params, state, self.hyper(**options), step, layout)
        return out


def matrices(layout, n=math.inf):
    """int64[k, 3] (offset, inputs, outputs) of the matrices in a `Network.layout`.

    ValueError where they do not lie in n parameters, one behind the other.
    """
    if not isinstance(layout, np.ndarray):
        layout = _of_entries(layout)
    if layout.shape[1:] != (3,) or layout.dtype != np.int64:
        raise ValueError(f"layout must be a Network.layout, got {layout.shape}")
    end = 0
    for start, i, o in layout.tolist():
        if start < end or i < 1 or o < 1 or start + i * o > n:
            raise ValueError(
                f"layout has a matrix of {i} x {o} from {start} on, which does not lie"
                f" in {n} parameters behind {end} others"
            )
        end = start + i * o
    return np.ascontiguousarray(layout)


def _of_entries(layout):
    try:
        rows = [
            (start, math.prod(before), last)
            for _, start, (*before, last) in layout
            if before
        ]
        return np.array(rows, dtype=np.int64).reshape(-1, 3)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(
            "layout must be a Network.layout, a list of (name, offset, shape)"
        ) from None
