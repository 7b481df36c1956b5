"""Named arrays in a file, in the format safetensors.

Eight bytes of length, a header in JSON, then all numbers one behind the other:
github.com/huggingface/safetensors, section Format. Other programs read these files.
"""

import json
import math
from collections.abc import Mapping
from os import PathLike
from typing import Any

import numpy as np

_NAMES = {
    "F64": np.float64,
    "F32": np.float32,
    "F16": np.float16,
    "I8": np.int8,
    "U8": np.uint8,
    "U16": np.uint16,
    "U32": np.uint32,
}
_OF = {np.dtype(kind): name for name, kind in _NAMES.items()}
_ALIGNED = 8
# Above it a header is no header, and reading it would only take memory.
_LONGEST = 100_000_000


def write_tensors(
    path: str | PathLike, tensors: Mapping[str, np.ndarray], about: Mapping[str, str]
) -> int:
    """Write arrays and a few words about them; returns the bytes of the file.

    tensors: of float16 to float64, int8, or uint8 to uint32. OSError where the file
    cannot be written.
    """
    header: dict[str, Any] = {"__metadata__": dict(about)}
    end = 0
    for name, array in tensors.items():
        start, end = end, end + array.nbytes
        header[name] = {
            "dtype": _OF[array.dtype],
            "shape": list(array.shape),
            "data_offsets": [start, end],
        }
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % _ALIGNED)
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for array in tensors.values():
            little = array.astype(array.dtype.newbyteorder("<"), copy=False)
            file.write(np.ascontiguousarray(little).tobytes())
        return file.tell()


def read_tensors(
    path: str | PathLike,
) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """(arrays by name, the words about them) of a file.

    ValueError in one sentence where it is no such file, or a part of one; OSError where
    it cannot be read.
    """
    with open(path, "rb") as file:
        size = file.seek(0, 2)
        file.seek(0)
        length = int.from_bytes(file.read(8), "little")
        if not 2 <= length <= min(size - 8, _LONGEST):
            raise ValueError(f"{path} is no safetensors file, or only a part of one")
        try:
            header = json.loads(file.read(length))
            about = header.pop("__metadata__", {})
            places = {name: _place(entry) for name, entry in header.items()}
        except (ValueError, KeyError, TypeError, AttributeError):
            raise ValueError(
                f"{path} is no safetensors file: its header cannot be read"
            ) from None
        start, tensors = 8 + length, {}
        for name, (kind, shape, first) in places.items():
            count = math.prod(shape)
            if start + first + count * np.dtype(kind).itemsize > size:
                raise ValueError(f"{path} ends before the numbers of {name!r} do")
            file.seek(start + first)
            little = np.dtype(kind).newbyteorder("<")
            numbers = np.fromfile(file, little, count)
            tensors[name] = numbers.astype(kind, copy=False).reshape(shape)
    return tensors, about


def _place(entry):
    """(dtype, shape, first byte) of an entry of the header."""
    shape = tuple(entry["shape"])
    first, end = entry["data_offsets"]
    kind = _NAMES[entry["dtype"]]
    whole = all(type(n) is int and n >= 0 for n in (*shape, first, end))
    if not whole or end - first != math.prod(shape) * np.dtype(kind).itemsize:
        raise ValueError("an entry whose bytes and shape differ")
    return kind, shape, first
