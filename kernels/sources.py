"""Which source files a piece of code is made of: the key of all that is kept of it.

Machine code and stored runs are kept under a hash of the files that they import, in
depth. So an edit renews what it can change and nothing else: a new file, which nothing
imports by name, renews nothing.
"""

import ast
import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

SOURCES = Path(__file__).resolve().parent


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
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = file.parents[node.level - 1]
            base = base.joinpath(*(node.module or "").split("."))
            names = [base, *(base / alias.name for alias in node.names)]
            modules = names if node.module else names[1:]
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


def training_source(device: str = "cpu", **named: str) -> str:
    """Hash of all that a training is made of.

    named: file by folder, as optimizers="adam": those that the training names.
    """
    files = [SOURCES / "building.py", SOURCES / "trainer.py"]
    files += [SOURCES / folder / f"{name}.py" for folder, name in named.items()]
    return hash_of([f for f in files if f.is_file()], "cuda" * (device == "cpu"))
