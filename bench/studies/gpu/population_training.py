"""Many small networks trained side by side, on either device."""

import time
from collections.abc import Callable

import numpy as np

from ....kernels.job import prepare
from ....kernels.memory import aligned
from ....kernels.threads import one_blas_thread
from ...measurement.peers.work import LR, make_work

SAMPLE_SECONDS = 0.1  # long enough that what is spent once a training hardly counts


class PopulationTraining:
    """Trains so many networks from parameters to parameters in the host's memory.

    train(job, runs): by whom. Starts are made before the clock runs. Seconds are those
    of a whole training, by all steps of all networks.
    """

    def __init__(
        self,
        train: Callable,
        sizes,
        batch: int,
        rows: int,
        networks: int,
        seed: int = 0,
        least: float = SAMPLE_SECONDS,
    ) -> None:
        work = make_work("population", tuple(sizes), batch, rows, 1, 1, seed, epochs=1)
        self.train, self.work, self.networks, self.least = train, work, networks, least
        self.net, self.seeds = work.net(), range(seed, seed + networks)
        self.starts = np.stack([self.net.init(s) for s in self.seeds])
        self.epochs = 1

    def arranged(self, epochs: int):
        """(`Job`, stacked `Run`) of a fresh training."""
        work, count = self.work, self.networks
        job, hyper = prepare(
            self.net,
            work.x,
            work.y,
            None,
            "float32",
            "adam",
            work.batch,
            epochs,
            {},
            count,
        )
        params = aligned(self.starts.shape, "float32")
        params[:] = self.starts
        return job, job.runs(self.seeds, params, [{**hyper, "lr": LR}] * count)

    def seconds(self, epochs: int) -> float:
        """Seconds of a training."""
        job, runs = self.arranged(epochs)
        began = time.perf_counter()
        self.train(job, runs)
        return time.perf_counter() - began

    def ready(self) -> dict:
        """Warm up, and choose how many epochs a sample takes."""
        self.seconds(1)
        while (seconds := self.seconds(self.epochs)) < self.least:
            more = int(self.epochs * min(10, 1.3 * self.least / seconds))
            self.epochs = max(self.epochs + 1, more)
        return {"epochs": self.epochs}

    def sample(self) -> dict:
        """Seconds a step, of one network."""
        steps = self.networks * self.epochs * (len(self.work.x) // self.work.batch)
        return {"seconds": self.seconds(self.epochs) / steps}


def on_cpu(threads: int) -> Callable:
    """Train on the processor, each thread whole networks."""

    def train(job, runs):
        count = min(threads, len(runs.params))
        courses = job.courses(runs, count)
        with one_blas_thread():
            job.train_population(courses)

    return train


def on_gpu(job, runs) -> None:
    """Train on the device, a block a network; rows and parameters are copied."""
    from ....kernels.cuda.population import train_population_on_device

    train_population_on_device(job, runs)
