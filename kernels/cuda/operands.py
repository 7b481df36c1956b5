"""Copying slices of a matrix product's operands to shared memory, a quad a thread."""

from ..jit import inner
from .tile import QUAD
from .vectors import loader, storer
from .views import vector

_load, _store = loader(QUAD), storer(QUAD)


@inner
def _fetch(values, source, start, left, whole):
    """values = source[start:] as far as `left` goes, then 0. values: real[QUAD].

    whole: are the quads of source aligned, and `left` a multiple of QUAD?
    """
    if whole and left > 0:
        _load(values, 0, source, start)
    else:
        quad = vector(source, start, QUAD)
        for q in range(QUAD):
            values[q] = quad[q] if q < left else source.dtype.type(0)


def rows_along(tile):
    """Copying an operand real[size, depth], whose rows run along the depth.

    place(thread): the line across the depth and the entry along it where the thread's
    quad starts in a slice; fetch: the quad at such a place, of the whole operand; put:
    the quad into a slice real[depth, line] that starts at `base`.
    """
    span, line = tile.span, tile.line

    @inner
    def place(thread):
        # Two neighbours share a sector of 32 bytes; from a span of 16 on no two of a
        # warp write a float32 to the same bank.
        along = thread % 2 + thread // (2 * span) * 2
        return thread // 2 % span, along * QUAD

    @inner
    def fetch(values, source, across, along, size, depth, whole):
        left = depth - along if across < size else 0
        _fetch(values, source, across * depth + along, left, whole)

    @inner
    def put(slices, base, across, along, values):
        column = vector(slices, base + along * line + across, QUAD * line)
        for q in range(QUAD):
            column[q * line] = values[q]

    return place, fetch, put


def rows_across(tile):
    """As `rows_along`, of real[depth, size], whose rows run across the depth."""
    quads, line = tile.span // QUAD, tile.line

    @inner
    def place(thread):
        return thread % quads * QUAD, thread // quads

    @inner
    def fetch(values, source, across, along, size, depth, whole):
        left = size - across if along < depth else 0
        _fetch(values, source, along * size + across, left, whole)

    @inner
    def put(slices, base, across, along, values):
        _store(slices, base + along * line + across, values, 0)

    return place, fetch, put
