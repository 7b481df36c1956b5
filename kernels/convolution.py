"""Convolution of images, channels innermost, without writing its windows out.

y[p, q, :] = sum over a, b, k of x[p sh + a dh - above, q sw + b dw - before, k] W[a, b,
k, :], the cross-correlation that the field calls a convolution; outside of x there are
zeros. (sh, sw) strides, (dh, dw) dilations. In g groups, channels of the output see
those of the input in their group only. A row of an image gets its zeros beside it in
what the layer keeps; rows above and below are left out of the sums.
Source: LeCun et al. (1998), section II; Yu & Koltun (2016), eq. 2, for dilation;
Krizhevsky et al. (2012), section 3.5, for groups.
"""

import math

from . import table
from .activations import bend
from .frame import frame, padded_delta, padded_width
from .jit import inner
from .registers import BYTES, on_stack
from .views import vector
from .windows import multiply_windows

# Of a panel of turned weights: rows of two registers each.
DEEPEST = 1024
_panel = on_stack(2 * DEEPEST * BYTES)
_padded_width, _padded_delta = inner(padded_width), inner(padded_delta)


@inner
def spread(to, source, lines, width, first, across):
    """Lines of `width` numbers, put `first` behind the start of lines of `across`."""
    for line in range(lines):
        out, x = vector(to, line * across, across), vector(source, line * width, width)
        for k in range(first):
            out[k] = 0
        for k in range(width):
            out[first + k] = x[k]
        for k in range(first + width, across):
            out[k] = 0


@inner
def row_of(x, r):
    """Row r of float[b, m]."""
    return vector(x, r * x.shape[1], x.shape[1])


@inner
def inside(start, step, count, limit):
    """(first, end) of the numbers k below count with 0 <= start + k step < limit.

    step > 0.
    """
    first = max(0, -(start // step)) if start < 0 else 0
    end = (limit - 1 - start) // step + 1 if start < limit else 0
    return first, max(first, min(count, end))


@inner
def walk_of(f):
    """How a window is walked along a line: ((middle, depth), their steps).

    At once where its entries follow each other, else column by column.
    """
    each = f.channels // f.groups
    if f.groups == 1 and f.dilation_w == 1:
        return (1, f.kernel_w * each), (0, 1)
    return (f.kernel_w, each), (f.dilation_w * f.channels, 1)


@inner
def padded_rows(kept, x, f, wide):
    """x with its zeros in kept, where it needs any."""
    if wide == f.width:
        return
    c = f.channels
    for r in range(x.shape[0]):
        to, image = row_of(kept, r), row_of(x, r)
        spread(to, image, f.height, f.width * c, f.before * c, wide * c)


@inner
def convolve(y, kept, x, w, row):
    """y = f(windows(x) W + b). y: float[b, p q o]; w: W, then b; kept: x with zeros."""
    f, o = frame(row), row[table.COLUMNS]
    wide, each, outputs = _padded_width(f), f.channels // f.groups, o // f.groups
    (middle, depth), (across, step) = walk_of(f)
    padded_rows(kept, x, f, wide)
    image = kept if wide > f.width else x
    strides = (o, f.stride_w * f.channels, o, 0)
    steps = (f.dilation_h * wide * f.channels, across, step)
    for r in range(x.shape[0]):
        for p in range(f.p):
            top = p * f.stride_h - f.above
            first, end = inside(top, f.dilation_h, f.kernel_h, f.height)
            line = (top + first * f.dilation_h) * wide * f.channels
            counts = (end - first, middle, depth)
            for group in range(f.groups):
                places = (
                    r * y.shape[1] + p * f.q * o + group * outputs,
                    r * image.shape[1] + line + group * each,
                    first * middle * depth * o + group * outputs,
                    row[table.ROWS] * o + group * outputs,
                )
                sizes = (f.q, outputs)
                multiply_windows(
                    y, image, w, w, places, strides, counts, steps, sizes, True
                )
        bend(row_of(y, r), row[table.ACTIVATION])


@inner
def taps(phase, stride, dilation, kernel):
    """(first, step, count) of the k below kernel with k dilation = phase mod stride."""
    step = stride // math.gcd(stride, dilation)
    for first in range(min(step, kernel)):
        if (phase - first * dilation) % stride == 0:
            return first, step, (kernel - first - 1) // step + 1
    return 0, step, 0


@inner
def turn(panel, w, place, down, across, sizes, strides):
    """panel[(u, v, f), k] = w[a, b, k, f], for the taps (a, b) of a phase.

    down, across: taps; place: entry of the first weight; sizes: (f, k); strides:
    entries of w from an a, a b and a k to the next.
    """
    width, source = 2 * BYTES // panel.itemsize, vector(w, place, 0)
    for u in range(down[2]):
        for v in range(across[2]):
            at = (down[0] + u * down[1]) * strides[0]
            at += (across[0] + v * across[1]) * strides[1]
            line = (u * across[2] + v) * sizes[0] * width
            for k in range(sizes[1]):
                for f in range(sizes[0]):
                    panel[line + f * width + k] = source[at + k * strides[2] + f]


@inner
def carry_phase(dx, deltas, panel, f, places, phases, down, across, sizes):
    """Add to the columns and lines of dx of a phase what their taps bring.

    places: entries of a row of dx and of deltas from which channels count; sizes: (f,
    k, o, zeros before a line of deltas, columns of one).
    """
    outputs, columns, o, lead, wide = sizes
    start, side = (phases[1] - f.before) % f.stride_w, 2 * BYTES // panel.itemsize
    if start >= f.width:
        return
    many = (f.width - 1 - start) // f.stride_w + 1
    right = (start + f.before - across[0] * f.dilation_w) // f.stride_w
    fall = down[1] * f.dilation_h // f.stride_h
    steps = (-fall * wide * o, -(across[1] * f.dilation_w // f.stride_w) * o, 1)
    strides = (f.stride_w * f.channels, o, side, f.stride_w * f.channels)
    for r in range(dx.shape[0]):
        for i in range((phases[0] - f.above) % f.stride_h, f.height, f.stride_h):
            line = (i + f.above - down[0] * f.dilation_h) // f.stride_h
            first = max(0, -((f.p - 1 - line) // fall))
            end = min(down[2], line // fall + 1)
            if first >= end:
                continue
            to = r * dx.shape[1] + (i * f.width + start) * f.channels + places[0]
            at = (
                to,
                r * deltas.shape[1]
                + ((line - first * fall) * wide + lead + right) * o
                + places[1],
                first * across[2] * outputs * side,
                to,
            )
            counts = (end - first, across[2], outputs)
            multiply_windows(
                dx, deltas, panel, dx, at, strides, counts, steps, (many, columns), True
            )


@inner
def padded_deltas(kept, dz, f, o):
    """(entry of a row of kept at which they begin, zeros before a line, its columns).

    dz with its zeros in kept, behind the input's; begin is -1 where it needs none.
    """
    (lead, wide), padded = _padded_delta(f), _padded_width(f)
    if wide == f.q:
        return -1, lead, wide
    begin = f.height * padded * f.channels if padded > f.width else 0
    for r in range(dz.shape[0]):
        to, lines = vector(kept, r * kept.shape[1] + begin, 0), row_of(dz, r)
        spread(to, lines, f.p, f.q * o, lead * o, wide * o)
    return begin, lead, wide


@inner
def carry_back(dx, dz, kept, w, row):
    """dx = what each window's dz W^T adds. Rows of a panel are turned weights."""
    f, o = frame(row), row[table.COLUMNS]
    each, outputs, panel = f.channels // f.groups, o // f.groups, _panel(dx)
    begin, lead, wide = padded_deltas(kept, dz, f, o)
    deltas = dz if begin < 0 else kept
    strides, side = (f.kernel_w * each * o, each * o, o), 2 * BYTES // dx.itemsize
    dx[:] = 0
    for phase in range(f.stride_h * f.stride_w):
        phases = phase // f.stride_w, phase % f.stride_w
        down = taps(phases[0], f.stride_h, f.dilation_h, f.kernel_h)
        across = taps(phases[1], f.stride_w, f.dilation_w, f.kernel_w)
        if down[2] * across[2] == 0:
            continue
        most = min(outputs, DEEPEST // (down[2] * across[2]))
        for group in range(f.groups):
            for k in range(0, each, side):
                columns = min(side, each - k)
                for first in range(0, outputs, most):
                    some, behind = min(most, outputs - first), group * outputs + first
                    turn(
                        panel, w, k * o + behind, down, across, (some, columns), strides
                    )
                    places = group * each + k, max(begin, 0) + behind
                    sizes = some, columns, o, lead, wide
                    carry_phase(
                        dx, deltas, panel, f, places, phases, down, across, sizes
                    )


@inner
def sum_windows(dw, dz, kept, x, row, part, end, more):
    """dw = rows part to end of windows(x)^T dz, plus dw where `more`."""
    f, o = frame(row), row[table.COLUMNS]
    wide, each, outputs = _padded_width(f), f.channels // f.groups, o // f.groups
    (across, many), (beside, _) = walk_of(f)
    image = kept if wide > f.width else x
    steps = (f.stride_h * wide * f.channels, 0, f.stride_w * f.channels)
    for r in range(x.shape[0]):
        for tap in range(f.kernel_h * across * f.groups):
            group, a = tap % f.groups, tap // f.groups // across
            b = tap // f.groups % across
            begin = (a * across + b) * many
            low, high = max(part, begin), min(end, begin + many)
            if low >= high:
                continue
            top = a * f.dilation_h - f.above
            p, last = inside(top, f.stride_h, f.p, f.height)
            line = (p * f.stride_h + top) * wide * f.channels
            to = (low - part) * o + group * outputs
            places = (
                to,
                r * image.shape[1] + line + b * beside + group * each + low - begin,
                r * dz.shape[1] + p * f.q * o + group * outputs,
                to,
            )
            counts, sizes = (last - p, 1, f.q), (high - low, outputs)
            multiply_windows(
                dw,
                image,
                dz,
                dw,
                places,
                (o, 1, o, o),
                counts,
                steps,
                sizes,
                more or r > 0,
            )
