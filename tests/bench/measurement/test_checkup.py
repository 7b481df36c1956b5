"""Checks of `gradclinic doctor`, each judging made-up facts."""

from pathlib import Path

import pytest
from gradclinic.bench.measurement import checkup
from gradclinic.bench.measurement.checkup import (
    blas,
    compiler,
    cores,
    gpu,
    training,
    versions,
)
from gradclinic.bench.measurement.checkup import memory as memory_check
from gradclinic.bench.measurement.checkup.check import quiet
from gradclinic.bench.measurement.noise import HostNoise

GB = 1_000_000_000


def openblas(kernels, owner="scipy"):
    return {
        "owner": owner,
        "name": "openblas",
        "version": "0.3.30",
        "architecture": kernels,
        "threads": 2,
    }


def kernels(best, used, pin=None, rate=None, other=None):
    libraries = tuple(openblas(name) for name in used)
    return blas.kernels(blas.Kernels(best, libraries, pin, rate, other))


def test_avx512_pinned_to_haswell_costs_half_and_says_how_to_undo_it():
    check = kernels("AVX-512", ["Haswell"], "Haswell", rate=60.2, other=121.0)
    assert (check.verdict, check.next_step) == ("warn", "unset OPENBLAS_CORETYPE")
    assert check.found == (
        "The processor has AVX-512, but OpenBLAS uses its Haswell (AVX2) kernels:"
        " OPENBLAS_CORETYPE=Haswell pins them. Matrix products run at 60 GFLOP/s;"
        " without that at 121, 2.0 times the speed."
    )


def test_avx512_not_recognised_is_pinned_right():
    check = kernels("AVX-512", ["SkylakeX", "Zen"])
    assert check.verdict == "warn"
    assert "mistook" in check.found and "usually take twice as long" in check.found
    assert check.next_step == "export OPENBLAS_CORETYPE=SkylakeX"


def test_kernels_for_older_processors():
    check = kernels("AVX2", ["Katmai"])
    assert check.next_step == "export OPENBLAS_CORETYPE=Haswell"


def test_a_pin_that_costs_nothing_measurable_is_fine():
    check = kernels("AVX-512", ["Haswell"], "Haswell", rate=100.0, other=105.0)
    assert (check.verdict, check.next_step) == ("ok", "")


def test_a_haswell_pin_without_avx512_is_harmless():
    check = kernels("AVX2", ["Haswell"], pin="Haswell")
    assert (check.verdict, check.next_step) == ("ok", "")
    assert "harmless here: the processor has no AVX-512" in check.found


@pytest.mark.parametrize(
    ("best", "used"),
    [("AVX-512", "SkylakeX"), ("AVX2", "Zen"), (None, "neoversen1")],
)
def test_right_kernels(best, used):
    check = kernels(best, [used])
    assert check.verdict == "ok" and "right for this processor" in check.found


def test_a_blas_that_does_not_tell():
    assert kernels("AVX2", []).verdict == "ok"


def test_a_pin_is_seen_and_measured_by_the_real_look(monkeypatch):
    monkeypatch.setattr(blas, "best_level", lambda: "AVX-512")
    monkeypatch.setattr(blas, "blas_libraries", lambda: [openblas("Haswell")])
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell")
    facts = blas.kernel_facts()
    assert facts.pin == "Haswell"
    assert facts.rate > 0 and facts.other_rate > 0


def test_speed_is_a_figure():
    assert blas.speed(blas.Speed(87.4)).found.startswith("87 GFLOP/s")


def threads(**changes):
    facts = {"machine": 8, "usable": 8, "kernels": 8, "blas": (8,)} | changes
    return cores.threads(cores.Threads(**facts))


def test_threads():
    assert threads().verdict == "ok"
    quota = threads(usable=2)
    assert quota.verdict == "warn"
    assert quota.next_step == "export NUMBA_NUM_THREADS=2"
    assert "2 of 8 (affinity or a container" in quota.found
    idle = threads(kernels=1, variable="1")
    assert (idle.verdict, idle.next_step) == ("warn", "unset NUMBA_NUM_THREADS")
    assert threads(usable=4, kernels=4, blas=(1, 1)).verdict == "ok"


def svml(**changes):
    facts = {"x86": True, "in_use": False, "built_in": True, "disabled": False}
    return compiler.svml(compiler.Svml(**(facts | changes), numba="0.61.0"))


def test_svml():
    assert svml(in_use=True).found.startswith("In use")
    assert (svml().verdict, "intel-cmplr-lib-rt" in svml().next_step) == ("warn", True)
    assert svml(disabled=True).next_step == "unset NUMBA_DISABLE_INTEL_SVML"
    assert (svml(built_in=False).verdict, svml(built_in=False).next_step) == ("ok", "")
    assert svml(x86=False).verdict == "ok"


def cache(folder="/data/gradclinic/0123", **changes):
    facts = {"used": 10**6, "free": 10 * GB} | changes
    return compiler.cache(compiler.Cache(folder and Path(folder), **facts))


def test_cache():
    assert (cache().verdict, cache().next_step) == ("ok", "")
    nowhere = cache(None)
    assert nowhere.verdict == "warn" and "compiled anew" in nowhere.found
    full = cache(free=5_000_000)
    assert full.verdict == "warn" and "only 5 MB left" in full.found
    assert "temporary" in cache(temporary=True).found
    assert cache(used=2 * GB).next_step == "rm -r /data/gradclinic"


def test_cache_folder_under_the_home_is_short(monkeypatch):
    monkeypatch.setattr(Path, "home", lambda: Path("/data"))
    assert cache().found == "~/gradclinic/0123, 1 MB used."


def test_cache_folder_is_named_where_there_is_no_home(monkeypatch):
    def home():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", home)
    assert cache().found == "/data/gradclinic/0123, 1 MB used."


def test_training_is_tried():
    assert training.training(training.trained()).verdict == "ok"
    for loss in (0.69, float("nan"), float("inf")):
        failed = training.training(loss)
        assert (failed.verdict, bool(failed.next_step)) == ("fail", True)


def memory(available=8 * GB, limit=None, proc=True):
    facts = memory_check.Memory(16 * GB, available, limit, proc)
    return memory_check.memory(facts)


def test_memory():
    assert memory().found == "8.0 of 16.0 GB are free."
    assert "the container may use 4.0 GB" in memory(limit=4 * GB).found
    assert memory(available=GB // 2).verdict == "warn"
    assert "/proc" in memory(proc=False).found


PRESENT = {
    "names": ("H100",),
    "driver": "580.65.06",
    "device": True,
    "library": True,
    "numba_cuda": "0.30.4",
}


@pytest.mark.parametrize(
    ("changes", "verdict", "step"),
    [
        ({}, "ok", ""),
        ({"numba_cuda": None}, "warn", 'pip install "gradclinic[cuda13]"'),
        ({"driver": "535.1"}, "warn", "Update the driver to 580+."),
        ({"visible": ""}, "warn", "unset CUDA_VISIBLE_DEVICES"),
        ({"library": False}, "warn", "nvidia-smi  (it says what is wrong)"),
        ({"names": (), "driver": None, "device": False}, "ok", ""),
        ({"failure": "It does not compile."}, "warn", ""),
    ],
)
def test_gpu(changes, verdict, step):
    check = gpu.gpu(gpu.GpuCheck(**(PRESENT | changes)))
    assert (check.verdict, check.next_step) == (verdict, step)


@pytest.mark.parametrize(
    ("changes", "tried"),
    [({}, True), ({"numba_cuda": None}, False), ({"names": ()}, False)],
)
def test_a_kernel_is_tried_where_all_is_there(monkeypatch, changes, tried):
    facts = gpu.GpuCheck(**(PRESENT | changes))
    monkeypatch.setattr(gpu, "_installed", lambda: facts)
    monkeypatch.setattr("gradclinic.kernels.driver.absence", lambda: None)
    monkeypatch.setattr("gradclinic.kernels.device.failure", lambda: "It fails.")
    check = gpu.gpu(gpu.gpu_facts())
    assert check.found.endswith("It fails.") == tried
    if tried:
        assert check.verdict == "warn"


def test_a_gpu_that_the_driver_does_not_give_is_not_tried(monkeypatch):
    monkeypatch.setattr(gpu, "_installed", lambda: gpu.GpuCheck(**PRESENT))
    monkeypatch.setattr("gradclinic.kernels.driver.absence", lambda: "It is old.")
    monkeypatch.setattr("gradclinic.kernels.device.failure", lambda: pytest.fail())
    assert gpu.gpu_facts().failure == "It is old."


def versions_of(python=(3, 12, 1), numba="0.68.1"):
    facts = versions.Packages(python, "CPU", "Linux", (("numba", numba),))
    return versions.packages(facts)


def test_versions():
    assert versions_of().found == "CPU; Linux; Python 3.12.1, numba 0.68.1."
    assert versions_of(python=(3, 10, 9)).verdict == "fail"
    assert versions_of(numba=None).next_step == "pip install numba"


def test_quiet_host():
    assert quiet(HostNoise(False, ())).verdict == "ok"
    noisy = quiet(HostNoise(True, ("Somebody compiles.",)))
    assert noisy.verdict == "warn" and noisy.found.startswith("Somebody compiles.")


def test_every_check_on_this_machine_and_one_that_cannot_look(monkeypatch):
    def no_luck():
        raise OSError("no luck")

    monkeypatch.setitem(checkup.CHECKS, "memory", no_luck)
    seen = []
    checks = checkup.checkup(lambda done, total, name: seen.append((done, total)))
    assert [check.name for check in checks] == [*checkup.CHECKS, "quiet host"]
    assert seen == [(i, len(checks)) for i in range(len(checks) - 1)]
    failed = next(check for check in checks if check.name == "memory")
    assert failed.verdict == "fail"
    assert failed.found == "Could not be looked at: OSError: no luck."
    assert {check.verdict for check in checks} <= {"ok", "warn", "fail"}
