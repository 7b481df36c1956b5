"""Where to train: on the processor, or on a GPU that is there and worth its while."""

import warnings

from numba import config

from .driver import absence
from .validation import check_choice

DEVICES = ("auto", "cpu", "cuda")
# Multiply-adds of a step, of all runs together, from which "auto" takes a GPU: a
# choice, not yet measured on one. A small step is over before a GPU's launches are.
LEAST_WORK = 50_000_000
# Why this process gets nothing more from its GPU, once that is so.
_lost: list[str] = []


class DeviceError(RuntimeError):
    """A GPU that cannot be used, or what failed on it, in one sentence.

    begun: had a training begun there?
    """

    begun = True


class DeviceLost(DeviceError):
    """A GPU from which this process gets no more results."""


class DeviceWarning(UserWarning):
    """That the CPU trains what a GPU was to train, and why, in one sentence."""


def chosen_device(device, work=0, reason=None):
    """Where to train, "cpu" or "cuda".

    device: "cpu"; "cuda"; or "auto", which is CUDA where a GPU can be used, the step is
    of at least `LEAST_WORK` multiply-adds, and nothing hinders; a GPU that was lost is
    warned of. work: multiply-adds of a step; reason: why a GPU cannot do this
    training, in one sentence, or None. Raises ValueError where it cannot though "cuda"
    was asked for, `DeviceError` where there is no GPU to use. Numba's simulator is a
    GPU, but not to "auto". Which of several GPUs is used CUDA_VISIBLE_DEVICES says.
    """
    check_choice("device", device, DEVICES)
    simulated = bool(getattr(config, "ENABLE_CUDASIM", 0))
    if device == "cpu":
        return "cpu"
    if device == "auto":
        if reason or work < LEAST_WORK or simulated or absence():
            return "cpu"
        if _lost:
            warn_of_cpu(_lost[0])
            return "cpu"
    elif reason:
        raise ValueError(reason)
    elif not simulated and (reason := absence()):
        raise DeviceError(reason)
    if _lost:
        raise DeviceLost(_lost[0])
    return "cuda"


def failure():
    """Why the GPU here does not run a tiny kernel, in one sentence; None where it does.

    Compiles it, which takes seconds; only where `absence` has found nothing.
    """
    stage = ["loading numba-cuda"]
    try:
        from .cuda.trial import try_gpu

        try_gpu(stage.append)
    except DeviceError as error:
        return str(error)
    except Exception as error:
        told = next(iter(str(error).strip().splitlines()), "no more is said")
        return (
            f"The GPU cannot be used: {stage[-1]} failed"
            f" ({type(error).__name__}: {told.rstrip('.')})."
        )
    return None


def warn_of_cpu(reason):
    """Warn that the CPU trains in place of a GPU; reason: a sentence."""
    warnings.warn(f"{reason} The CPU trains instead.", DeviceWarning, stacklevel=2)


def lose_device(reason):
    """Note that this process gets nothing more from its GPU; reason: a sentence."""
    _lost.append(reason)
