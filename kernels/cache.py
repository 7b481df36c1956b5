"""Machine code of kernels on the disk: an extra, on which no training depends.

Numba's own cache is keyed by the file of the function alone and does not notice an
edit in another file's callee; here the key is all files that a function's own imports,
see `sources`. What cannot be read is compiled anew, and what cannot be written is not
kept.
"""

import hashlib
import os
import pickle
import uuid
from contextlib import suppress
from pathlib import Path
from types import FunctionType, NoneType

from numba.core import caching
from numba.core.serialize import dumps

from .folder import cache_folder
from .sources import SOURCES, hash_of

# What a closure may hold whose `repr` tells its value.
_VALUES = (bool, int, float, str, NoneType)
_SEAL = hashlib.sha256().digest_size  # bytes


def plain(function):
    """The Python function of a compiled one."""
    return getattr(function, "py_func", function)


def contents(function):
    """A function, and the contents of its closure and defaults, in depth."""
    function = plain(function)
    if not isinstance(function, FunctionType):
        return [function]
    cells = [cell.cell_contents for cell in function.__closure__ or ()]
    inside = [*cells, *(function.__defaults__ or ())]
    return [function, *(value for each in inside for value in contents(each))]


def _within(file):
    """Is a file's code one of the kernel sources? Not that of `<string>`."""
    path = Path(file).resolve()
    return path.is_relative_to(SOURCES) and path.is_file()


def ours(function):
    """Is all its code in the kernel sources, whose imports are known?"""
    return all(_within(file) for file in _files(function))


def _files(function):
    """The files of all functions that a function is made of."""
    code = [f.__code__ for f in contents(function) if isinstance(f, FunctionType)]
    return {each.co_filename for each in code}


def source_of(function):
    """Hash of all sources that a function is made of."""
    return hash_of(Path(file).resolve() for file in _files(function))


def fingerprint(function):
    """The names of the functions and the values that it is made of."""
    return tuple(
        f"{each.__module__}.{each.__qualname__}:{each.__code__.co_firstlineno}"
        if isinstance(each, FunctionType)
        else repr(each)
        if isinstance(each, _VALUES)
        else type(each).__qualname__
        for each in contents(function)
    )


def known(function):
    """Does `fingerprint` say all of it? Not where it holds an intrinsic or an array."""
    told = (FunctionType, *_VALUES)
    return all(isinstance(each, told) for each in contents(function))


class SealedFiles:
    """The files of a function's machine code, one for each of its types.

    A file begins with the hash of the rest: cut off, zeroed or changed, it is not
    there. It is replaced as a whole and named by what is in it, so that processes which
    save at once do not meet. The interface is `caching.IndexDataCacheFile`'s.
    """

    def __init__(self, folder: Path, name: str):
        self._folder, self._name = folder, name

    def load(self, key):
        """What was saved under a key; None where nothing can be read."""
        with suppress(OSError):
            content = self._path(key).read_bytes()
            seal = hashlib.sha256(content[_SEAL:]).digest()
            if content[:_SEAL] == seal:
                kept_key, data = pickle.loads(content[_SEAL:])
                return data if kept_key == key else None
        return None

    def save(self, key, data):
        """Keep data under a key. OSError where that is not possible."""
        content = dumps((key, data))
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._path(key)
        draft = path.with_name(f"{path.name}.{uuid.uuid4().hex[:16]}")
        try:
            draft.write_bytes(hashlib.sha256(content).digest() + content)
            os.replace(draft, path)
        except OSError:
            draft.unlink(missing_ok=True)
            raise

    @property
    def is_empty(self):
        """Is nothing kept?"""
        return not any(self._folder.glob(f"{self._name}.*.nbc"))

    def flush(self):
        """Forget all types."""
        for path in self._folder.glob(f"{self._name}.*.nbc"):
            path.unlink(missing_ok=True)

    def _path(self, key):
        types = hashlib.sha256(repr(key).encode()).hexdigest()[:16]
        return self._folder / f"{self._name}.{types}.nbc"


class ContentLocator(caching._CacheLocator):
    """Where files of our functions are; `ContentCache` knows their sources."""

    def __init__(self, function, path):
        self._py_file = str(path)  # what Numba's warnings name
        self._module = path.relative_to(SOURCES).with_suffix("").as_posix()
        self._line = str(function.__code__.co_firstlineno)

    def ensure_cache_path(self):
        """Nothing yet: a folder is made when something is kept in it."""

    def get_cache_path(self):
        return str(cache_folder() / self._module)

    def get_source_stamp(self):
        return ""

    def get_disambiguator(self):
        return self._line

    @classmethod
    def from_function(cls, function, path):
        return cls(function, Path(path).resolve())


class _ContentImpl(caching.CompileResultCacheImpl):
    _locator_classes = (ContentLocator,)


class ContentCache(caching.FunctionCache):
    """Numba's cache of a function of ours, with a closure known by `fingerprint`.

    Numba pickles what a closure holds, and a compiled function to another string in
    every process.
    """

    _impl_class = _ContentImpl

    def __init__(self, function):
        super().__init__(function)
        name = f"{self._impl.filename_base}.{source_of(function)}"
        self._cache_file = SealedFiles(Path(self._cache_path), name)

    @property
    def is_empty(self):
        """Is nothing kept of this function, as its sources are?"""
        return self._cache_file.is_empty

    def load_overload(self, sig, target_context):
        try:
            return super().load_overload(sig, target_context)
        except Exception:  # whatever unpickling and linking may raise
            return None

    def save_overload(self, sig, data):
        with suppress(OSError):
            super().save_overload(sig, data)

    def _index_key(self, sig, codegen):
        if not known(self._py_func):
            return super()._index_key(sig, codegen)
        return sig, codegen.magic_tuple(), fingerprint(self._py_func)


def cache_of(function):
    """Where machine code of a function is kept; None where it must not or cannot be.

    It must not where not all that the function is made of is ours.
    """
    kept = ours(function) and cache_folder() is not None
    return ContentCache(function) if kept else None
