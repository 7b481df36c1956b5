"""What the compiler can use, and where it keeps what it made."""

import platform
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from .check import Check

_MB = 1_000_000
_ROOM_NEEDED = 200 * _MB  # for compiled kernels of one version, with plenty to spare
_LARGE = 1000 * _MB


@dataclass(frozen=True)
class Svml:
    """Facts: Intel's vector mathematics, in use, known to llvmlite, switched off."""

    x86: bool
    in_use: bool
    built_in: bool
    disabled: bool
    numba: str


def svml_facts() -> Svml:
    """Ask Numba and llvmlite."""
    from llvmlite import binding
    from numba import __version__
    from numba.core import config

    return Svml(
        x86=platform.machine().lower() in ("x86_64", "amd64"),
        in_use=bool(vars(config)["USING_SVML"]),
        built_in=bool(binding.targets.has_svml()),
        disabled=bool(vars(config)["DISABLE_INTEL_SVML"]),
        numba=__version__,
    )


def svml(facts: Svml) -> Check:
    """Judge SVML, which computes exp, tanh and log of many numbers at once."""
    scalar = "exp, tanh and log run one number at a time"
    if facts.in_use:
        return Check("SVML", "ok", "In use: exp, tanh and log run on whole vectors.")
    if not facts.x86:
        return Check("SVML", "ok", f"It exists for x86-64 only; here {scalar}.")
    if not facts.built_in:
        # Dropped in Numba 0.62 (release notes); no library brings it back.
        found = f"Numba {facts.numba} is built without it (as all are since 0.62)"
        return Check("SVML", "ok", f"{found}: {scalar}. Nothing to do.")
    if facts.disabled:
        found = f"Switched off by NUMBA_DISABLE_INTEL_SVML: {scalar}."
        return Check("SVML", "warn", found, "unset NUMBA_DISABLE_INTEL_SVML")
    found = f"Numba can use it, but its library is not found: {scalar}."
    step = "pip install intel-cmplr-lib-rt, its folder in LD_LIBRARY_PATH"
    return Check("SVML", "warn", found, step)


@dataclass(frozen=True)
class Cache:
    """Facts: folder of the compiled kernels (None: none is writable, nothing is kept).

    used: bytes in all versions kept beside it. free: bytes on its disk. temporary: it
    is lost when the machine restarts, because the usual folder is not writable.
    """

    folder: Path | None
    used: int = 0
    free: int = 0
    temporary: bool = False


def cache_facts() -> Cache:
    """Look at the folder that the kernels name, and at its disk."""
    from ....kernels.folder import cache_folder, chosen_folder

    folder, chosen = cache_folder(), chosen_folder()
    if folder is None:
        return Cache(None)
    inside = folder.is_relative_to(tempfile.gettempdir())
    return Cache(
        folder=folder,
        used=_size(folder.parent),
        free=shutil.disk_usage(folder).free,
        temporary=inside and not (chosen and folder.is_relative_to(chosen)),
    )


def cache(facts: Cache) -> Check:
    """Judge the cache folder: there, lasting, with room, not grown out of hand."""
    name, move = "kernel cache", "export GRADCLINIC_CACHE_DIR=FOLDER"
    if facts.folder is None:
        found = "No folder is writable: kernels are compiled anew in every process."
        return Check(name, "warn", found, move)
    found = f"{_short(facts.folder)}, {facts.used / _MB:.0f} MB used."
    if facts.free < _ROOM_NEEDED:
        found += f" Its disk has only {facts.free / _MB:.0f} MB left."
        return Check(name, "warn", found, move)
    if facts.temporary:
        found += " It is temporary: the usual folder is not writable."
        return Check(name, "warn", found, move)
    if facts.used > _LARGE:
        found += " Kernels of old versions fill it."
        return Check(name, "warn", found, f"rm -r {_short(facts.folder.parent)}")
    return Check(name, "ok", found)


def _size(folder: Path) -> int:
    """Bytes of the files in it that are still there when looked at."""
    total = 0
    for path in folder.rglob("*"):
        with suppress(OSError):
            total += path.stat().st_size * path.is_file()
    return total


def _short(path: Path) -> str:
    """The path with the user's folder as `~`, where there is one."""
    with suppress(RuntimeError, ValueError):
        return f"~/{path.relative_to(Path.home())}"
    return str(path)
