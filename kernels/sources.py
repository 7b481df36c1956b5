"""Which source files a piece of code is made of: the key of all that is kept of it.

Machine code and stored runs are kept under a hash of the files that they import, in
depth. So an edit renews what it can change and nothing else: a new file, which nothing
imports by name, renews nothing.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

SOURCES = Path(__file__).resolve().parent
# A relative import: its dots, its module, its names. Every process reads the imports of
# all files that it uses, which the parser would take far longer for.
_IMPORT = re.compile(
    r"^[ \t]*from[ \t]+(\.+)([\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n#]*)", re.MULTILINE
)
_NAME = re.compile(r"(\w+)(?:[ \t]+as[ \t]+\w+)?")


def _module(path: Path) -> Iterator[Path]:
    """The file of a module, given by its path without suffix, if there is one."""
    for file in (path.with_suffix(".py"), path / "__init__.py"):
        if file.is_file():
            yield file


@cache
def imported(file: Path) -> frozenset[Path]:
    """The files that a file imports by relative imports, wherever in it.

    Of a package that is the module named; what a package discovers is not imported.
    """
    found: set[Path] = set()
    for dots, module, names in _IMPORT.findall(file.read_text(encoding="utf-8")):
        base = file.parents[len(dots) - 1].joinpath(*module.split("."))
        modules = [base / name for name in _NAME.findall(names)]
        modules += [base] * bool(module)
        found.update(file for path in modules for file in _module(path))
    return frozenset(found)


@cache
def with_imports(file: Path) -> frozenset[Path]:
    """A file and all that it imports, in depth."""
    seen, left = set(), [file]
    while left:
        if (one := left.pop()) not in seen:
            seen.add(one)
            left.extend(imported(one))
    return frozenset(seen)


def hash_of(files: Iterable[Path], without: str = "") -> str:
    """Hash of files and all that they import, in depth, 16 hexadecimal digits.

    without: a folder of the kernels whose files do not count.
    """
    ours, digest = set(), hashlib.sha256()
    for file in files:
        if SOURCES in file.parents:
            ours |= with_imports(file)
        else:  # a user's own, which may change while we run
            digest.update(file.name.encode() + file.read_bytes())
    for file in sorted(ours):
        inside = file.relative_to(SOURCES)
        if not (without and inside.parts[0] == without):
            digest.update(inside.as_posix().encode() + _content(file))
    return digest.hexdigest()[:16]


@cache
def _content(file: Path) -> bytes:
    """Hash of a file, read once: code that is running stays what it was."""
    return hashlib.sha256(file.read_bytes()).digest()


def training_source(device: str = "cpu", named: Iterable[tuple[str, str]] = ()) -> str:
    """Hash of all that a training is made of.

    named: (folder, file) of those that the training names, as ("optimizers", "adam").
    """
    files = [SOURCES / "building.py", SOURCES / "trainer.py"]
    files += [SOURCES / folder / f"{name}.py" for folder, name in named]
    return hash_of([f for f in files if f.is_file()], "cuda" * (device == "cpu"))
