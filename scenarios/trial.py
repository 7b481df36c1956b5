"""What one training run is: a frozen declaration, hashed, stored and compared."""

import math
from dataclasses import dataclass, field, replace
from numbers import Integral, Real
from typing import Any

# (lowest, highest) of numbers that a declaration holds; a tuple's are of each entry.
# Those of whole numbers are whole; where None may be, it is the default.
_ROWS, _COUNT, _FROM_ZERO = (0, 2**31), (1, 2**31), (0, 2**31)
_SIZE, _SHARE = (0.0, math.inf), (0.0, 1.0)
_BOUNDS = {
    "Dataset": {
        "rows": _ROWS,
        "validation": _ROWS,
        "test": _ROWS,
        "label_noise": _SHARE,
    },
    "Deployment": {
        "budget": _COUNT,
        "fine_tuning": _FROM_ZERO,
    },
    "MemoryPlan": {
        "budget": (1, 2**62),
        "micro_batch": _COUNT,
        "checkpoint": _COUNT,
    },
    "Trial": {
        "hidden": _COUNT,
        "shape": _COUNT,
        "lr": _SIZE,
        "warmup": _FROM_ZERO,
        "batch_size": _COUNT,
        "epochs": _COUNT,
        "l1": _SIZE,
        "l2": _SIZE,
        "dropout": (0.0, math.nextafter(1.0, 0.0)),
        "input_noise": _SIZE,
        "clip_norm": _SIZE,
        "clip_value": _SIZE,
        "patience": _COUNT,
        "target": (-math.inf, math.inf),
        "restart": _FROM_ZERO,
        "members": _COUNT,
        "gain": _SIZE,
    },
}


DECISIONS = ("likeliest", "balanced")
_OPTIONAL = (
    "budget",
    "micro_batch",
    "checkpoint",
    "batch_size",
    "clip_norm",
    "clip_value",
    "patience",
    "target",
)


def _within(number: Any, low: float, high: float) -> bool:
    """Is it a finite number of the kind of `low`, from low to high?"""
    known = Integral if isinstance(low, int) else Real
    if isinstance(number, bool) or not isinstance(number, known):
        return False
    value: Any = number
    return low <= value <= high and -math.inf < value < math.inf


class _Checked:
    """A declaration whose numbers are within `_BOUNDS`; ValueError where one is not."""

    def __post_init__(self):
        kind = type(self).__name__
        for name, (low, high) in _BOUNDS[kind].items():
            value = getattr(self, name)
            if value is None and name in _OPTIONAL:
                continue
            for number in value if isinstance(value, tuple) else (value,):
                if not _within(number, low, high):
                    what = "a whole number" if isinstance(low, int) else "a number"
                    raise ValueError(
                        f"{name} of a {kind} must be {what} from {low} to {high}, got"
                        f" {number!r}"
                    )


@dataclass(frozen=True)
class Dataset(_Checked):
    """A data set by name, how much of it is drawn, and what is done to it.

    name: a key of `scenarios.data.SOURCES` (`digits`, `spirals`, `regression`, ...).
    rows, validation, test: rows in each part of the split.
    label_noise: share of the training and validation labels replaced by a random other
    class: what is collected together errs together. Test labels stay right.
    options: keyword arguments of the source, as sorted (name, value) pairs.
    transforms: (name, argument) pairs applied in order, fitted on the training rows.
    augment: (name, argument) pairs that then change the training rows, and them alone,
    see `data.augmentation`. selection: (name, argument) pairs that say which rows each
    part gets, see `data.selection`; weighting: those that weigh the training rows in
    the loss, see `data.weighting`. ValueError on a number that is out of range.
    """

    name: str
    rows: int = 256
    validation: int = 256
    test: int = 256
    label_noise: float = 0.0
    options: tuple[tuple[str, float], ...] = ()
    transforms: tuple[tuple[str, float], ...] = ()
    augment: tuple[tuple[str, float], ...] = ()
    selection: tuple[tuple[str, float], ...] = ()
    weighting: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class MemoryPlan(_Checked):
    """How the memory of a step is arranged, and the limit it must keep.

    budget: bytes the guarded process may allocate; None trains unguarded.
    micro_batch: rows per accumulated gradient; None takes the batch in one piece.
    checkpoint: layers per recomputed segment; None stores every activation.
    storage: `native`, `float16` or `bfloat16`, the format activations wait in for
    backward. in_place: an activation overwrites its input where it can. stream: read
    the rows of each batch from a memory-mapped file. ValueError on a number that is out
    of range.
    """

    budget: int | None = None
    micro_batch: int | None = None
    checkpoint: int | None = None
    storage: str = "native"
    in_place: bool = False
    stream: bool = False


@dataclass(frozen=True)
class Deployment(_Checked):
    """How a trained network becomes a file, and how large that may be.

    budget: bytes of the file; None: no limit is stated. compression: sorted (name,
    argument) pairs of what is done to the trained network, see
    `bench.execution.compression`. fine_tuning: epochs that it then trains on. numbers:
    `native`, `float16`, `int8` (a scale for each unit) or `int8_tensor`, the format of
    the weights; sparse: zeros among them are left out. ValueError on a number that is
    out of range.
    """

    budget: int | None = None
    compression: tuple[tuple[str, float], ...] = ()
    fine_tuning: int = 0
    numbers: str = "native"
    sparse: bool = False


@dataclass(frozen=True)
class LayerSpec:
    """A layer by name, as `kernels.layers` has it; `layer` writes one down.

    options: sorted (name, value) pairs, the layer's arguments; inside: layers that it
    is put around, as Residual is.
    """

    name: str
    options: tuple[tuple[str, Any], ...] = ()
    inside: tuple["LayerSpec", ...] = ()


def layer(name: str, *inside: LayerSpec, **options: Any) -> LayerSpec:
    """`LayerSpec` of a layer: layer("Conv2D", outputs=16, kernel=3)."""
    return LayerSpec(name, tuple(sorted(options.items())), inside)


@dataclass(frozen=True)
class Trial(_Checked):
    """Everything that defines one training run but its seed.

    hidden: widths of the hidden layers, all dense. layers, in their place: any others,
    for rows of a shape (() is that of the data), before the last dense one; hidden is
    then (). batch_size: rows; None means the full batch.
    `hyper` and `schedule_options` are sorted (name, value) pairs; warmup: steps.
    `patience` in epochs switches early stopping on; `target` is the validation loss
    whose first crossing is timed. `engine` is `numba` (one thread) or a key of
    `bench.execution.engines.ENGINES`, which exist to be timed. `restart` other than 0
    keeps the data of the seed and draws start, row order and noise anew. `members`
    networks that share the data but no draw predict together, by their mean.
    `explanation` names how it is explained afterwards, or the model that is read in its
    place, a key of `bench.execution.explainers.EXPLAINERS`; `explanation_options` are
    sorted (name, value) pairs. `deployment`: what is judged is the network in its file,
    None where none is written. `wrapping`: sorted (name, argument) pairs of what is put
    around the optimizer: `max_norm` and its limit, `averaging` and the epoch from which
    weights are averaged. `gain` multiplies the weights that the initialiser draws;
    `warm_start`: sorted (name, argument) pairs of a training that comes before on some
    of the rows, see `bench.execution.starts`. `decision`: `likeliest` answers with the
    class of the highest output; `balanced` moves the threshold between two classes to
    where the balanced accuracy of the validation rows is best. Names and the other
    numbers are those of `kernels.mlp`, `kernels.train` and its `Settings`.
    ValueError on a number that is out of range.
    """

    data: Dataset
    hidden: tuple[int, ...] = (64,)
    activation: str = "relu"
    shape: tuple[int, ...] = ()
    layers: tuple[LayerSpec, ...] = ()
    loss: str = "cross_entropy"
    optimizer: str = "adam"
    lr: float = 1e-3
    hyper: tuple[tuple[str, float], ...] = ()
    schedule: str = "constant"
    schedule_options: tuple[tuple[str, float], ...] = ()
    warmup: int = 0
    batch_size: int | None = 32
    epochs: int = 20
    l1: float = 0.0
    l2: float = 0.0
    dropout: float = 0.0
    input_noise: float = 0.0
    clip_norm: float | None = None
    clip_value: float | None = None
    reduction: str = "mean"
    initialiser: str = "auto"
    precision: str = "float32"
    patience: int | None = None
    target: float | None = None
    engine: str = "numba"
    restart: int = 0
    members: int = 1
    explanation: str | None = None
    explanation_options: tuple[tuple[str, Any], ...] = ()
    memory: MemoryPlan = field(default_factory=MemoryPlan)
    deployment: Deployment | None = None
    wrapping: tuple[tuple[str, float], ...] = ()
    decision: str = "likeliest"
    gain: float = 1.0
    warm_start: tuple[tuple[str, float], ...] = ()

    def __post_init__(self):
        super().__post_init__()
        if self.layers and (self.hidden or self.dropout):
            raise ValueError(
                "a Trial has either layers or hidden; set hidden=() and dropout=0, and"
                " put Dense and Dropout among the layers"
            )
        if self.warm_start and (self.deployment or self.memory.budget is not None):
            raise ValueError(
                "a Trial with a warm start is only trained; set deployment=None and"
                " memory.budget=None"
            )
        whole = self.members == 1 and self.engine == "numba" and not self.layers
        if self.deployment and not (whole and self.memory.budget is None):
            raise ValueError(
                "a Trial with a deployment trains one network of dense layers; set"
                " layers=(), members=1, engine='numba' and no memory budget"
            )
        if self.decision not in DECISIONS:
            known = " or ".join(map(repr, DECISIONS))
            raise ValueError(f"decision must be {known}, got {self.decision!r}")
        if self.decision != "likeliest" and self.deployment:
            raise ValueError(
                "a network in a file answers with the likeliest class; set"
                " decision='likeliest', or deployment=None"
            )

    def adding(self, **pairs: tuple[str, float]) -> "Trial":
        """With a further (name, argument) pair in each of these fields of its data.

        pairs: as transforms=("pca", 3).
        """
        more = {key: (*getattr(self.data, key), pair) for key, pair in pairs.items()}
        return replace(self, data=replace(self.data, **more))

    @property
    def widths(self) -> tuple[int, ...]:
        """Of the hidden dense layers; ValueError where others stand in their place."""
        if not self.hidden:
            raise ValueError("a Trial without hidden dense layers has no widths")
        return self.hidden
