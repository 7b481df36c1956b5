"""The `populations` of a measurement: small networks side by side, CPU and GPU."""

from concurrent.futures import ThreadPoolExecutor

from ....kernels.cuda.device_runs import DeviceRuns
from ....kernels.cuda.jit import SIMULATED, cuda
from ....kernels.cuda.scalars import Scalars
from ....kernels.cuda.shapes import steps_of
from .population_training import PopulationTraining, on_gpu
from .processes import cpu_process, seconds_of
from .settings import GpuSettings

# Seconds: that the CPU may take to compile; that it has for an answer at least.
COMPILING, LEAST = 180.0, 10.0


def prepare(settings: GpuSettings) -> None:
    """Compile both kernels, side by side: the CPU's is then in the cache on disk."""
    if SIMULATED:  # which compiles nothing
        return
    request = _request(settings, min(settings.networks), 0.0)
    with cpu_process() as cpu, ThreadPoolExecutor(1) as pool:
        asked = ("prepare_population", "all", request, settings.threads)
        answer = pool.submit(cpu.ask, *asked, seconds=COMPILING)
        PopulationTraining(on_gpu, **request).ready()
        answer.result()


def measure(settings: GpuSettings, part) -> list[dict]:
    """An entry a number of networks: seconds a step of one network, in turns.

    In the order of the settings, which tells most first.
    """
    with cpu_process() as cpu:
        counts = [(f"{count} networks", count) for count in settings.networks]
        for count in part.while_time(counts):
            request = _request(settings, count, 2 * settings.sample_seconds)
            part.add(_entry(request, cpu, settings, part))
    return sorted(part.found, key=lambda entry: entry["networks"])


def _request(settings: GpuSettings, networks: int, least: float) -> dict:
    """Arguments of `PopulationTraining` but for who trains."""
    batch = settings.population_batch
    return {
        "sizes": settings.population,
        "batch": batch,
        "networks": networks,
        "rows": batch * settings.population_steps,
        "seed": settings.seed,
        "least": least,
    }


def _entry(request: dict, cpu, settings: GpuSettings, part) -> dict:
    gpu = PopulationTraining(on_gpu, **request)
    gpu.ready()
    asked = ("prepare_population", "all", request, settings.threads)
    answer = cpu.ask(*asked, seconds=max(LEAST, part.left))
    if reason := answer.get("reason"):
        part.leave_out(f"populations: {request['networks']} on the CPU: {reason}")
    found = {"cpu all threads": [], "gpu": []}
    for _ in range(settings.samples):
        found["gpu"].append(gpu.sample()["seconds"])
        if not reason:
            found["cpu all threads"] += seconds_of(cpu.ask("sample", "all"))
    cpu.ask("forget")
    return {
        "networks": request["networks"],
        "network": "-".join(map(str, request["sizes"])),
        "batch": request["batch"],
        "seconds": found,
        "shared_memory": _shared(gpu),
    }


def _shared(training: PopulationTraining) -> bool:
    """Does a network fit into a block's shared memory?"""
    job, runs = training.arranged(1)
    scalars = Scalars(job, runs.hyper, steps_of(job))
    return DeviceRuns(job, runs, scalars, cuda.stream()).shared > 0
