"""Where machine code of the kernels is kept.

The folder's name is a hash of the Numba version and the CPU, and the names of its files
hold one of the sources, so stale code is never loaded and a read-only installation
caches too.
"""

import hashlib
import os
import platform
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

import numba
from llvmlite import binding
from numba import config


def chosen_folder() -> Path | None:
    """The folder that the environment names: trusted, also where users share it."""
    chosen = os.environ.get("GRADCLINIC_CACHE_DIR")
    return Path(chosen).absolute() if chosen else None


def _usual_folder() -> Path:
    """The user's own folder. RuntimeError where the system knows no home.

    A relative path names none: code is not loaded from wherever one happens to be.
    """
    usual = os.environ.get("XDG_CACHE_HOME", "")
    if sys.platform == "darwin":
        usual = Path.home() / "Library" / "Caches"
    elif not os.path.isabs(usual):
        usual = Path.home() / ".cache"
    if not os.path.isabs(usual):
        raise RuntimeError("HOME is not an absolute path")
    return Path(usual, "gradclinic")


def _is_private(folder: Path) -> bool:
    """Is it a real folder of this user, into which nobody else can write?"""
    found = folder.lstat()
    return (
        stat.S_ISDIR(found.st_mode)
        and found.st_uid == os.geteuid()
        and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    )


def temporary_folder() -> Path:
    """A folder of this user alone among the temporary ones, the same one each time.

    Code is loaded from it, and anybody may make a folder there under the name of this
    one: where it is not ours, one of a name that nobody can foresee is made.
    """
    name = f"gradclinic-cache-{os.geteuid()}"
    parent = Path(tempfile.gettempdir())
    with suppress(OSError):
        (parent / name).mkdir(mode=0o700)
    for folder in (parent / name, *sorted(parent.glob(f"{name}-*"))):
        with suppress(OSError):
            if _is_private(folder):
                return folder
    return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=parent))


def _candidates() -> Iterator[Path]:
    with suppress(OSError, RuntimeError):
        yield chosen_folder() or _usual_folder()
    with suppress(OSError):
        yield temporary_folder()


@cache
def cache_folder() -> Path | None:
    """Folder of the compiled kernels; None where none is writable: nothing is kept.

    The one that GRADCLINIC_CACHE_DIR names, or the user's; a temporary one where that
    cannot be written to.
    """
    cpu = f"{platform.machine()}-{binding.get_host_cpu_name()}"
    version = f"{sys.version_info.major}{sys.version_info.minor}-{numba.__version__}"
    # A simulator compiles what it does not run as Python in another way.
    version += "-simulated" * bool(getattr(config, "ENABLE_CUDASIM", 0))
    name = hashlib.sha256(f"{version}-{cpu}".encode()).hexdigest()[:16]
    for base in _candidates():
        folder = base / name
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=folder).close()
            return folder
    return None
