"""The largest of a window, for as many channels as a register has lanes at once.

Written for LLVM directly: for a few channels the compiler would make a branch of each
comparison, which a processor guesses wrong half of the time.
"""

from numba import types
from numba.core import cgutils

from .jit import inner, intrinsic
from .registers import BYTES, Lanes

_PAIR, _TRIPLE = (types.UniTuple(types.int64, count) for count in (2, 3))


def _build(context, builder, signature, arguments):
    places, counts, steps = (
        cgutils.unpack_tuple(builder, value, kind.count)
        for kind, value in zip(signature.args[3:6], arguments[3:6], strict=True)
    )
    y, kept, x = (
        builder.gep(context.make_array(kind)(context, builder, value).data, [place])
        for kind, value, place in zip(
            signature.args[:3], arguments[:3], places, strict=True
        )
    )
    real = context.get_value_type(signature.args[0].dtype)
    lanes = Lanes(builder, real, 1, arguments[6])
    best = cgutils.alloca_once_value(builder, lanes.load(x, 0))
    where = cgutils.alloca_once_value(builder, lanes.zero)
    with (
        cgutils.for_range(builder, counts[0]) as down,
        cgutils.for_range(builder, counts[1]) as across,
    ):
        offset = builder.add(
            builder.mul(down.index, steps[0]), builder.mul(across.index, steps[1])
        )
        value, most = lanes.load(builder.gep(x, [offset]), 0), builder.load(best)
        # NaN is larger than all: divergence stays visible.
        larger = builder.or_(
            builder.fcmp_ordered(">", value, most),
            builder.fcmp_unordered("uno", value, value),
        )
        place = lanes.splat(builder.sitofp(offset, real))
        builder.store(builder.select(larger, value, most), best)
        builder.store(builder.select(larger, place, builder.load(where)), where)
    lanes.store(builder.load(best), y, 0)
    lanes.store(builder.load(where), kept, 0)
    return context.get_dummy_value()


@intrinsic
def _some(_context, y, kept, x, places, counts, steps, width):
    """As `find_largest`, for as many channels as a register has lanes, or fewer."""
    sig = types.void(y, kept, x, _TRIPLE, _PAIR, _PAIR, types.int64)
    return sig, _build


@inner
def find_largest(y, kept, x, places, counts, steps, channels):
    """y = the largest of each channel in a window of x; kept: how far from its corner.

    places: entries at which y, kept and the window begin; counts: its lines and
    columns; steps: entries from a line and from a column to the next. kept is counted
    in entries of x.
    """
    lanes = BYTES // y.itemsize
    for c in range(0, channels, lanes):
        at = (places[0] + c, places[1] + c, places[2] + c)
        _some(y, kept, x, at, counts, steps, min(lanes, channels - c))
