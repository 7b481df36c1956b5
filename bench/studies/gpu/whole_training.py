"""Whole trainings by the public call, on either device."""

import time

import numpy as np

from ....kernels import train
from ...measurement.peers.work import LR


def whole(work, epochs: int, rate: float = LR, device: str = "cuda"):
    """(`History`, wall seconds) of a training from rows to parameters on the host."""
    params = work.starts[0].copy()
    began = time.perf_counter()
    history = train(
        work.net(),
        params,
        work.x,
        work.y,
        "adam",
        rate,
        work.batch,
        epochs,
        threads=work.threads,
        device=device,
    )
    return history, time.perf_counter() - began


def epochs_to(losses: np.ndarray, share: float) -> int | None:
    """Epochs until the loss is at most a share of the first epoch's; None if never."""
    below = np.flatnonzero(losses <= share * losses[0])
    return int(below[0]) + 1 if len(below) else None
