"""The `populations` of a measurement: small networks side by side, CPU and GPU."""

from ....kernels.cuda.population import DeviceRuns
from ....kernels.cuda.scalars import Scalars
from ....kernels.cuda.shapes import steps_of
from .population_training import PopulationTraining, on_gpu
from .processes import cpu_process, seconds_of
from .settings import GpuSettings


def measure(settings: GpuSettings, part) -> list[dict]:
    """An entry a number of networks: seconds a step of one network, in turns."""
    batch, entries = settings.population_batch, []
    rows = batch * settings.population_steps
    with cpu_process() as cpu:
        counts = [(f"{count} networks", count) for count in settings.networks]
        for count in part.while_time(counts):
            request = {
                "sizes": settings.population, "batch": batch, "rows": rows,
                "networks": count, "seed": settings.seed,
                "least": 2 * settings.sample_seconds,
            }  # fmt: skip
            entries.append(_entry(request, cpu, settings, part))
    return entries


def _entry(request: dict, cpu, settings: GpuSettings, part) -> dict:
    gpu = PopulationTraining(on_gpu, **request)
    gpu.ready()
    answer = cpu.ask("prepare_population", "all", request, settings.threads)
    if reason := answer.get("reason"):
        part.leave_out(f"populations: {request['networks']} on the CPU: {reason}")
    found = {"cpu all threads": [], "gpu": []}
    for _ in range(settings.samples):
        found["gpu"].append(gpu.sample()["seconds"])
        if not reason:
            found["cpu all threads"] += seconds_of(cpu.ask("sample", "all"))
    cpu.ask("forget")
    job, runs = gpu.arranged(1)
    shared = DeviceRuns(job, runs, Scalars(job, runs.hyper, steps_of(job))).shared > 0
    return {
        "networks": request["networks"],
        "network": "-".join(map(str, request["sizes"])), "batch": request["batch"],
        "seconds": found, "shared_memory": shared,
    }  # fmt: skip
