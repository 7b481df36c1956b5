"""How every kernel is compiled, and where its machine code is kept.

Numba's own cache is keyed by the file of the function alone and does not notice an
edit in another file's callee. Here the folder's name is a hash of all kernel sources,
the Numba version and the CPU, so stale code is never loaded and a read-only
installation caches too.
"""

import fcntl
import hashlib
import os
import platform
import sys
import tempfile
import warnings
from functools import cache
from pathlib import Path
from types import FunctionType, NoneType
from typing import Any

import numba
from llvmlite import binding
from numba import config, extending
from numba.core import caching
from numba.core.errors import NumbaExperimentalFeatureWarning

from .inlining import INLINED

# nnan and ninf stay out: divergence must remain visible.
FASTMATH = {"reassoc", "nsz", "arcp", "contract", "afn"}
# Python's error model adds a zero check to every division and blocks vectorisation.
OPTIONS: dict[str, Any] = {"fastmath": FASTMATH, "error_model": "numpy", "cache": True}
# Numba warns at each use that functions as values are experimental. The warning says
# nothing about results; `functions.py` is the only module that relies on them.
warnings.filterwarnings(
    "ignore", message="First-class", category=NumbaExperimentalFeatureWarning
)
# Calls leave out the first argument, the typing context, which type checkers expect.
intrinsic: Any = extending.intrinsic
SOURCES = Path(__file__).resolve().parent
# What a closure may hold whose `repr` tells its value.
_VALUES = (bool, int, float, str, NoneType)


@cache
def source_hash():
    """Hash of every kernel source file: part of the key of a stored run."""
    digest = hashlib.sha256()
    for path in sorted(SOURCES.rglob("*.py")):
        digest.update(path.relative_to(SOURCES).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _user_cache():
    if chosen := os.environ.get("GRADCLINIC_CACHE_DIR"):
        return Path(chosen)
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "gradclinic"
    return Path(
        os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "gradclinic"
    )


@cache
def cache_folder():
    """Folder of the compiled kernels: the user's, or a temporary one if not writable.

    The environment variable GRADCLINIC_CACHE_DIR moves it.
    """
    cpu = f"{platform.machine()}-{binding.get_host_cpu_name()}"
    version = f"{sys.version_info.major}{sys.version_info.minor}-{numba.__version__}"
    # A simulator compiles what it does not run as Python in another way.
    version += "-simulated" * bool(getattr(config, "ENABLE_CUDASIM", 0))
    name = hashlib.sha256(f"{source_hash()}-{version}-{cpu}".encode()).hexdigest()[:16]
    for base in (_user_cache(), Path(tempfile.gettempdir(), "gradclinic-cache")):
        folder = base / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=folder).close()
        except OSError:
            continue
        return folder
    raise OSError(
        f"no folder for compiled kernels is writable (tried {_user_cache()} and"
        f" {tempfile.gettempdir()}); set GRADCLINIC_CACHE_DIR to one that is"
    )


def plain(function):
    """The Python function of a compiled one."""
    return getattr(function, "py_func", function)


def held(function):
    """A function, and what its closure and defaults hold, in depth."""
    function = plain(function)
    if not isinstance(function, FunctionType):
        return [function]
    cells = [cell.cell_contents for cell in function.__closure__ or ()]
    inside = [*cells, *(function.__defaults__ or ())]
    return [function, *(value for each in inside for value in held(each))]


def _within(file):
    """Is a file's code one of the kernel sources? Not that of `<string>`."""
    path = Path(file).resolve()
    return path.is_relative_to(SOURCES) and path.is_file()


def ours(function):
    """Is all its code in the kernel sources, whose hash the cache folder is named by?

    Another file may call our kernels, whose edits its own cache would not see.
    """
    code = [f.__code__ for f in held(function) if isinstance(f, FunctionType)]
    return all(_within(each.co_filename) for each in code)


def fingerprint(function):
    """The names of the functions and the values that it is made of."""
    return tuple(
        f"{each.__module__}.{each.__qualname__}:{each.__code__.co_firstlineno}"
        if isinstance(each, FunctionType)
        else repr(each)
        if isinstance(each, _VALUES)
        else type(each).__qualname__
        for each in held(function)
    )


def known(function):
    """Does `fingerprint` say all of it? Not where it holds an intrinsic or an array."""
    return all(isinstance(each, (FunctionType, *_VALUES)) for each in held(function))


def _file_name(function):
    """What tells the functions of one name in a module apart, in the name of a file.

    Closures of one code object get a file each: two processes that compile different
    ones at once would give their machine code the same number in a common index.
    """
    line = str(function.__code__.co_firstlineno)
    if len(held(function)) == 1:
        return line
    inside = hashlib.sha256(repr(fingerprint(function)).encode()).hexdigest()[:16]
    return f"{line}-{inside}"


class ContentCache(caching.FunctionCache):
    """Numba's cache, with a closure known by `fingerprint`.

    Numba pickles what a closure holds, and a compiled function to another string in
    every process.
    """

    def _index_key(self, sig, codegen):
        return sig, codegen.magic_tuple(), fingerprint(self._py_func)


class ContentLocator(caching._CacheLocator):
    """Numba cache locator of our own files: the folder's name already is the stamp."""

    def __init__(self, function, path):
        self._py_file = str(path)  # what Numba's warnings name
        self._module = path.relative_to(SOURCES).with_suffix("").as_posix()
        self._name = _file_name(function)

    def get_cache_path(self):
        return str(cache_folder() / self._module)

    def get_source_stamp(self):
        return source_hash()

    def get_disambiguator(self):
        return self._name

    @classmethod
    def from_function(cls, function, path):
        if not _within(path):
            return None
        locator = cls(function, Path(path).resolve())
        locator.ensure_cache_path()
        return locator


class LockedCacheFile(caching.IndexDataCacheFile):
    """Numba's files of a function's machine code, in our folder one writer at a time.

    Numba reads the index, takes the next free number for a file of code, and writes
    both. Two processes that save code for different types at once would take the same
    number, and what one compiled would later be called as what the other did.
    """

    def save(self, key, data):
        if not Path(self._cache_path).is_relative_to(cache_folder()):
            return super().save(key, data)
        with open(Path(self._cache_path, ".lock"), "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            super().save(key, data)


caching.CacheImpl._locator_classes.insert(0, ContentLocator)
caching.IndexDataCacheFile = LockedCacheFile


def jit(function=None, **options) -> Any:
    """`numba.njit` with the project's options; also used as `@jit(parallel=True)`.

    Kept in the cache where all that the function is made of is ours.
    """
    if function is None:
        return lambda f: jit(f, **options)
    options = {**OPTIONS, "no_cfunc_wrapper": True, **options}
    kept = options.pop("cache") and ours(function)
    dispatcher: Any = numba.njit(**options)(function)
    if kept:
        cached = ContentCache if known(function) else caching.FunctionCache
        dispatcher._cache = cached(function)
    return dispatcher


def inner(function):
    """As `jit`, for functions that only other kernels call.

    Without the wrappers that Python calls through, which for nested tuples of arrays
    take longer to compile than the function itself, and without machine code. Where
    CUDA is simulated, kernels of a GPU run as Python and call these too: there they
    stay Python functions.
    """
    if getattr(config, "ENABLE_CUDASIM", 0):
        return formula(function)
    return jit(function, no_cpython_wrapper=True, forceinline=True, **INLINED)


def formula(function):
    """Have kernels call a function compiled; Python calls it as it is."""
    options = {k: v for k, v in OPTIONS.items() if k != "cache"}
    return extending.register_jitable(**options)(function)
