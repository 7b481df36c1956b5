"""What the libraries of a GPU raise while it trains, as one sentence of ours.

An error is known by the package it comes from and by the name or the words of its code,
so that none of those packages has to be imported.
"""

import re
from contextlib import contextmanager

from ..device import DeviceError, DeviceLost, lose_device

# Where what concerns the driver is defined. torch and cupy are there for cuBLAS.
_HOMES = ("numba.cuda.cudadrv.", "cuda.", "cupy", "torch.")
# How a code of the driver, the runtime or cuBLAS is called, ...
_CODE = re.compile(r"CUDA_ERROR_[A-Z_]+|cudaError[A-Z]\w+|CUBLAS_STATUS_[A-Z0-9_]+")
# ... and what such a code, or the words for it, mean. Names of <cuda.h>.
_MEMORY = re.compile(r"out.?of.?memory|memory.?allocation|alloc.?failed")
# After these the driver gives the process nothing more: `CUresult` in <cuda.h>.
_KERNEL = re.compile(
    r"illegal.?(address|memory|instruction)|misaligned.?address|invalid.?address.?space"
    r"|invalid.?(pc|program)|launch.?(failed|failure|time)|hardware.?stack|assert"
    r"|execution.?failed"
)
_LOST = re.compile(
    r"no.?device|device.?(unavailable|not.?licensed)|uncorrectable|deinitialized"
    r"|context.?is.?destroyed|system.?not.?ready|contained|error.?at.?driver.?init"
)
_ASKED = re.compile(r"(?:Tried to allocate|allocating) ([\d.,]+ \w+)")


@contextmanager
def device_errors(needed=None):
    """Raise what the GPU's libraries raise inside as `DeviceError` or `DeviceLost`.

    needed: bytes the training puts on the device, where they are known. Errors of any
    other kind pass as they are.
    """
    try:
        yield
    except Exception as error:
        if isinstance(error, DeviceError) or not _of_device(error):
            raise
        raise _translated(error, needed) from error


@contextmanager
def starting():
    """Nothing is trained inside yet: a `DeviceError` that leaves it is marked so."""
    try:
        with device_errors():
            yield
    except DeviceError as error:
        error.begun = False
        raise


def _of_device(error):
    """Does the error, or its own words, come from a library of the GPU?"""
    homes = [f"{each.__module__}." for each in type(error).__mro__]
    if any(home.startswith(_HOMES) for home in homes):
        return True
    # torch has raised plain RuntimeErrors too, and `record` and `library` do.
    said = str(error)
    return isinstance(error, RuntimeError) and (
        said.startswith("CUDA ") or _CODE.match(said) is not None
    )


def _translated(error, needed):
    told = f"{getattr(error, 'code', '')} {error}"
    named = _CODE.search(told)
    words = re.sub("(?<=[a-z])(?=[A-Z])", " ", told).lower()
    if _MEMORY.search(words):
        return DeviceError(_out_of_memory(told, needed))
    first = next((line.strip() for line in str(error).splitlines() if line.strip()), "")
    what = named[0] if named else first.rstrip(".:") or type(error).__name__
    if _KERNEL.search(words):
        sentence = (
            f"A kernel failed on the GPU in the middle of training ({what}); this"
            " process gets nothing more from the GPU: start it again."
        )
        lose_device(sentence)
        return DeviceError(sentence)
    if _LOST.search(words):
        sentence = f"The GPU is lost ({what}); nvidia-smi may say why."
        lose_device(sentence)
        return DeviceLost(sentence)
    return DeviceError(f"The GPU's driver refuses to go on ({what}).")


def _out_of_memory(told, needed):
    asked = f"{needed:,} bytes" if needed else None
    if found := _ASKED.search(told):
        asked = found[1]
    said = f" ({asked} were asked for)" if asked else ""
    return (
        f"The GPU is out of memory{said}: take a smaller batch or fewer runs at a time,"
        " or train on the CPU."
    )
