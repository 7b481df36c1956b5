"""A case as calls that train it, for what is timed within one process."""

import time
from collections.abc import Callable
from typing import Any

from ....kernels import train, train_population
from ...measurement.peers.case import Case
from ...measurement.peers.work import make_work
from ...measurement.timing import SAMPLE_SECONDS


def stepper(case: Case, seed: int, threads: int, **options) -> Callable[[], float]:
    """A call that trains for at least a sample's time; returns seconds a step.

    Seconds are those inside the compiled loop; of a population, the wall time of the
    call, for each network's step.
    """
    shape = (case.kind, case.sizes, case.batch, case.rows, case.networks)
    made = {"epochs": 1, "architecture": case.architecture}
    work = make_work(*shape, threads, seed, **made)
    net, steps = work.net(), case.rows // case.batch
    settings: dict[str, Any] = {"batch_size": case.batch, "threads": threads}
    settings |= {"device": "cpu", **options}

    def seconds(epochs):
        if case.kind == "population":
            seeds = range(case.networks)
            began = time.perf_counter()
            train_population(
                net, work.x, work.y, seeds, 1e-3, epochs=epochs, **settings
            )
            return (time.perf_counter() - began) / case.networks
        params = work.starts[0].copy()
        return train(net, params, work.x, work.y, epochs=epochs, **settings).seconds

    seconds(1)
    epochs = max(1, round(SAMPLE_SECONDS / max(seconds(1), 1e-6)))
    return lambda: seconds(epochs) / epochs / steps
