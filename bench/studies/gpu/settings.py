"""How thorough a measurement on a GPU is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class GpuSettings:
    """Sizes of all that is measured, and how often.

    seconds: of the whole measurement; samples: of each timing, at least sample_seconds
    long. widths, batches, steps: of the grid of networks w-w-w-10, and steps of their
    epochs. epochs: of a short training; most_epochs: to a target. networks: how many in
    each population, of the sizes `population`; what tells most comes first. products:
    (m, n, depth); tile_repeats: a tile's product is so many tiles wide. layer: sizes of
    the network whose kernels are timed one by one. parameters: of the updates; copied:
    bytes of the copy that tells the memory's speed. peers: names of `peers.CASES`.
    """

    seconds: float = 300.0
    quick: bool = False
    samples: int = 10
    sample_seconds: float = 0.05
    threads: int = 1
    seed: int = 0
    widths: tuple[int, ...] = (32, 128, 512, 1024, 2048, 4096)
    batches: tuple[int, ...] = (32, 128, 512, 2048)
    steps: int = 16
    epochs: int = 5
    most_epochs: int = 30
    networks: tuple[int, ...] = (4096, 264, 16, 1024, 64)
    population: tuple[int, ...] = (2, 32, 32, 1)
    population_batch: int = 32
    population_steps: int = 32
    products: tuple[tuple[int, int, int], ...] = (
        (512, 512, 512),
        (1024, 1024, 1024),
        (2048, 2048, 2048),
        (4096, 4096, 4096),
        (8192, 8192, 8192),
        (128, 512, 784),
        (2048, 512, 512),
    )
    tile_repeats: int = 16
    layer: tuple[int, ...] = (784, 512, 512, 10)
    layer_batch: int = 128
    parameters: int = 100_000_000
    copied: int = 2**31
    peers: tuple[str, ...] = (
        "784-512-512-10",
        "64-64-10",
        "784-2048-2048-10",
        "64 x 2-32-32-1",
        "1024 x 2-32-32-1",
    )


# What is less in a quick measurement, and in a tiny one.
QUICK = {
    "seconds": 90.0,
    "samples": 5,
    "sample_seconds": 0.02,
    "widths": (32, 256, 1024),
    "batches": (32, 512),
    "networks": (1024, 64),
    "products": ((1024, 1024, 1024), (4096, 4096, 4096)),
    "parameters": 20_000_000,
    "copied": 2**29,
    "peers": ("784-512-512-10",),
}
TINY = {
    "seconds": 25.0,
    "samples": 1,
    "sample_seconds": 0.0,
    "widths": (4,),
    "batches": (2,),
    "steps": 1,
    "epochs": 1,
    "most_epochs": 1,
    "networks": (2,),
    "population": (2, 4, 1),
    "population_batch": 2,
    "population_steps": 2,
    "products": ((8, 8, 8),),
    "tile_repeats": 1,
    "layer": (4, 3),
    "layer_batch": 2,
    "parameters": 64,
    "copied": 1024,
    "peers": (),
}


def settings_for(threads, seconds=None, quick=False, tiny=False, peers=True, seed=0):
    """The `GpuSettings` of a full, a quick or a tiny measurement.

    tiny: for Numba's simulator, which runs a Python thread for each of a GPU's.
    """
    chosen = {"quick": quick or tiny, "threads": threads, "seed": seed}
    if quick:
        chosen |= QUICK
    if tiny:
        chosen |= TINY
    if seconds is not None:
        chosen["seconds"] = float(seconds)
    if not peers:
        chosen["peers"] = ()
    return GpuSettings(**chosen)
