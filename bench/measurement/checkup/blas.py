"""Which matrix kernels run, and whether they are the ones this processor deserves."""

import os
import platform
import subprocess
import sys
from dataclasses import dataclass, replace
from typing import Any

from ..machine import blas_libraries, described
from .check import Check
from .sgemm import sgemm_rate

PIN = "OPENBLAS_CORETYPE"
_LEVELS = ("older", "AVX2", "AVX-512")
# Names of OpenBLAS kernels (its TargetList.txt); any other of x86-64 is older.
_AVX2 = {"haswell", "zen", "excavator"}
_AVX512 = {"skylakex", "cooperlake", "sapphirerapids"}
_RIGHT = {"AVX2": "Haswell", "AVX-512": "SkylakeX"}
_WORTH_SAYING = 1.10  # a gain below 10 % is within a quick measurement's scatter


@dataclass(frozen=True)
class Kernels:
    """Facts: `best` a level of kernels the processor can run (None: not x86-64).

    libraries: of `blas_libraries`; pin: OPENBLAS_CORETYPE. rate and other_rate: sgemm
    GFLOP/s as set up now, and in a process set up for `best`, where both were measured.
    """

    best: str | None
    libraries: tuple[dict[str, Any], ...]
    pin: str | None
    rate: float | None = None
    other_rate: float | None = None


def kernel_facts() -> Kernels:
    """Look at processor and libraries; measure only where something looks wrong."""
    facts = Kernels(best_level(), tuple(blas_libraries()), os.environ.get(PIN))
    if not _behind(facts):
        return facts
    other = None if facts.pin else _RIGHT[facts.best or "AVX2"]
    return replace(facts, rate=sgemm_rate(), other_rate=_rate_with(other))


def kernels(facts: Kernels) -> Check:
    """Judge the kernels in use against what the processor can do."""
    name, used = "BLAS kernels", _used(facts)
    libraries = "; ".join(described(library) for library in facts.libraries)
    if used is None:
        found = libraries or "NumPy and SciPy use one that does not tell (Accelerate?)"
        return Check(name, "ok", f"{found}. It picks its kernels itself.")
    if _behind(facts):
        return _behind_check(facts)
    if facts.pin and facts.best:
        found = f"{PIN}={facts.pin} pins {_names(facts)} kernels, which is harmless"
        return Check(name, "ok", f"{found} here: {_best_for(facts.best)}. {libraries}.")
    return Check(name, "ok", f"{libraries}: right for this processor.")


def _behind_check(facts: Kernels) -> Check:
    name, right = "BLAS kernels", _RIGHT[facts.best or "AVX2"]
    cause = f"{PIN}={facts.pin} pins them" if facts.pin else "it mistook the processor"
    found = (
        f"The processor has {facts.best}, but OpenBLAS uses its {_names(facts)}"
        f" ({_used(facts)}) kernels: {cause}."
    )
    step = f"unset {PIN}" if facts.pin else f"export {PIN}={right}"
    if not facts.rate or not facts.other_rate:
        times = "twice" if _used(facts) == "AVX2" else "three to four times"
        cost = f"Matrix products usually take {times} as long."
        return Check(name, "warn", f"{found} {cost}", step)
    gain = facts.other_rate / facts.rate
    found += (
        f" Matrix products run at {facts.rate:.0f} GFLOP/s; without that"
        f" at {facts.other_rate:.0f}, {gain:.1f} times the speed."
    )
    if gain > _WORTH_SAYING:
        return Check(name, "warn", found, step)
    return Check(name, "ok", found)


@dataclass(frozen=True)
class Speed:
    """Facts: GFLOP/s of single-precision products on one thread."""

    rate: float


def speed_facts() -> Speed:
    """Measure for 50 ms."""
    return Speed(sgemm_rate())


def speed(facts: Speed) -> Check:
    """State the figure: there is no wrong one, but it explains every timing."""
    found = f"{facts.rate:.0f} GFLOP/s in float32 matrix products on one thread."
    return Check("BLAS speed", "ok", found)


def best_level() -> str | None:
    """Return the best of OpenBLAS's kernel levels for this processor."""
    if platform.machine().lower() not in ("x86_64", "amd64"):
        return None
    from llvmlite.binding import get_host_cpu_features

    features = get_host_cpu_features()
    # The SkylakeX kernels need the VL part, which Xeon Phi lacks.
    if features.get("avx512vl"):
        return "AVX-512"
    return "AVX2" if features.get("avx2") else "older"


def _level(architecture: str) -> str:
    name = architecture.lower()
    return "AVX-512" if name in _AVX512 else "AVX2" if name in _AVX2 else "older"


def _architectures(facts: Kernels) -> list[str]:
    """Names of the kernels of each OpenBLAS that tells them."""
    return [
        library["architecture"]
        for library in facts.libraries
        if library["name"] == "openblas" and library["architecture"]
    ]


def _used(facts: Kernels) -> str | None:
    """The lowest level any OpenBLAS uses; None where no library tells."""
    levels = [_level(name) for name in _architectures(facts)]
    return min(levels, key=_LEVELS.index, default=None)


def _names(facts: Kernels) -> str:
    return " and ".join(sorted(set(_architectures(facts))))


def _behind(facts: Kernels) -> bool:
    used = _used(facts)
    if used is None or facts.best is None:
        return False
    return _LEVELS.index(used) < _LEVELS.index(facts.best)


def _best_for(best: str) -> str:
    if best == "AVX-512":
        return "they are the AVX-512 ones"
    return "the processor has no AVX-512"


def _rate_with(pin: str | None) -> float | None:
    """Return `sgemm_rate` of a fresh process with the pin set to this, or removed."""
    environment = {k: v for k, v in os.environ.items() if k != PIN}
    environment |= {PIN: pin} if pin else {}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    command = [sys.executable, "-m", f"{__package__}.sgemm"]
    try:
        return float(
            subprocess.check_output(
                command, env=environment, stderr=subprocess.DEVNULL, timeout=20
            )
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
