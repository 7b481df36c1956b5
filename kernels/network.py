"""A network as a declaration, and what can be asked of it without training."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from . import table
from .activations import ACTIVATIONS
from .functions import compiled
from .initialisers import INITIALISERS, fill_weights, suited_to
from .layer import CUTS
from .loop.workspace import Net
from .memory import StepMemory, aligned, plan_layout
from .passes import loss_and_grad, predict
from .philox import LAYERS
from .targets import check_targets, metric_line
from .validation import (
    check_choice,
    check_dtype,
    check_floats,
    check_rows,
    check_seed,
    check_some,
)
from .weighted import PREFIX, loss_named


@dataclass(frozen=True)
class Network:
    """Layers and a loss; their parameters are one flat array outside of it.

    nodes: tuple of `Node`, each layer in its place; loss: a key of `LOSSES`, or one of
    weighted rows, see `weighted`; shape: of a row of inputs. Made by `sequential` or
    `mlp`.
    """

    nodes: tuple
    loss: str
    shape: tuple

    @property
    def inputs(self):
        """Numbers in a row of inputs."""
        return math.prod(self.shape)

    @property
    def outputs(self):
        """Numbers in a row of outputs."""
        return self.nodes[-1].outputs

    @property
    def targets(self):
        """Columns of y: one for class numbers, else one an output; one for weights."""
        return self.weighted + (1 if self.target_kind == "class" else self.outputs)

    @property
    def weighted(self):
        """Is the last column of y the weight of a row?"""
        return self.loss.startswith(PREFIX)

    @property
    def target_kind(self):
        """`class`, `binary`, `share` or `value`: see `losses.Loss`."""
        kind = loss_named(self.loss).target
        if kind == "margin":
            return "binary" if self.outputs == 1 else "class"
        return kind

    @cached_property
    def n_params(self):
        """Parameters that are trained."""
        return sum(node.size for node in self.nodes)

    @cached_property
    def n_values(self):
        """Numbers in the array of parameters: statistics, if any, come last."""
        return self.n_params + sum(node.plan.tail for node in self.nodes)

    @cached_property
    def work(self):
        """Multiply-adds of a forward pass, of one row."""
        return sum(node.plan.work for node in self.nodes)

    @cached_property
    def kinds(self):
        """The kinds of its layers, in the order of the table's KIND."""
        return tuple(dict.fromkeys(node.kind for node in self.nodes))

    @property
    def rows_meet(self):
        """Is there a layer, as batch normalisation, in which rows of a batch meet?"""
        return any(kind.cut == "batch" for kind in self.kinds)

    @cached_property
    def table(self):
        """int64[layers, FIELDS], without the places a memory plan fills in."""
        rows = np.zeros((len(self.nodes), table.FIELDS), dtype=np.int64)
        start, tail = 0, self.n_params
        for number, (row, node) in enumerate(zip(rows, self.nodes, strict=True)):
            plan = node.plan
            row[table.KIND] = self.kinds.index(node.kind)
            row[table.STREAM] = LAYERS + number
            row[table.INPUTS], row[table.OUTPUTS] = node.inputs, node.outputs
            row[table.START], row[table.SIZE] = start, plan.size
            row[table.ROWS], row[table.COLUMNS] = plan.rows, plan.columns
            row[table.VECTOR], row[table.KEPT_SIZE] = plan.vector, plan.kept
            row[table.TAIL], row[table.TAIL_SIZE] = tail, plan.tail
            row[table.CUT], row[table.WORK] = CUTS[node.kind.cut], plan.work
            row[table.SOURCE], row[table.SECOND] = node.source, node.second
            row[table.ACTIVATION] = ACTIVATIONS[node.activation].number
            row[table.IN_PLACE] = self._overwrites(node)
            row[table.GEOMETRY : table.GEOMETRY + len(plan.geometry)] = plan.geometry
            start, tail = start + plan.size, tail + plan.tail
        return rows

    def _overwrites(self, node):
        """May a node's output take the place of its source's?

        Nobody else then reads the source's, and what is after forward needs the output.
        """
        alone = node.second == table.NO_SECOND and node.source >= 0
        if not (alone and node.kind.in_place):
            return False
        source = self.nodes[node.source]
        readers = [place for each in self.nodes for place in (each.source, each.second)]
        return (
            ACTIVATIONS[node.activation].slope_from_output
            and not source.kind.reads_output
            and source.activation == "identity"
            and readers.count(node.source) == 1
        )

    @cached_property
    def layout(self):
        """[(name, offset, shape), ...]; weights are [inputs, outputs], row-major."""
        entries = []
        for which, first in (("named", table.START), ("tail_parts", table.TAIL)):
            for number, node in enumerate(self.nodes):
                start = int(self.table[number, first])
                for name, shape in getattr(node.plan, which):
                    entries.append((f"layer{number}.{name}", start, shape))
                    start += math.prod(shape)
        return entries

    @cached_property
    def matrices(self):
        """int64[k, 3]: offset, inputs, outputs of the weight matrices."""
        has_one = self.table[:, table.ROWS] > 0
        columns = [table.START, table.ROWS, table.COLUMNS]
        return np.ascontiguousarray(self.table[has_one][:, columns])

    def arrays(self, plan=StepMemory()):  # noqa: B008 (frozen)
        """(Net, Sizes): the network for the kernels under a memory plan; read-only."""
        if plan not in self._planned:
            rows, segments, sizes = plan_layout(self.table, plan)
            settings = [node.layer.setting for node in self.nodes]
            reals = np.array(settings, dtype=np.float64)
            net = Net(rows, reals, segments, self.matrices, sizes.spare)
            self._planned[plan] = net, sizes
        return self._planned[plan]

    @cached_property
    def _planned(self):
        return {}

    def init(self, seed=0, dtype: Any = np.float32, initialiser="auto"):
        """float[n_values]: weights by `initialiser`, biases zero, scales one.

        seed: int from 0 to 2^64 - 1. initialiser: a key of `INITIALISERS`, or `auto`:
        He normal where a rectifier follows, Glorot uniform elsewhere. dtype: float32 or
        float64. ValueError or TypeError on another seed, dtype or initialiser.
        """
        seed = check_seed("seed", seed)
        check_choice("initialiser", initialiser, ("auto", *INITIALISERS))
        params = aligned((self.n_values,), check_dtype("dtype", dtype), np.zeros)
        followers = [*(node.activation for node in self.nodes[1:]), "identity"]
        for node, row, after in zip(self.nodes, self.table, followers, strict=True):
            start, (i, o) = row[table.START], (node.plan.rows, node.plan.columns)
            behind, tail = start + i * o, row[table.TAIL]
            node.layer.start(
                params[behind : behind + node.plan.vector],
                params[tail : tail + node.plan.tail],
            )
            if i:
                shaped_by = after if node.activation == "identity" else node.activation
                name = suited_to(shaped_by) if initialiser == "auto" else initialiser
                w, stream = params[start:behind].reshape(i, o), int(row[table.STREAM])
                fill_weights(w, name, stream, seed, node.plan.fans, node.plan.blocks)
        return params

    def summary(self):
        """A table of the layers, a str: output, parameters, work and bytes of each.

        Bytes are those kept of a row for backward, in float32.
        """
        head = ("layer", "kind", "output", "parameters", "multiply-adds", "bytes a row")
        rows = [
            (
                f"layer{number}",
                node.kind.name,
                " x ".join(map(str, node.plan.shape)),
                f"{node.size:,}",
                f"{node.plan.work:,}",
                f"{4 * (node.outputs + node.plan.kept):,}",
            )
            for number, node in enumerate(self.nodes)
        ]
        kept = 4 * sum(node.outputs + node.plan.kept for node in self.nodes)
        rows.append(("", "", "", f"{self.n_params:,}", f"{self.work:,}", f"{kept:,}"))
        wide = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
        left = 3  # columns of words; the others are numbers
        return "\n".join(
            "  ".join(
                cell.ljust(size) if k < left else cell.rjust(size)
                for k, (cell, size) in enumerate(zip(row, wide, strict=True))
            ).rstrip()
            for row in (head, *rows)
        )

    def predict(self, params, x, threads=None):
        """x float[b, i], or [b, *shape] -> float[b, o], logits for the cross-entropies.

        params: float[n_values], whose dtype is that of the computation. threads: None
        for all; the result is the same for any number. ValueError or TypeError on a
        wrong shape, dtype or value.
        """
        dtype = check_floats("params", params, (self.n_values,))
        x = self.check_rows("x", x, dtype)
        return predict(self, params, x, threads)

    def evaluate(self, params, x, y):
        """(mean loss, metric) over the rows: accuracy, or R^2 for real targets.

        Dropout and noise are off. params: float[n_values]; x: float[b, i], b > 0; y as
        in `train`. Errors as of `predict`.
        """
        out = self.predict(params, x)
        check_some("x", out)
        return self.score(out, y)

    def score(self, out, y):
        """(mean loss, metric) of outputs: accuracy, or R^2 for real targets.

        out: float[b, o], b > 0, as `predict` gives them; y as in `train`. ValueError or
        TypeError in one sentence on others.
        """
        dtype = check_floats("out", out, (None, self.outputs))
        y = check_targets(self, "y", y, len(out), dtype)
        check_some("out", out)
        loss, scratch = loss_named(self.loss), np.empty_like(out)
        total = compiled(loss.loss, "loss", dtype)(scratch, out, y, 0.0)
        score = compiled(loss.score, "score", dtype)(out, y)
        offset, factor = metric_line(self, y)
        return total / len(out), offset + factor * score

    def loss_and_grad(self, params, x, y):
        """(mean loss over the batch, its gradient float[n_params]).

        Dropout and noise are off, and statistics come from params, float[n_values], of
        the dtype of the gradient. x: float[b, i], b > 0; y as in `train`. Errors as of
        `predict`.
        """
        dtype = check_floats("params", params, (self.n_values,))
        self.check_trainable()
        x = self.check_rows("x", x, dtype)
        y = check_targets(self, "y", y, len(x), dtype)
        check_some("x", x)
        return loss_and_grad(self, params, x, y)

    def check_rows(self, name, x, dtype, runs=None):
        """x as `validation.check_rows` gives it, and as its first layers need it.

        ValueError or TypeError in one sentence where it is not.
        """
        x = check_rows(name, x, self.shape, dtype, runs)
        for node in self.nodes:
            if node.source < 0:
                node.layer.check_input(name, x)
        return x

    def check_trainable(self):
        """ValueError where there is a layer that gradients cannot pass."""
        for number, node in enumerate(self.nodes):
            if not node.kind.differentiable:
                raise ValueError(
                    f"layer{number}, {node.layer}, has no derivative, so that gradients"
                    " cannot train this network; set its weights by hand, or train one"
                    " unit by kernels.Perceptron"
                )


def check_network(net):
    """TypeError where it is no network."""
    if not isinstance(net, Network):
        raise TypeError(
            f"net must be a Network, as mlp(...) makes, got {type(net).__name__}"
        )
