"""The tiled matrix products give what NumPy's do, at any size, with every tile."""

import numpy as np
import pytest
from gradclinic.kernels.cuda import matmul
from gradclinic.kernels.cuda.jit import SIMULATED
from gradclinic.kernels.cuda.tile import TILES, tile_for
from numba import cuda

from ..quick import first_or_exhaustive
from .dense import NUMBERS, OPERATIONS, Layer

SLOW = pytest.mark.skipif(SIMULATED, reason="too many threads to be simulated")
CASES = [
    pytest.param(
        tile,
        dtype,
        id=f"{tile.name}-{dtype}",
        marks=() if tile is TILES[-1] else SLOW,
    )
    for tile in TILES
    for dtype in tile.dtypes
]
# One whose threads all share a slice, and one whose groups of threads split it.
FIRST = [tile for tile in TILES if tile.name in ("8x8x16", "16x16x64")]
# Rows, inputs and outputs: of one tiny tile and of some, of whole quads and not. For
# the other tiles there are those and larger ones.
SIZES = [(1, 1, 1), (3, 5, 2), (8, 16, 8), (9, 20, 12), (7, 17, 10)]


def sizes_for(tile, sizes):
    """As many times the tile as `sizes` are the tiny one, and a few more."""
    scale = tile.span // TILES[-1].span
    return tuple(size * scale + (scale > 1) for size in sizes)


@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize(("tile", "dtype"), CASES)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_tile(operation, tile, dtype, sizes):
    getattr(Layer(sizes, dtype), operation)(tile)
    if tile.span > TILES[-1].span:
        getattr(Layer(sizes_for(tile, sizes), dtype), operation)(tile)


@pytest.mark.parametrize(
    "tile", first_or_exhaustive(TILES, FIRST), ids=lambda tile: tile.name
)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_tile_and_a_bit(operation, tile):
    """Two blocks, two slices, no edge on a quad's end."""
    down, across, depth = tile.span + 1, tile.span - 5, tile.depth + 1
    sizes = {
        "product": (down, depth, across),
        "product_transposed": (down, across, depth),
        "outer_sum": (depth, down, across),
    }[operation]
    getattr(Layer(sizes, tile.dtypes[0]), operation)(tile)


@pytest.mark.parametrize("tile", TILES, ids=lambda tile: tile.name)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_less_than_a_tile(operation, tile):
    """Every tile is simulated once: one block, one slice."""
    getattr(Layer((3, 2, 5), tile.dtypes[0]), operation)(tile)


@pytest.mark.parametrize("number", NUMBERS, ids=NUMBERS.get)
@pytest.mark.parametrize(("tile", "dtype"), CASES)
@pytest.mark.parametrize("operation", OPERATIONS[:2])
def test_every_activation(operation, tile, dtype, number):
    getattr(Layer((5, 4, 6), dtype, number), operation)(tile)


def test_identity_does_not_read_values():
    layer = Layer((3, 4, 2), "float64")
    layer.z[:] = np.nan
    layer.slope = np.ones_like
    layer.product_transposed(TILES[-1])


def test_padding_rows_add_nothing_to_the_gradient():
    """Rows of a batch that is not full carry dz = 0, and whatever x is there."""
    layer = Layer((8, 5, 3), "float64")
    layer.dz[5:] = 0
    layer.x[5:] = 1e6
    layer.outer_sum(TILES[-1])


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # NumPy's, of infinity times 0
@pytest.mark.parametrize("operation", OPERATIONS)
def test_what_is_not_a_number_stays_in_its_row(operation):
    """An infinity in one row makes neither its neighbours nor padding not a number."""
    layer = Layer((3, 5, 3), "float64")
    rows = {"product": layer.x, "product_transposed": layer.dz, "outer_sum": layer.dz}
    rows[operation][1, 1] = np.inf
    getattr(layer, operation)(TILES[-1])


def test_layers_out_of_line_are_read_entry_by_entry():
    """A start or a size that is no multiple of four must not be read in quads."""
    a, b = cuda.to_device(np.zeros(8, "f")), cuda.to_device(np.zeros(8, "f"))
    assert matmul._whole((4, 8, 12), a, b)
    assert not matmul._whole((4, 8, 13), a, b)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    ("shape", "spans"),
    [
        ((4096, 4096, 4096), (128, 64)),
        ((1024, 1024, 1024), (64, 64)),
        ((128, 512, 784), (16, 16)),
        ((128, 10, 512), (16, 16)),
        ((1_000_000, 10, 64), (16, 16)),
        ((32, 2, 32), (8, 8)),
        ((1, 1, 1), (8, 8)),
    ],
)
def test_choice(shape, spans, dtype):
    tile = tile_for(dtype, *shape, multiprocessors=132)
    assert dtype in tile.dtypes
    assert tile.span == spans[dtype == "float64"]


@pytest.mark.parametrize("tile", TILES, ids=lambda tile: tile.name)
def test_tile_is_consistent(tile):
    """Its threads copy one quad each of a slice, and its groups share the slice."""
    assert tile.threads * 4 == tile.span * tile.depth
    assert tile.groups * tile.side**2 == tile.threads
    assert tile.depth % tile.groups == 0
    assert tile.groups * tile.side * tile.span <= tile.entries
    assert tile.entries * np.dtype(tile.dtypes[-1]).itemsize <= 48 * 1024
