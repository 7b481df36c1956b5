"""Windows that pools take their numbers from: how many fit, and how they are told."""

from .layer import LayerPlan, check_room
from .validation import check_pair

# Up to which float32 holds every whole number: places in a window are kept as floats.
EXACT = 2**24


def image_of(layer, shape):
    """shape (h, w, c); ValueError for one of other axes."""
    if len(shape) != 3:
        name = type(layer).__name__
        raise ValueError(
            f"{name} takes rows of shape (height, width, channels), got {shape}"
        )
    return shape


def line_of(layer, shape):
    """(1, t, c), an image of one line, of shape (t, c); ValueError for other axes."""
    if len(shape) != 2:
        name = type(layer).__name__
        raise ValueError(f"{name} takes rows of shape (tokens, channels), got {shape}")
    return (1, *shape)


def pairs(layer):
    """(size, stride) of a pool as pairs (height, width); stride None is the size."""
    size = check_pair("size", layer.size)
    return size, size if layer.stride is None else check_pair("stride", layer.stride)


def plan_pool(layer, image, size, stride, kept=False):
    """The `LayerPlan` of a pool; ValueError where no window fits.

    image: (h, w, c); size, stride: pairs. kept: does it keep a number an output?
    geometry: width, channels, size, stride, height and width of the output.
    """
    *axes, c = image
    check_room(layer, size, axes)
    fit = tuple(
        (n - s) // step + 1 for n, s, step in zip(axes, size, stride, strict=True)
    )
    if kept and (size[0] * axes[1] + size[1]) * c > EXACT:
        name = type(layer).__name__
        raise ValueError(f"a window of {name} must span at most {EXACT:,} numbers")
    outputs = fit[0] * fit[1] * c
    return LayerPlan(
        (*fit, c),
        kept=outputs if kept else 0,
        work=outputs * size[0] * size[1],
        geometry=(axes[1], c, *size, *stride, *fit),
    )
