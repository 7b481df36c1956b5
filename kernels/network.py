"""A network as a declaration, and what can be asked of it without training."""

from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise

import numpy as np

from .activations import ACTIVATIONS
from .backprop import Columns, Model, Net, Span, Workspace
from .bounds import BELOW_ONE, NONNEGATIVE
from .functions import compiled
from .gradient import gradient
from .initialisers import INITIALISERS, fill_weights, suited_to
from .layers import GRADIENTS, KINDS, NUMBERS, dense
from .losses import LOSSES
from .memory import MemoryPlan, aligned, padded, plan_layout
from .philox import LAYERS
from .prediction import predict_rows
from .reading import as_numbers
from .table import ACTIVATION, FIELDS, INPUTS, KIND, OUTPUTS, SIZE, START, STREAM
from .threads import chosen_threads, one_blas_thread, share
from .validation import (
    as_floats,
    check_choice,
    check_count,
    check_dtype,
    check_finite,
    check_floats,
    check_number,
    check_rows,
    check_seed,
    check_some,
)
from .watch import new_watch

PREDICT_ROWS = 512  # rows per piece: its activations stay in the second-level cache
MOST_UNITS = 2**31 - 1  # of a layer: places in the largest matrix fit into an int64


@dataclass(frozen=True)
class Layer:
    """One line of the table: kind, sizes, activation and the layer's one setting."""

    kind: str
    inputs: int
    outputs: int
    activation: str = "identity"
    setting: float = 0.0

    @property
    def size(self):
        """Number of parameters."""
        return (self.inputs + 1) * self.outputs if self.kind == "dense" else 0


@dataclass(frozen=True)
class Network:
    """Layers and a loss. Parameters live apart, in one flat array.

    layers: tuple of `Layer`; loss: a key of `LOSSES`.
    """

    layers: tuple
    loss: str

    @property
    def inputs(self):
        return self.layers[0].inputs

    @property
    def outputs(self):
        return self.layers[-1].outputs

    @property
    def targets(self):
        """Columns of y: one for class numbers, else one an output."""
        return 1 if self.target_kind == "class" else self.outputs

    @property
    def target_kind(self):
        """`class`, `binary` or `value`: see `losses.Loss`."""
        kind = LOSSES[self.loss].target
        if kind == "margin":
            return "binary" if self.outputs == 1 else "class"
        return kind

    @property
    def n_params(self):
        return sum(layer.size for layer in self.layers)

    @cached_property
    def table(self):
        """int64[layers, FIELDS], without the places a memory plan fills in."""
        rows, start = np.zeros((len(self.layers), FIELDS), dtype=np.int64), 0
        for number, (row, layer) in enumerate(zip(rows, self.layers, strict=True)):
            row[KIND], row[STREAM] = NUMBERS[layer.kind], LAYERS + number
            row[INPUTS], row[OUTPUTS] = layer.inputs, layer.outputs
            row[START], row[SIZE] = start, layer.size
            row[ACTIVATION] = ACTIVATIONS[layer.activation].number
            start += layer.size
        return rows

    @cached_property
    def layout(self):
        """[(name, offset, shape), ...]; weights are [inputs, outputs], row-major."""
        entries = []
        for number, (layer, row) in enumerate(
            zip(self.layers, self.table, strict=True)
        ):
            if layer.size:
                i, o, start = layer.inputs, layer.outputs, int(row[START])
                entries.append((f"layer{number}.weight", start, (i, o)))
                entries.append((f"layer{number}.bias", start + i * o, (o,)))
        return entries

    @cached_property
    def matrices(self):
        """int64[k, 3]: offset, inputs, outputs of the weight matrices."""
        rows = [(start, *shape) for _, start, shape in self.layout if len(shape) == 2]
        return np.array(rows, dtype=np.int64).reshape(-1, 3)

    def arrays(self, plan=MemoryPlan()):  # noqa: B008 (frozen)
        """(Net, Sizes): the network for the kernels under a memory plan."""
        table, segments, sizes = plan_layout(self.table, plan)
        reals = np.array([layer.setting for layer in self.layers], dtype=np.float64)
        return Net(table, reals, segments, self.matrices), sizes

    def init(self, seed=0, dtype=np.float32, initialiser="auto"):
        """float[n_params]: weights by `initialiser`, biases zero.

        seed: int from 0 to 2^64 - 1. initialiser: a key of `INITIALISERS`, or `auto`:
        He normal where a rectifier follows, Glorot uniform elsewhere.
        """
        seed = check_seed("seed", seed)
        check_choice("initialiser", initialiser, ("auto", *INITIALISERS))
        params = aligned((self.n_params,), check_dtype("dtype", dtype), np.zeros)
        followers = [*(layer.activation for layer in self.layers[1:]), "identity"]
        for layer, row, after in zip(self.layers, self.table, followers, strict=True):
            if layer.size == 0:
                continue
            shaped_by = after if layer.activation == "identity" else layer.activation
            name = suited_to(shaped_by) if initialiser == "auto" else initialiser
            start, weights = row[START], layer.inputs * layer.outputs
            w = params[start : start + weights].reshape(layer.inputs, layer.outputs)
            fill_weights(w, name, int(row[STREAM]), seed)
        return params

    def predict(self, params, x, threads=None):
        """x float[b, i] -> float[b, o], logits for the cross-entropies.

        threads: None for all; the result is the same for any number.
        """
        dtype = check_floats("params", params, (self.n_params,))
        x = check_rows("x", x, self.inputs, dtype)
        out = np.empty((len(x), self.outputs), dtype=dtype)
        net, sizes = self.arrays()
        threads = min(chosen_threads(threads), -(-len(x) // PREDICT_ROWS) or 1)
        rows = min(len(x), PREDICT_ROWS) or 1
        work = workspace(self, sizes, rows, dtype, stack=(threads,))
        passes = model(self.loss, dtype)
        counter = np.zeros(1, dtype=np.int64)

        def predict(thread):
            predict_rows(net, passes, params, work, x, out, counter, thread)

        with one_blas_thread():
            share(predict, threads, lambda: counter.fill(len(x)))
        return out

    def evaluate(self, params, x, y):
        """(mean loss, metric) over the rows: accuracy, or R^2 for real targets.

        Dropout and noise are off. x: float[b, i], b > 0; y as in `train`.
        """
        out = self.predict(params, x)
        dtype = out.dtype.name
        y = self.check_targets("y", y, len(out), dtype)
        check_some("x", out)
        passes, scratch = model(self.loss, dtype), np.empty_like(out)
        total = passes.loss(scratch, out, y, 0.0)
        offset, factor = self.metric_line(y)
        return total / len(out), offset + factor * passes.score(out, y)

    def metric_line(self, y):
        """(a, b) such that the metric is a + b times the sum of the rows' scores.

        Accuracy is the mean score; R^2 = 1 - squared error / spread of the targets. y:
        float[rows, targets], rows > 0.
        """
        if self.target_kind != "value":
            return 0.0, 1.0 / len(y)
        # In float64, means of large numbers too: a column of float32 is summed in turn.
        spread = ((y - y.mean(axis=0, dtype=np.float64)) ** 2).sum()
        # A constant target has no spread: its R^2 is hugely negative, not infinite.
        return 1.0, -y.shape[1] / max(spread, np.finfo(np.float32).tiny)

    def loss_and_grad(self, params, x, y):
        """(mean loss over the batch, its gradient float[n_params]).

        Dropout and noise are off. x: float[b, i]; y as in `train`.
        """
        dtype = check_floats("params", params, (self.n_params,))
        x = check_rows("x", x, self.inputs, dtype)
        y = self.check_targets("y", y, len(x), dtype)
        check_some("x", x)
        grad = np.empty_like(params)
        net, sizes = self.arrays()
        work = workspace(self, sizes, len(x), dtype)
        work.x[:], work.y[:] = x, y
        passes, scale = model(self.loss, dtype), 1 / len(x)
        span = Span(0, 0, len(x))
        with one_blas_thread():
            loss, _ = gradient(
                net, passes, params, grad, new_watch(net), work, span, scale, False
            )
        return loss / len(x), grad

    def check_targets(self, name, y, rows, dtype):
        """y as C-contiguous float[rows, targets]; ValueError on wrong shape or values.

        y: see `reading`; [rows] too where there is one target column, and class numbers
        of any dtype. Binary targets come back as 0 and 1.
        """
        y = as_numbers(name, y)
        if y.ndim == 1 and self.targets == 1:
            y = y[:, None]
        if y.shape != (rows, self.targets):
            raise ValueError(
                f"{name} must have shape ({rows}, {self.targets}), got {y.shape}; loss"
                f" {self.loss!r} takes {self._targets_in_words()}"
            )
        y = check_finite(name, as_floats(y, dtype))
        if self.target_kind == "class" and rows:
            if y.min() < 0 or y.max() >= self.outputs or (y != np.floor(y)).any():
                raise ValueError(
                    f"{name} must hold class numbers 0 to {self.outputs - 1}, got"
                    f" values from {y.min():g} to {y.max():g}"
                )
        if self.target_kind == "binary":
            if not (np.isin(y, (0, 1)).all() or np.isin(y, (-1, 1)).all()):
                raise ValueError(f"{name} must hold 0 and 1 (or -1 and 1) only")
            y = (y > 0).astype(dtype)
        # The kernels take arrays they may write to; a read-only one is copied.
        return np.require(y, requirements="W")

    def _targets_in_words(self):
        return {
            "class": "one class number a row",
            "binary": f"{self.targets} column(s) of 0 and 1",
            "value": f"{self.targets} column(s) of numbers",
        }[self.target_kind]


def mlp(
    sizes, activation="relu", loss="cross_entropy", *, dropout=0.0, input_noise=0.0
):
    """A multi-layer perceptron: `sizes` [inputs, hidden ..., outputs].

    activation: a key of `ACTIVATIONS`, after every hidden layer; the last layer is
    linear (logits). Under cross_entropy there are at least two outputs: with one its
    loss is 0 whatever the network answers. dropout: rate after every hidden activation,
    in [0, 1).
    input_noise: standard deviation of Gaussian noise on the inputs, in training only.
    """
    check_choice("activation", activation, ACTIVATIONS)
    check_choice("loss", loss, LOSSES)
    check_number("dropout", dropout, BELOW_ONE)
    check_number("input_noise", input_noise, NONNEGATIVE)
    if not isinstance(sizes, list | tuple) or len(sizes) < 2:
        raise ValueError(f"sizes must list inputs and outputs at least, got {sizes!r}")
    sizes = [check_count("each of sizes", size, 1, MOST_UNITS) for size in sizes]
    if loss == "cross_entropy" and sizes[-1] == 1:
        raise ValueError(
            "cross_entropy tells classes apart by one output each, and there is one"
            " output; use loss='binary_cross_entropy', or as many outputs as classes"
        )
    layers = []
    if input_noise > 0:
        layers.append(Layer("noise", sizes[0], sizes[0], setting=float(input_noise)))
    fused = ACTIVATIONS[activation].slope_from_output
    for i, o in pairwise(sizes[:-1]):
        layers.append(Layer("dense", i, o, activation if fused else "identity"))
        if not fused:
            layers.append(Layer("activation", o, o, activation))
        if dropout > 0:
            layers.append(Layer("dropout", o, o, setting=float(dropout)))
    layers.append(Layer("dense", sizes[-2], sizes[-1]))
    return Network(tuple(layers), loss)


def check_network(net):
    """TypeError where it is no network."""
    if not isinstance(net, Network):
        raise TypeError(
            f"net must be a Network, as mlp(...) makes, got {type(net).__name__}"
        )


@cache
def model(loss, dtype, make=compiled):
    """The compiled passes of a network with a loss, made at first use, then kept.

    make: `functions.declared` for their types alone.
    """
    return Model(
        tuple(make(kind.forward, "forward", dtype) for kind in KINDS.values()),
        tuple(make(kind.backward, "backward", dtype) for kind in KINDS.values()),
        tuple(make(kind, "gradient", dtype) for kind in GRADIENTS.values()),
        Columns(
            make(dense.forward_columns, "forward_columns", dtype),
            make(dense.settle, "settle", dtype),
            make(dense.backward_columns, "backward_columns", dtype),
        ),
        make(LOSSES[loss].loss, "loss", dtype),
        make(LOSSES[loss].score, "score", dtype),
    )


def workspace(network, sizes, rows, dtype, spans=1, stack=()):
    """A `Workspace` for up to `rows` rows in spans; `stack` puts axes in front."""
    return Workspace(
        aligned((*stack, rows, network.inputs), dtype),
        aligned((*stack, rows, network.targets), dtype),
        aligned((*stack, rows * sizes.activations), dtype),
        aligned((*stack, rows * sizes.deltas), dtype),
        np.empty((*stack, rows * sizes.stored), dtype=np.uint16),
        np.zeros((*stack, padded(spans, 20), 5), dtype=np.uint32),
    )
