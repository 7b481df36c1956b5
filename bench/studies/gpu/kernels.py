"""The `kernels` of a measurement: each apart, beside what it computes and moves."""

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
        f"kernels: {rest} others are not timed apart; `make test-cuda` reads the"
        " registers of all."
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
    space, made = step.space, step.steps.launches
    b, widest = settings.layer_batch, max(settings.layer[1:])
    i, o, n = settings.layer[0], settings.layer[-1], space.grad.size
    entries, blocks = b * widest, norms.blocks_of(n)
    flat = [cuda.device_array(entries, np.float32) for _ in range(3)]
    number = LOSSES[space.net.loss].number
    delta = space.delta(len(space.kinds) - 1)
    sizes = "-".join(map(str, settings.layer))
    called = f"{sizes}, batch {b}"
    return [
        Specimen(
            rows.gather,
            lambda s: rows.gather.launch(
                DTYPE,
                b,
                s,
                space.values[0],
                space.targets,
                made.x,
                made.y,
                made.order,
                space.place,
            ),
            0,
            2 * b * (i + 1) * REAL + 4 * b,
            f"{b} rows of {i}",
        ),
        Specimen(
            rows.chain,
            lambda s: rows.chain.launch(
                DTYPE, rows.chain.blocks(entries), s, *flat, IDENTITY
            ),
            entries,
            3 * entries * REAL,
            f"{entries:,} entries",
        ),
        Specimen(
            rows.copy,
            lambda s: rows.copy.launch(DTYPE, rows.copy.blocks(n), s, *_pair(space)),
            0,
            2 * n * REAL,
            f"{n:,} parameters of {sizes}",
        ),
        Specimen(
            losses.gradient,
            lambda s: losses.gradient.launch(
                DTYPE,
                losses.gradient.blocks(b),
                s,
                delta,
                space.losses,
                space.scores,
                space.values[-1],
                space.targets,
                space.place,
                number,
                False,
                0,
            ),
            5 * b * o,
            b * (2 * o + 3) * REAL,
            called,
        ),
        Specimen(
            norms.squares,
            lambda s: norms.squares.launch(DTYPE, blocks, s, space.partial, space.grad),
            2 * n,
            (n + 2 * blocks) * REAL,
            f"{n:,} parameters of {sizes}",
        ),
        Specimen(
            norms.total,
            lambda s: norms.total.launch(
                DTYPE, 1, s, made.totals, space.losses, space.scores, space.place
            ),
            2 * b,
            2 * b * REAL,
            called,
        ),
    ]


def _pair(space):
    """What `Space.copy` copies before an epoch's last step."""
    return space.before, space.params


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
