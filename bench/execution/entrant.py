"""An optimizer in the study, and a hash of the source that defines it."""

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ...kernels import OPTIMIZERS
from ...kernels import optimizers as built_in
from ...kernels.folder import SOURCES
from ...kernels.optimizer import Optimizer

_FOLDER = Path(built_in.__path__[0])


@dataclass(frozen=True)
class Entrant:
    """An optimizer under the name it has in the study.

    source: hash of the file that declares it and of those of `kernels/optimizers` that
    this one imports; file: the user's file, None for those built in. What is stored of
    an entrant is run again only where its source, or the training loop, changed.
    """

    name: str
    optimizer: Optimizer
    source: str
    file: Path | None = None

    @property
    def evaluations_per_step(self) -> float:
        """Gradients of a mini-batch that a step takes."""
        every = getattr(self.optimizer, "sampled_every", 0)
        return self.optimizer.gradients + (1 / every if every else 0.0)


def registered(name: str) -> Entrant:
    """The entrant of a key of `OPTIMIZERS`."""
    path = _FOLDER / f"{name}.py"
    return Entrant(name, OPTIMIZERS[name], source_of(path))


def source_of(path: Path) -> str:
    """Hash of a declaring file and, where built in, of the rules it imports."""
    digest = hashlib.sha256()
    for file in _with_imports(path, set()):
        digest.update(file.name.encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _with_imports(path: Path, seen: set[Path]) -> Iterator[Path]:
    seen.add(path)
    yield path
    if path.parent != _FOLDER:
        return
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.ImportFrom) and node.level == 1:
            for name in (node.module, *(alias.name for alias in node.names)):
                other = _FOLDER / f"{name}.py"
                if other.is_file() and other not in seen:
                    yield from _with_imports(other, seen)


@cache
def engine_source() -> str:
    """Hash of all kernel sources but the optimizers' own files."""
    digest = hashlib.sha256()
    for path in sorted(SOURCES.rglob("*.py")):
        if path.parent != _FOLDER or path.name == "__init__.py":
            digest.update(path.relative_to(SOURCES).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
