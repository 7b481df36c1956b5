"""No training writes or reads a byte behind, or before, the arrays it was given."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from gradclinic.kernels import job, mlp, passes, sequential, train, train_population
from gradclinic.kernels import layers as L
from hypothesis import given
from hypothesis import strategies as st

LINE, GUARD, MARK = 64, 4096, 0xA5


class Guards:
    """Allocates arrays with marked bytes on either side."""

    def __init__(self):
        self.raws = []

    def make(self, shape, dtype=float, order="C", *, fill=None):
        shape = (shape,) if isinstance(shape, int) else tuple(shape)
        size = math.prod(shape) * np.dtype(dtype).itemsize
        raw = np.full(size + 2 * GUARD + LINE, MARK, dtype=np.uint8)
        first = GUARD + -raw.ctypes.data % LINE
        self.raws.append((raw, first, first + size))
        array = raw[first : first + size].view(dtype).reshape(shape)
        array[...] = 0 if fill is None else fill
        return array

    def broken(self):
        """How many arrays have a byte beside them that is not as it was."""
        beside = [(raw[:first], raw[end:]) for raw, first, end in self.raws]
        return sum(bool((a != MARK).any() or (b != MARK).any()) for a, b in beside)


@pytest.fixture(scope="module")
def guards():
    """Arrays of all trainings of this module are guarded; of `job` and `passes`."""
    made = Guards()

    def aligned(shape, dtype, make=np.empty):
        return made.make(shape, dtype)

    guarded = {"empty": made.make, "zeros": made.make}
    numpy = SimpleNamespace(**{n: getattr(np, n) for n in np.__all__} | guarded)
    with pytest.MonkeyPatch.context() as patch:
        for module in (job, passes):
            patch.setattr(module, "aligned", aligned)
            patch.setattr(module, "np", numpy)
        yield made


def rows_of(inputs, rows, classes=10, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((rows, inputs), dtype=np.float32)
    return x, rng.integers(classes, size=rows)


def checked(guards, net, batch, rows, validation, **options):
    """Train, and compare the guards and the last validation loss with `predict`."""
    guards.raws.clear()
    x, y = rows_of(net.inputs, rows)
    held = rows_of(net.inputs, validation, seed=1)
    params = net.init(0)
    options = {"epochs": 2, "lr": 0.01} | options
    history = train(
        net, params, x, y, "sgd", batch_size=batch, validation=held, **options
    )
    assert guards.raws and guards.broken() == 0
    loss, _ = net.loss_and_grad(params, *held)
    assert history.val_loss[-1] == pytest.approx(loss, rel=1e-5)


WIDE = mlp([24, 200, 200, 10])  # a batch of 20 rows is work enough to be shared
CONVOLUTION = L.Conv2D(8, 3, padding="same", activation="relu")
IMAGES = sequential((8, 8, 1), [CONVOLUTION, L.MaxPool2D(2), L.Flatten(), L.Dense(10)])
STEPS = sequential((6, 4), [L.GRU(48), L.Dense(10)])
MEETING = sequential((24,), [L.Dense(160), L.BatchNorm(), L.Dense(10)])


@given(
    batch=st.integers(1, 90),
    rows=st.integers(1, 180),
    validation=st.integers(1, 400),
    threads=st.sampled_from([1, 2]),
)
def test_any_batch_and_any_rows(guards, batch, rows, validation, threads):
    checked(guards, WIDE, batch, rows, validation, threads=threads)


@pytest.mark.parametrize("net", [IMAGES, STEPS, MEETING], ids=["conv", "gru", "norm"])
@pytest.mark.parametrize("batch", [31, 32, 159, 160])
@pytest.mark.parametrize("threads", [1, 2])
def test_other_layers(guards, net, batch, threads):
    checked(guards, net, batch, 2 * batch, 370, threads=threads)


@pytest.mark.parametrize(
    "options",
    [
        {"micro_batch": 7},
        {"checkpoint": 1},
        {"storage": "float16"},
        {"storage": "bfloat16"},
        {"patience": 1},
        {"l1": 1e-3, "dropout": 0.2},
    ],
    ids=lambda options: next(iter(options)),
)
@pytest.mark.parametrize("batch", [53, 159])
def test_other_memory_plans(guards, options, batch):
    net = WIDE
    if "dropout" in options:
        net = mlp([24, 200, 200, 10], dropout=options.pop("dropout"))
    checked(guards, net, batch, 200, 370, **options)


@pytest.mark.parametrize("batch", [1, 31, 159, None])
def test_populations(guards, batch):
    guards.raws.clear()
    x, y = rows_of(24, 159)
    runs = train_population(
        WIDE,
        x,
        y,
        range(3),
        0.01,
        "sgd",
        batch_size=batch,
        epochs=2,
        validation=rows_of(24, 370, seed=1),
        threads=2,
    )
    assert runs.status == ["ok"] * 3
    assert guards.raws and guards.broken() == 0
