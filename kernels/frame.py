"""The numbers of a convolution, and the widths of its lines with their zeros."""

from typing import NamedTuple

from . import table
from .jit import inner


class Frame(NamedTuple):
    """The numbers of a convolution, as they stand in the table's geometry.

    height, width, channels: of the input; (kernel_h, kernel_w): of the window; above,
    before: zeros; (p, q): height and width of the output.
    """

    height: int
    width: int
    channels: int
    kernel_h: int
    kernel_w: int
    stride_h: int
    stride_w: int
    dilation_h: int
    dilation_w: int
    above: int
    before: int
    groups: int
    p: int
    q: int


@inner
def frame(row):
    """The `Frame` in a line of the table."""
    g = table.GEOMETRY
    return Frame(
        row[g],
        row[g + 1],
        row[g + 2],
        row[g + 3],
        row[g + 4],
        row[g + 5],
        row[g + 6],
        row[g + 7],
        row[g + 8],
        row[g + 9],
        row[g + 10],
        row[g + 11],
        row[g + 12],
        row[g + 13],
    )


def padded_width(f):
    """Columns of a row of the input with its zeros; its own where it needs none."""
    needed = (f.q - 1) * f.stride_w + (f.kernel_w - 1) * f.dilation_w + 1
    return max(f.width + f.before, needed)


def padded_delta(f):
    """(zeros before, columns in all) of a row of deltas, for the input's deltas."""
    reach = f.before - (f.kernel_w - 1) * f.dilation_w
    first = max(0, -(reach // f.stride_w))
    return first, first + max(f.q, (f.width - 1 + f.before) // f.stride_w + 1)


def kept_size(f, outputs):
    """Numbers a row keeps: the input and the deltas with their zeros, where needed."""
    wide, across = padded_width(f), padded_delta(f)[1]
    size = f.height * wide * f.channels if wide > f.width else 0
    return size + (f.p * across * outputs if across > f.q else 0)
