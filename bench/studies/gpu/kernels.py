"""The `kernels` of a measurement: one by one, beside what it computes and moves."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ....kernels.cuda import losses, matmul, norms, rows
from ....kernels.cuda.jit import KERNELS, SIMULATED, Kernel, all_kernels, cuda
from ....kernels.cuda.matmul import IDENTITY
from ....kernels.cuda.resources import resources
from ....kernels.cuda.tile import TILES
from ....kernels.losses import LOSSES
from ...measurement.ceilings import UPDATE_BYTES
from ...measurement.peers.work import make_work
from .events import Flush
from .network_step import NetworkStep
from .settings import GpuSettings
from .updates import launch

REAL = 4  # bytes of a float32
DTYPE = "float32"


@dataclass(frozen=True)
class Specimen:
    """A kernel at a size. flops, bytes: what it must compute and move at least.

    enqueue(stream): launches it; shared: bytes of dynamic shared memory.
    """

    kernel: Kernel
    enqueue: Callable
    flops: float
    bytes: float
    size: str
    shared: int = 0


def measure(settings: GpuSettings, part) -> list[dict]:
    """An entry a kernel, at one size; caches are flushed before each launch."""
    stream, flush = cuda.stream(), None
    makers = [("kernels of a step", of_step), ("updates", of_updates)]
    makers += [("matrix products", of_products)]
    for maker in part.while_time(makers):
        flush = flush or Flush(stream)
        specimens = [(each.kernel.name, each) for each in maker(settings)]
        for each in part.while_time(specimens):
            part.add(_entry(each, flush, settings, part))
    measured = {entry["name"] for entry in part.found}
    rest = len(set(all_kernels()) - measured)
    part.leave_out(
        f"kernels: {rest} others are not timed; `make test-cuda` reads the registers of"
        " all."
    )
    return part.found


def _entry(each: Specimen, flush: Flush, settings: GpuSettings, part) -> dict:
    seconds = flush.samples(each.enqueue, settings.samples, part)
    taken = resources(each.kernel, DTYPE, each.shared)
    return {
        "name": each.kernel.name,
        "dtype": DTYPE,
        "registers": taken.registers,
        "shared_bytes": taken.shared,
        "threads": taken.threads,
        "occupancy": taken.occupancy,
        "seconds": seconds,
        "flops": float(each.flops),
        "bytes": float(each.bytes),
        "size": each.size,
    }


def layer_work(settings: GpuSettings):
    """The `Work` that a step's kernels are measured in."""
    batch = settings.layer_batch
    shape = ("step", settings.layer, batch, settings.steps * batch, 1)
    return make_work(*shape, settings.threads, settings.seed, epochs=1)


def of_step(settings: GpuSettings) -> list[Specimen]:
    """Those over rows and parameters, of a step of the settings' layer network."""
    step = NetworkStep(layer_work(settings))
    makers = _gather, _chain, _copy, _loss, _squares, _total
    return [make(settings, step) for make in makers]


def _gather(settings: GpuSettings, step) -> Specimen:
    space, made, rows_each = step.space, step.steps.launches, settings.layer_batch
    arrays = (space.values[0], space.targets, made.x, made.y, made.order, space.place)
    inputs = settings.layer[0]
    return Specimen(
        rows.gather,
        lambda stream: rows.gather.launch(DTYPE, rows_each, stream, *arrays),
        0,
        2 * rows_each * (inputs + 1) * REAL + 4 * rows_each,
        f"{rows_each} rows of {inputs}",
    )


def _chain(settings: GpuSettings, step) -> Specimen:
    entries = settings.layer_batch * max(settings.layer[1:])
    flat = [cuda.device_array(entries, np.float32) for _ in range(3)]
    blocks = rows.chain.blocks(entries)
    return Specimen(
        rows.chain,
        lambda stream: rows.chain.launch(DTYPE, blocks, stream, *flat, IDENTITY),
        entries,
        3 * entries * REAL,
        f"{entries:,} entries",
    )


def _copy(settings: GpuSettings, step) -> Specimen:
    """What `Space.copy` copies before an epoch's last step."""
    space, n = step.space, step.space.grad.size
    pair, blocks = (space.before, space.params), rows.copy.blocks(n)
    return Specimen(
        rows.copy,
        lambda stream: rows.copy.launch(DTYPE, blocks, stream, *pair),
        0,
        2 * n * REAL,
        _parameters(settings, n),
    )


def _loss(settings: GpuSettings, step) -> Specimen:
    space, b, o = step.space, settings.layer_batch, settings.layer[-1]
    delta, outputs = space.delta(len(space.kinds) - 1), space.values[-1]
    number, blocks = LOSSES[space.net.loss].number, losses.gradient.blocks(b)
    arrays = (delta, space.losses, space.scores, outputs, space.targets, space.place)
    options = (number, False, 0)  # the mean over the rows, at targets that are given
    return Specimen(
        losses.gradient,
        lambda stream: losses.gradient.launch(DTYPE, blocks, stream, *arrays, *options),
        5 * b * o,
        b * (2 * o + 3) * REAL,
        _batch(settings),
    )


def _squares(settings: GpuSettings, step) -> Specimen:
    space, n = step.space, step.space.grad.size
    blocks = norms.blocks_of(n)
    arrays = (space.partial, space.grad)
    return Specimen(
        norms.squares,
        lambda stream: norms.squares.launch(DTYPE, blocks, stream, *arrays),
        2 * n,
        (n + 2 * blocks) * REAL,
        _parameters(settings, n),
    )


def _total(settings: GpuSettings, step) -> Specimen:
    space, b = step.space, settings.layer_batch
    arrays = (step.steps.launches.totals, space.losses, space.scores, space.place)
    return Specimen(
        norms.total,
        lambda stream: norms.total.launch(DTYPE, 1, stream, *arrays),
        2 * b,
        2 * b * REAL,
        _batch(settings),
    )


def _parameters(settings: GpuSettings, n: int) -> str:
    return f"{n:,} parameters of {_sizes(settings)}"


def _batch(settings: GpuSettings) -> str:
    return f"{_sizes(settings)}, batch {settings.layer_batch}"


def _sizes(settings: GpuSettings) -> str:
    return "-".join(map(str, settings.layer))


# Operations of a parameter's update; roots and quotients count as one.
OPERATIONS = {"adam": 11, "adamw": 13, "momentum": 4, "sgd": 2}


def of_updates(settings: GpuSettings) -> list[Specimen]:
    """The updates, on as many parameters as the part `updates` takes, a tenth."""
    size = max(16, settings.parameters // 10)
    return [
        Specimen(
            KERNELS[f"update.{name}"],
            launch(name, size),
            OPERATIONS[name] * size,
            UPDATE_BYTES[name] * size,
            f"{size:,} parameters",
        )
        for name in UPDATE_BYTES
    ]


def of_products(settings: GpuSettings) -> list[Specimen]:
    """y = x W + bias by each float32 tile, of so many tiles that all are at work."""
    tiles = [tile for tile in TILES if DTYPE in tile.dtypes]
    return [
        _product(tile, tile.span * settings.tile_repeats)
        for tile in (tiles[-1:] if SIMULATED else tiles)
    ]


def _product(tile, m: int) -> Specimen:
    x, y = (cuda.to_device(np.ones((m, m), np.float32)) for _ in range(2))
    params = cuda.to_device(np.ones(m * m + m, np.float32))

    def enqueue(stream):
        matmul.product(DTYPE, stream, y, x, params, 0, IDENTITY, tile)

    return Specimen(
        KERNELS[f"matmul.product[{tile.name}]"],
        enqueue,
        2.0 * m**3,
        (3 * m * m + m) * REAL,
        f"{m} x {m} x {m}",
        tile.entries * REAL,
    )
