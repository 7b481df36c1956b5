"""Images and labels in MNIST's file format, IDX, compressed by gzip or not."""

import gzip
import zlib
from pathlib import Path

import numpy as np

from .table import DataError, Table

_BYTES = 0x08  # the code of unsigned bytes, the third byte of the magic number


def _whole(path):
    """All bytes of a file, unpacked where it begins as gzip does."""
    if not path.is_file():
        raise DataError(f"there is no file {path}")
    try:
        held = path.read_bytes()
        return gzip.decompress(held) if held[:2] == b"\x1f\x8b" else held
    except (OSError, EOFError, zlib.error) as error:
        reason = " ".join(str(error).split())
        raise DataError(f"{path.name} cannot be read: {reason}") from error


def read_array(path, axes):
    """uint8 array of an IDX file with so many axes.

    Its head: two zero bytes, the type (8: unsigned bytes), the number of axes, then
    each axis' length as a big-endian 32-bit number. Source: LeCun, Cortes & Burges,
    "The MNIST database", file formats. DataError where the head or the size is wrong.
    """
    path = Path(path)
    held = _whole(path)
    head = 4 + 4 * axes
    wanted = bytes((0, 0, _BYTES, axes))
    if held[:4] != wanted:
        raise DataError(
            f"{path.name} begins with {held[:4].hex() or 'nothing'}, not with"
            f" {wanted.hex()}, the magic number of an IDX file of bytes with {axes}"
            f" {'axis' if axes == 1 else 'axes'}"
        )
    shape = np.frombuffer(held[4:head].ljust(4 * axes, b"\0"), ">u4").astype(int)
    expected = head + int(np.prod(shape))
    if len(held) != expected:
        state = "truncated" if len(held) < expected else "too long"
        raise DataError(
            f"{path.name} is {state}: it holds {len(held):,} bytes, and its head says"
            f" {expected:,}"
        )
    return np.frombuffer(held, np.uint8, offset=head).reshape(tuple(shape))


def read_idx(images, labels):
    """The table of two IDX files, as MNIST has them: pixels from 0 to 1, classes.

    images: the path of a file of [rows, height, width]; labels: of [rows]. The
    features are the pixels row by row. DataError where a file is missing, not IDX of
    bytes, truncated, or the two differ in their rows.
    """
    x, y = read_array(images, 3), read_array(labels, 1)
    if len(x) != len(y):
        raise DataError(
            f"{Path(images).name} has {len(x):,} images and {Path(labels).name}"
            f" {len(y):,} labels: they must be as many"
        )
    if not len(y):
        raise DataError(f"{Path(labels).name} holds no label")
    size = " x ".join(str(side) for side in x.shape[1:])
    about = f"{Path(images).name}: {len(x):,} images of {size}"
    classes = int(y.max()) + 1
    return Table(
        x.reshape(len(x), -1) / 255.0,
        y[:, None].astype(np.float64),
        classes,
        f"{about} pixels in {classes} classes.",
    )
