"""What a layer is: its declaration, and the functions that compute its kind."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

from . import table

CUTS = {"columns": table.BY_COLUMNS, "rows": table.BY_ROWS, "batch": table.WHOLE}
MOST_UNITS = 2**31 - 1  # of a layer: places in the largest matrix fit into an int64


def no_settle(dy, y, row, first, count):
    """Of a layer whose backward takes dL/d(output) as it is."""


def no_derivative(dx, dz, kept, x, y, w, row, real, draw, first, count):
    """The backward of a layer that has no derivative: networks with one do not train.

    dx is NaN, so that a caller who has not asked first sees it.
    """
    dx[:] = math.nan


def no_gradient(dw, dz, kept, x, y, row, part, more):
    """Of a layer without parameters."""


def no_absorb(tail, kept, row, real):
    """Of a layer without statistics."""


def no_row_norms(x, dz, kept, y, row):
    """Of a layer whose rows' own gradients are not known: NaN."""
    return math.nan


@dataclass(frozen=True)
class Kind:
    """The functions of a kind of layer: plain Python, compiled for each dtype.

    Arrays: y, dy: float[b, o], output and dL/d(output); x, dx: float[b, i]; w:
    float[SIZE], the layer's parameters, a matrix ROWS x COLUMNS, row-major, then VECTOR
    numbers; kept: float[b, KEPT_SIZE]; tail: float[TAIL_SIZE], statistics. row:
    int64[FIELDS], its line of the table. real: float64, its one setting (a rate). draw:
    uint32[5] (seed low, seed high, step, first row, sampler of targets), the key of its
    random numbers; step `table.EVALUATE` means prediction, without randomness.
    (first, count): a block of columns of the matrix, or of dx its rows; whole unless
    cut is "columns". Functions allocate nothing.

    forward(y, kept, x, w, tail, row, real, draw, first, count).
    settle(dy, y, row, first, count): dL/d(output) to dz = dL/d(pre-activation), in the
    place of dy.
    backward(dx, dz, kept, x, y, w, row, real, draw, first, count): skips dx where it
    has no rows: the input of the network needs none. `no_derivative`: there is none.
    gradient(dw, dz, kept, x, y, row, part, more): dw, the gradient from row `part` of
    the matrix on, as long as dw is; with `more` it is added to what is there.
    absorb(tail, kept, row, real): once a step, from what forward kept of all its rows.
    row_norms(x, dz, kept, y, row): the sum over rows of the squared norm of a row's own
    gradient.

    in_place: may y lie where x is, since forward reads of x no entry behind the one
    that it writes, and nothing after forward reads x? reads_output: does anything after
    forward read y, beside the activation's slope in settle? What does not lets the next
    layer overwrite it.

    cut: how threads share the layer: "columns" of its matrix, "rows" of the batch, or
    "batch", nothing, since its rows meet: then a batch is passed as a whole. random:
    does it draw numbers in training? source: paper, year, equation.
    """

    name: str
    forward: Callable
    backward: Callable
    settle: Callable = no_settle
    gradient: Callable = no_gradient
    absorb: Callable = no_absorb
    row_norms: Callable = no_row_norms
    cut: str = "rows"
    random: bool = False
    source: str = ""
    in_place: bool = False
    reads_output: bool = True

    def __post_init__(self):
        if self.cut not in CUTS:
            raise ValueError(
                f"cut of kind {self.name!r} must be one of {', '.join(CUTS)}, got"
                f" {self.cut!r}"
            )

    @property
    def differentiable(self):
        """Can gradients pass it?"""
        return self.backward is not no_derivative


@dataclass(frozen=True)
class LayerPlan:
    """What a layer makes of an input of a given shape.

    shape: of a row of its output. rows, columns, vector: of its parameters. kept, tail:
    numbers that forward leaves for backward, a row; statistics. work: multiply-adds of
    forward, a row. geometry: up to fourteen ints for its functions. parts, tail_parts:
    ((name, shape), ...) of parameters and statistics, for `Network.layout`; None for a
    weight and a bias. fans: (in, out) of a unit, for initialisers; None for rows and
    columns. blocks: ((rows, columns), ...) of the matrix, left to right from its first
    row on, that initialisers fill as matrices of their own; () for one.
    """

    shape: tuple
    rows: int = 0
    columns: int = 0
    vector: int = 0
    kept: int = 0
    tail: int = 0
    work: int = 0
    geometry: tuple = ()
    parts: tuple | None = None
    tail_parts: tuple = ()
    fans: tuple | None = None
    blocks: tuple = ()

    @property
    def size(self):
        """Number of parameters."""
        return self.rows * self.columns + self.vector

    @property
    def outputs(self):
        return math.prod(self.shape)

    @property
    def named(self):
        """((name, shape), ...) of the parameters, in their order."""
        if self.parts is not None:
            return self.parts
        weight = (("weight", (self.rows, self.columns)),) if self.rows else ()
        return weight + ((("bias", (self.vector,)),) if self.vector else ())


def check_room(layer, window, room):
    """ValueError where a window, (height, width), does not fit into a room."""
    if all(side <= space for side, space in zip(window, room, strict=True)):
        return
    line = slice(1 if window[0] == room[0] == 1 else 0, None)
    sides, spaces = (" x ".join(map(str, each[line])) for each in (window, room))
    raise ValueError(
        f"{type(layer).__name__}'s window of {sides} does not fit into {spaces}; use a"
        " smaller one"
    )


class Layer:
    """A layer as a user declares it; subclasses are frozen dataclasses.

    kind: its `Kind`. activation, setting: read by the kind's functions, if any.
    """

    kind: ClassVar[Kind]
    activation = "identity"
    setting = 0.0

    def plan(self, shape) -> LayerPlan:
        """The `LayerPlan` for rows of a shape; ValueError where it does not fit."""
        raise NotImplementedError(
            f"layer {type(self).__name__} must define plan(shape), or build(graph)"
        )

    def build(self, graph):
        """Put itself behind the last layer of a `Graph`."""
        graph.add(self)

    def check_input(self, name, x):
        """ValueError where x is nothing that this layer can read.

        Asked of a layer that reads the network's input: x, float[..., b, i], is finite
        and called `name` in sentences.
        """

    def start(self, vector, tail):
        """Set the first values of vector and statistics, in place; both are zero."""


@dataclass(frozen=True)
class Node:
    """A line of the table: a layer in its place in a network.

    inputs: columns of its input; source, second: as in the table.
    """

    layer: Layer
    plan: LayerPlan
    inputs: int
    source: int
    second: int = table.NO_SECOND

    @property
    def kind(self):
        return self.layer.kind

    @property
    def outputs(self):
        return self.plan.outputs

    @property
    def activation(self):
        return self.layer.activation

    @property
    def size(self):
        """Number of parameters."""
        return self.plan.size


@dataclass
class Graph:
    """Layers put one behind the other, or beside: the nodes of a network.

    shape, last: of what comes next, its input's shape and node; -1: the network's;
    input: the shape of that.
    """

    shape: tuple
    last: int = -1
    nodes: list = field(default_factory=list)

    def __post_init__(self):
        self.input = self.shape

    def add(self, layer, second=table.NO_SECOND):
        """A node of a layer, behind the last; it becomes the last."""
        plan = layer.plan(self.shape)
        if not 0 < plan.outputs <= MOST_UNITS:
            raise ValueError(
                f"{layer} makes an output of shape {plan.shape} of an input of shape"
                f" {self.shape}; it must hold from 1 to {MOST_UNITS} numbers"
            )
        skipped = self.nodes[second].outputs if second >= 0 else math.prod(self.input)
        if second != table.NO_SECOND and skipped != plan.outputs:
            raise ValueError(
                f"{layer} adds {skipped} numbers a row to {plan.outputs}; outputs that"
                " are added must have one shape"
            )
        self.nodes.append(Node(layer, plan, math.prod(self.shape), self.last, second))
        self.shape, self.last = plan.shape, len(self.nodes) - 1

    def at(self, place):
        """Go back to a (shape, last) of before."""
        self.shape, self.last = place

    @property
    def place(self):
        return self.shape, self.last
