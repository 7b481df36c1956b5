"""Every mutant of a file, by mutmut's operators, and a seeded choice among them."""

import ast
import random
import subprocess
import tomllib
from dataclasses import dataclass
from difflib import unified_diff
from fnmatch import fnmatch
from itertools import zip_longest
from pathlib import Path

ROOT = Path(__file__).parents[2]
_PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
_SETTINGS = _PROJECT["tool"]["mutmut"]
FOLDERS = tuple(_SETTINGS["source_paths"])


@dataclass(frozen=True)
class Mutant:
    """One fault: the `number`-th that mutmut plants in `path`, at `line`."""

    path: str
    line: int
    number: int

    @property
    def folder(self):
        return next(f for f in FOLDERS if self.path.startswith(f"{f}/"))


def modules():
    """The files that faults are planted in, as paths from the root."""
    found = (file for folder in FOLDERS for file in (ROOT / folder).rglob("*.py"))
    names = sorted(file.relative_to(ROOT).as_posix() for file in found)
    spared = _SETTINGS["do_not_mutate"]
    return [name for name in names if not any(fnmatch(name, s) for s in spared)]


def mutants(root, path):
    """All mutants of a file; prose is left alone, and so is what only documents."""
    return [Mutant(path, line, n) for n, (line, *_) in enumerate(_planted(root / path))]


def source_of(root, mutant):
    """The text of the mutant's file with the fault in it."""
    module, *pair = _planted(root / mutant.path)[mutant.number][1:]
    return module.deep_replace(*pair).code


def difference(root, mutant):
    """The lines that the mutant takes away and puts in."""
    before = (root / mutant.path).read_text().splitlines()
    after = source_of(root, mutant).splitlines()
    lines = list(unified_diff(before, after, n=0, lineterm=""))[3:]
    return [f"{line[0]} {line[1:].strip()}" for line in lines]


def chosen(found, changed, count, seed):
    """`count` mutants: first those on changed lines, then as many of every folder.

    changed: {path: set of lines}. The same seed and tree give the same choice.
    """
    rng = random.Random(seed)
    shuffled = rng.sample(found, len(found))
    first = [m for m in shuffled if m.line in changed.get(m.path, ())]
    by_folder = ([m for m in shuffled if m.folder == folder] for folder in FOLDERS)
    rest = [m for row in zip_longest(*by_folder) for m in row if m is not None]
    return list(dict.fromkeys([*first, *rest]))[:count]


def changed_lines(root, base):
    """{path: lines} that differ from the commit `base`, or from the last release.

    Without `base` and without a tag nothing counts as changed.
    """
    base = base or _git(root, "describe", "--tags", "--abbrev=0").strip()
    if not base:
        return {}
    changed, path = {}, None
    for line in _git(root, "diff", "-U0", "--no-prefix", base, "--").splitlines():
        if line.startswith("+++ "):
            path = line[4:]
        elif line.startswith("@@ "):
            start, _, count = line.split()[2].removeprefix("+").partition(",")
            lines = range(int(start), int(start) + int(count or 1))
            changed.setdefault(path, set()).update(lines)
    return changed


def statement_lines(text):
    """{line: lines of the innermost statement it belongs to}: of a header, not a body.

    A line outside of functions, which every import runs, is not among them.
    """
    found = {}
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    for function in ast.walk(ast.parse(text)):
        if isinstance(function, functions):
            for part in function.body:
                for node in ast.walk(part):
                    if isinstance(node, ast.stmt):
                        lines = _own_lines(node)
                        found.update(dict.fromkeys(lines, lines))
    return found


def _own_lines(node):
    body = getattr(node, "body", None)
    end = body[0].lineno - 1 if body else node.end_lineno
    return range(node.lineno, max(node.lineno, end) + 1)


def _planted(path, _known={}):  # noqa: B006 - parsed once a process
    """[(line, module, original node, its replacement)] of a file."""
    if path not in _known:
        from libcst.metadata import MetadataWrapper, PositionProvider
        from mutmut.mutation.file_mutation import create_mutations

        module, planted, *_ = create_mutations(str(path), Path(path).read_text())
        wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
        places = wrapper.resolve(PositionProvider)
        _known[path] = [
            (places[m.original_node].start.line, module, *_nodes(m))
            for m in planted
            if m.original_node in places and not _is_wording(*_nodes(m))
        ]
    return _known[path]


def _nodes(mutation):
    return mutation.original_node, mutation.mutated_node


def _is_wording(original, mutated):
    """Is it another wording, or only another case of the letters of a word?"""
    import libcst

    if isinstance(original, libcst.SimpleString):
        same = original.value.lower() == mutated.value.lower()
        return same or " " in original.value.strip("\"'")
    return False


def _git(root, *words):
    done = subprocess.run(
        ["git", "-C", root, *words], capture_output=True, text=True, check=False
    )
    return done.stdout if done.returncode == 0 else ""
