"""Tiles of a matrix product: what a block and its threads compute; which to take."""

import math
from dataclasses import dataclass

# Entries that a thread copies of each operand and slice.
QUAD = 4
# Blocks of a grid across; down there may be 2^31.
GRID_LIMIT = 65535


@dataclass(frozen=True)
class Tile:
    """What a block computes: span x span outputs, `depth` of the sum in a slice.

    block: outputs of a thread, block x block; dtypes: those it is compiled for.
    """

    span: int
    depth: int
    block: int
    dtypes: tuple = ("float32", "float64")

    @property
    def name(self):
        return f"{self.span}x{self.span}x{self.depth}"

    @property
    def threads(self):
        """As many as copy one quad each of either operand's slice."""
        return self.span * self.depth // QUAD

    @property
    def side(self):
        """Threads along either side of the tile."""
        return self.span // self.block

    @property
    def groups(self):
        """Into how many the threads split, each with a part of the slice's depth."""
        return self.threads // self.side**2

    @property
    def run(self):
        """Neighbouring rows and columns of a thread, read at once."""
        return min(self.block, QUAD)

    @property
    def line(self):
        """Entries between the lines of a slice in shared memory.

        More than the span, so that columns are written to different banks.
        """
        return self.span + QUAD

    @property
    def entries(self):
        """Of shared memory: two slices of both operands."""
        return 4 * self.depth * self.line

    @property
    def options(self):
        """Of a kernel's declaration: with more registers a block would be alone."""
        return {"threads": self.threads, "dtypes": self.dtypes, "resident": 2}

    def blocks(self, rows, columns):
        """How many of them, down and across, cover an output."""
        return -(-rows // self.span), -(-columns // self.span)


TILES = (
    Tile(128, 8, 8, ("float32",)),
    Tile(64, 16, 4),
    Tile(32, 32, 4, ("float32",)),
    Tile(32, 16, 4, ("float64",)),
    Tile(16, 64, 2, ("float32",)),
    Tile(16, 32, 2, ("float64",)),
    Tile(8, 16, 2),
)


def tile_for(dtype, rows, columns, depth, multiprocessors):
    """The tile for an output real[rows, columns], a sum over `depth`.

    The largest that gives each multiprocessor a block and at most doubles the work by
    what it computes outside the output. Where there is none, the last but one, and the
    last for outputs that are no wider, or no taller, than it, if not deep.
    """
    tiles = [
        tile
        for tile in TILES
        if dtype in tile.dtypes and columns <= GRID_LIMIT * tile.span
    ]
    for tile in tiles[:-1]:
        blocks = math.prod(tile.blocks(rows, columns))
        if blocks >= multiprocessors and blocks * tile.span**2 <= 2 * rows * columns:
            return tile
    small = min(rows, columns) <= TILES[-1].span and depth <= TILES[-1].depth * 4
    return tiles[-1] if small else tiles[-2:][0]
