"""A process for the CPU's rows: another than the one that drives the GPU.

One such process holds our kernels and one NumPy's BLAS: pools of
threads of several libraries in one process slow each other down.
"""

from threadpoolctl import threadpool_limits

from ...measurement.peers.worker import PeerWorker
from ...measurement.worker_process import serve


class StepWorker(PeerWorker):
    """With shorter samples, for a grid has many points."""

    sample_seconds = 0.05


class CpuWorker:
    """Holds trainings by a key of the caller's."""

    def __init__(self, request: None = None) -> None:
        self.trainings = {}

    def forget(self) -> dict:
        """Let go of all trainings."""
        self.trainings.clear()
        return {}

    def prepare(self, key: str, request: dict) -> dict:
        """Make a peer ready; request: as `peers.worker` takes it."""
        worker = self.trainings[key] = StepWorker(request)
        with threadpool_limits(worker.work.threads, user_api="blas"):
            return worker.ready()

    def prepare_population(self, key: str, request: dict, threads: int) -> dict:
        """Make a population ready; request: arguments of `PopulationTraining`."""
        from .population_training import PopulationTraining, on_cpu

        training = self.trainings[key] = PopulationTraining(on_cpu(threads), **request)
        return training.ready()

    def sample(self, key: str) -> dict:
        """Seconds a step, of one network."""
        training = self.trainings[key]
        if not isinstance(training, StepWorker):
            return training.sample()
        with threadpool_limits(training.work.threads, user_api="blas"):
            return training.sample()

    def whole(self, key: str, epochs: int, rate: float) -> dict:
        """Seconds of a whole training of what is prepared, from its start."""
        from .whole_training import whole

        return {"seconds": whole(self.trainings[key].work, epochs, rate, "cpu")[1]}

    def ceilings(self, threads: int) -> dict:
        """Operations and bytes a second that all threads can do at most."""
        from ...measurement.ceilings import peak_gflops, triad_gb

        return {"flops": 1e9 * peak_gflops(threads), "bytes": 1e9 * triad_gb(threads)}


def main(descriptor: int) -> None:
    """Answer until the caller has gone."""
    serve(descriptor, CpuWorker)
