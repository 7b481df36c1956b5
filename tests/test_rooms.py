"""The arrows between the rooms: bench imports the other three, nothing else."""

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("kernels", "scenarios", "bench", "reports")
# Inside bench, from the command line down: a folder may import those after it.
ORDER = ("commands", "studies", "execution", "measurement", "statistics")
BELOW_STUDIES = ORDER[2:]
# Each file once for all tests that read it.
parsed = cache(ast.parse)
FILES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def place(path: Path) -> PurePosixPath:
    return PurePosixPath(path.relative_to(ROOT).as_posix())


def imports(path: PurePosixPath, source: str) -> Iterator[tuple[bool, PurePosixPath]]:
    """Yield what a file imports: relative or not, and its place or name as a path."""
    for node in ast.walk(parsed(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield False, PurePosixPath(*alias.name.split("."))
        elif isinstance(node, ast.ImportFrom):
            module = PurePosixPath(*(node.module or "").split("."))
            start = PurePosixPath("/", path).parents[max(node.level - 1, 0)] / module
            for alias in node.names:
                place = (start / alias.name).relative_to("/")
                yield (True, place) if node.level else (False, module)


def wrong_arrows(path: PurePosixPath, source: str) -> list[str]:
    """Return what a file imports and must not."""
    return [
        str(target)
        for relative, target in imports(path, source)
        if (wrong(path.parts, target.parts) if relative else ours(target.parts[0]))
    ]


def ours(name: str) -> bool:
    """Package code imports its own relatively: the rooms have no absolute name."""
    return name == "gradclinic" or name in ROOMS


def wrong(here: tuple[str, ...], target: tuple[str, ...]) -> bool:
    if target[0] != here[0]:
        return here[0] != "bench" or target[0] not in ROOMS
    if here[0] != "bench" or here[1] not in ORDER or target[1] not in ORDER:
        return False
    if here[1] in BELOW_STUDIES and target[1] in BELOW_STUDIES:
        return False
    return ORDER.index(target[1]) < ORDER.index(here[1])


def studies() -> dict[str, set[str]]:
    """{a study, a folder of bench/studies: the studies that its files import}."""
    found: dict[str, set[str]] = {}
    for path in (ROOT / "bench" / "studies").glob("*/**/*.py"):
        here = place(path)
        targets = (
            t.parts for relative, t in imports(here, path.read_text()) if relative
        )
        others = {t[2] for t in targets if t[:2] == ("bench", "studies") and t[2:]}
        found.setdefault(here.parts[2], set()).update(others - {here.parts[2]})
    return {name: others & set(found) for name, others in found.items()}


def test_studies_import_each_other_one_way():
    """And what measures a GPU, where little is installed, imports none."""
    graph = studies()
    assert set(TopologicalSorter(graph).static_order()) == set(graph)
    assert graph["gpu"] == set() and "gpu" in graph["profile"]


def test_there_are_files_in_every_room():
    assert {place(path).parts[0] for path in FILES} == set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_files_import_only_what_their_room_may(room):
    found = {
        str(place(path)): arrows
        for path in FILES
        if path.is_relative_to(ROOT / room)
        and (arrows := wrong_arrows(place(path), path.read_text()))
    }
    assert found == {}


@pytest.mark.parametrize("room", ROOMS)
def test_modules_are_named_after_what_they_hold(room):
    mine = [path for path in FILES if path.is_relative_to(ROOT / room)]
    vague = {"utils", "helpers", "common", "core"}
    assert [p for p in mine if vague & {*p.parts[-2:], p.stem}] == [] != mine


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("kernels/adam.py", "from ..bench.errors import BadData"),
        ("kernels/layers/dense.py", "from ...scenarios import Trial"),
        ("scenarios/spiral.py", "from .. import kernels"),
        ("reports/page.py", "def draw():\n    from ..bench import errors"),
        ("reports/page.py", "import gradclinic.reports.figures"),
        ("bench/execution/store.py", "from gradclinic.kernels import mlp"),
        ("bench/errors.py", "import kernels"),
        ("kernels/adam.py", "import reports.figures"),
        ("bench/statistics/paired.py", "from ..commands.run import command"),
        ("bench/measurement/memory.py", "from ..studies import suite"),
        ("bench/studies/suite.py", "from ..commands import run"),
    ],
)
def test_a_wrong_arrow_is_seen(path, source):
    assert len(wrong_arrows(PurePosixPath(path), source)) == 1


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("kernels/adam.py", "import numpy\nfrom .jit import jit\nfrom . import table"),
        ("kernels/layers/dense.py", "from ..jit import jit"),
        ("bench/execution/engines.py", "from ...kernels import mlp"),
        (
            "bench/outcome.py",
            "from .errors import OK\nfrom ..reports import write_index",
        ),
        ("bench/commands/run.py", "from ..studies.suite import run_suite"),
    ],
)
def test_a_right_arrow_passes(path, source):
    assert wrong_arrows(PurePosixPath(path), source) == []
