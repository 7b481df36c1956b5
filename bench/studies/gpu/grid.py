"""The `grid` of a measurement: a step of w-w-w-10 over widths and batches."""

from ...measurement.peers.case import Case
from ...measurement.peers.work import Work, make_work
from .cases import cases
from .compilation import compile_seconds, kernels_of
from .network_step import NetworkStep
from .processes import cpu_process, seconds_of
from .settings import GpuSettings
from .target import to_target
from .whole_training import whole

GPU_ROWS = ("gpu kernels", "gpu step", "gpu with transfers")
# A row may take this share of the time that is left, or it is left out.
SHARE = 0.15
# Of the CPU's ceiling, that a step reaches at least where it lasts long.
REACHED = 0.3
# Operations a second of a thread, where no ceiling was measured.
USUAL = 5e10


def measure(settings: GpuSettings, part) -> list[dict]:
    """An entry a network and batch, by width and batch."""
    compiled = {}
    with cpu_process() as ours, cpu_process() as blas:
        for case in part.while_time((case.label, case) for case in cases(settings)):
            point = GridPoint(case, settings, part, {"ours": ours, "blas": blas})
            entry = point.measure()
            kernels = kernels_of(case.sizes, case.batch)
            if kernels not in compiled:
                compiled[kernels] = compile_seconds(case, part)
            part.add({**entry, "compile_seconds": compiled[kernels]})
            for process in (ours, blas):
                process.ask("forget")
    return sorted(part.found, key=lambda entry: (entry["width"], entry["batch"]))


class GridPoint:
    """One network and batch, on all that it is measured on."""

    def __init__(self, case: Case, settings: GpuSettings, part, processes) -> None:
        self.case, self.settings, self.part = case, settings, part
        self.processes = processes
        shape = (case.kind, case.sizes, case.batch, case.rows, 1)
        self.work: Work = make_work(*shape, settings.threads, settings.seed, epochs=1)
        self.steps = case.rows // case.batch
        self.rows = {}

    def measure(self) -> dict:
        """The entry, but for the compilation."""
        case, step = self.case, NetworkStep(self.work)
        self._prepare_cpu()
        whole(self.work, 1)  # what a first training loads
        found = {name: [] for name in (*self.rows, *GPU_ROWS)}
        for _ in range(self.settings.samples):
            for name, process in self.rows.items():
                found[name] += seconds_of(process.ask("sample", name))
            for name, seconds in zip(GPU_ROWS, self._on_gpu(step), strict=True):
                found[name].append(seconds)
        reached = {"steps_to_target": None, "to_target": None}
        if "cpu all threads" in self.rows:
            reached = to_target(self)
        return {
            "width": case.sizes[0],
            "batch": case.batch,
            "network": case.name,
            "parameters": case.parameters,
            "multiply_adds": case.flops // 2,
            "training_steps": self.settings.epochs * self.steps,
            "seconds": found,
            "bytes_device": step.bytes(),
            **reached,
        }

    def _on_gpu(self, step: NetworkStep) -> tuple[float, float, float]:
        """Seconds a step, as `GPU_ROWS` are called."""
        kernels = step.sample(self.settings.sample_seconds)
        history, seconds = whole(self.work, self.settings.epochs)
        steps = self.settings.epochs * self.steps
        return kernels, history.seconds / steps, seconds / steps

    def _prepare_cpu(self) -> None:
        """Make the CPU's rows ready, but for those that would take too long."""
        every = self.settings.threads
        for name, (key, peer, threads) in {
            "cpu one thread": ("ours", "gradclinic_kernels", 1),
            "cpu all threads": ("ours", "gradclinic_kernels", every),
            "BLAS": ("blas", "numpy_loop", every),
        }.items():
            if self.expected(threads) * (3 + self.settings.samples) > self.allowed:
                self.part.leave_out(
                    f"grid: {self.case.label}, {name}: it would have taken too long."
                )
                continue
            process = self.processes[key]
            request = self.case.request(peer, threads, self.settings.seed)
            if reason := process.ask("prepare", name, request).get("reason"):
                self.part.leave_out(f"grid: {self.case.label}, {name}: {reason}")
            else:
                self.rows[name] = process

    @property
    def allowed(self) -> float:
        """Seconds that a row may take."""
        return SHARE * max(0.0, self.part.left)

    def expected(self, threads: int) -> float:
        """Seconds of an epoch on the CPU, at least."""
        ceilings = self.part.content.get("ceilings") or {}
        most = ceilings.get("cpu_flops_per_s") or USUAL * self.settings.threads
        share = REACHED * threads / self.settings.threads
        return self.steps * self.case.flops / (share * most)
