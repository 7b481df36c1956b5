"""A user's optimizer: one file with a formula and an `OPTIMIZER`, as an entrant.

Everything that can be wrong with it is one sentence with the file and the line.
"""

import ast
import inspect
import re
import sys
import traceback
from collections.abc import Iterable
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import numpy as np
from numba import njit, typeof
from numba.core.errors import NumbaError

from ....kernels import OPTIMIZERS, Optimizer, mlp
from ....kernels.cache import plain
from ....kernels.functions import compiled, signature
from ....kernels.sources import hash_of
from ....kernels.validation import check_number
from ...errors import BadData
from ...execution.entrant import Entrant

ARGUMENTS = {
    "update": ("p", "g", "state", "hyper", "step", "layout"),
    "average": ("out", "p", "state", "hyper", "step", "layout"),
    "scalars": ("hyper", "step"),
    "element": ("p", "g", "state", "i", "c"),
}
FORMULA = ("scalars", "element")
_NAME = re.compile(r"[A-Za-z]\w*")


def at(path: Path, line: int | None, said: str) -> BadData:
    """The error of a line of the user's file, or of the file where there is none."""
    place = f"{path}, line {line}" if line else f"{path}"
    return BadData(f"{place}: {' '.join(said.split()).rstrip('.')}.")


def load(path: Path) -> Entrant:
    """The entrant of a user's file, compiled. Raises BadData."""
    module, line = _executed(path)
    optimizer = getattr(module, "OPTIMIZER", None)
    if not isinstance(optimizer, Optimizer):
        raise at(
            path,
            line,
            "it must define OPTIMIZER = Optimizer(...), imported by"
            " 'from gradclinic.kernels import Optimizer'",
        )
    _check_declaration(path, line, optimizer)
    for role, function in _functions(optimizer).items():
        _check_signature(path, line, role, function)
    _rehearse(path, optimizer)
    return Entrant(optimizer.name, optimizer, hash_of([path]), path)


def line_of(rule) -> int | None:
    """The line a function begins at."""
    code = getattr(rule, "__code__", None)
    return code.co_firstlineno if code else None


def _functions(optimizer: Optimizer) -> dict[str, Any]:
    """The functions that the file declares, by their roles."""
    if optimizer.elementwise:
        functions = {role: plain(getattr(optimizer, role)) for role in FORMULA}
    else:
        functions = {"update": optimizer.rule}
    if optimizer.average:
        functions["average"] = optimizer.average
    return functions


def _executed(path: Path) -> tuple[ModuleType, int | None]:
    """The module of a file, and the line of its OPTIMIZER."""
    try:
        source = path.read_bytes()
    except FileNotFoundError:
        raise BadData(f"There is no file {path}.") from None
    except OSError as error:
        raise at(path, None, f"cannot be read ({error})") from error
    try:
        # From bytes: Python itself heeds a byte order mark and a coding line.
        tree = ast.parse(source, str(path))
        module = _imported(path, compile(tree, str(path), "exec"))
    except (SyntaxError, ValueError, RecursionError) as error:
        line, said = getattr(error, "lineno", None), getattr(error, "msg", error)
        raise at(path, line, f"it is not valid Python: {said}") from error
    return module, _line_of_declaration(tree)


def _imported(path: Path, code: CodeType) -> ModuleType:
    """The module of a file's code, known to Python while it runs, as others are.

    It has a name of its own: a file called numpy.py does not stand in for NumPy.
    """
    name = f"gradclinic_own_{path.stem}"
    module = sys.modules[name] = ModuleType(name)
    module.__file__ = str(path)
    try:
        exec(code, module.__dict__)
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        said = f"importing it fails: {type(error).__name__}: {error}"
        raise at(path, _line_within(path, error), said) from error
    return module


def _line_of_declaration(tree: ast.Module) -> int | None:
    for node in tree.body:
        targets = getattr(node, "targets", [getattr(node, "target", None)])
        if any(isinstance(t, ast.Name) and t.id == "OPTIMIZER" for t in targets):
            return node.lineno
    return None


def _line_within(path: Path, error: BaseException) -> int | None:
    """The last line of the user's file that the error passed through."""
    frames: Iterable = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == str(path)]
    return lines[-1] if lines else None


def _check_declaration(path: Path, line: int | None, optimizer: Optimizer) -> None:
    """The fields of an `Optimizer` are what they should be."""
    if not isinstance(optimizer.name, str) or not _NAME.fullmatch(optimizer.name):
        raise at(path, line, "name must be letters, digits and underscores")
    if optimizer.name in OPTIMIZERS:
        raise at(path, line, f"the name {optimizer.name!r} is taken; choose another")
    if type(optimizer.slots) is not int or optimizer.slots < 0:
        raise at(path, line, "slots must be a whole number of 0 or more")
    if next(iter(optimizer.defaults), None) != "lr":
        raise at(path, line, "defaults must name 'lr' first")
    for name, value in optimizer.defaults.items():
        try:
            check_number(f"the default of {name!r}", value)
        except (TypeError, ValueError) as error:
            raise at(path, line, str(error)) from error
    if optimizer.defaults["lr"] <= 0:
        raise at(path, line, "the default of 'lr' must be above 0")


def _check_signature(path: Path, line: int | None, role: str, function) -> None:
    """A function of the file is a plain one of its role's arguments."""
    wanted = ARGUMENTS[role]
    if not inspect.isfunction(function):
        raise at(path, line, "a rule must be a plain function, without a decorator")
    try:
        inspect.signature(function).bind(*wanted)
    except TypeError:
        raise at(
            path,
            line_of(function),
            f"{function.__name__} must take {len(wanted)} arguments:"
            f" {', '.join(wanted)}",
        ) from None


def _rehearse(path: Path, optimizer: Optimizer) -> None:
    """A step on a tiny network with every index checked, then compiled as it runs.

    Compiled code checks no index: a wrong one would end the whole process.
    """
    net = mlp([3, 4, 2])
    n, layout = net.n_params, net.matrices
    state = np.zeros(optimizer.state_shape(n, layout), dtype=np.float32)
    p, g = np.ones(n, np.float32), np.full(n, 0.5, np.float32)
    rest = (state, optimizer.hyper(), 1, layout)
    if optimizer.elementwise:
        _rehearse_formula(path, optimizer, (p, g, state))
    else:
        _call(path, optimizer.rule, (p, g, *rest), sig=signature("update", "float32"))
    with _compiling(path, optimizer.formula):
        compiled(optimizer.rule, "update", "float32")
    if optimizer.average:
        out, role = np.ones(n, np.float32), signature("average", "float32")
        _call(path, optimizer.average, (out, p, *rest), sig=role)
        with _compiling(path, optimizer.average):
            compiled(optimizer.average, "average", "float32")


def _rehearse_formula(path: Path, optimizer: Optimizer, arrays: tuple) -> None:
    """The scalars of an elementwise rule, then its element on every parameter."""
    scalars, element = plain(optimizer.scalars), plain(optimizer.element)
    c = _call(path, scalars, (optimizer.hyper(), 1))
    if not (isinstance(c, tuple) and c and all(isinstance(v, (int, float)) for v in c)):
        said = f"{scalars.__name__} must return a tuple of numbers"
        raise at(path, line_of(scalars), said)
    c = tuple(np.float32(each) for each in c)
    calls = [(*arrays, i, c) for i in range(arrays[0].size)]
    _call(path, element, *calls)


@contextmanager
def _compiling(path: Path, function):
    """What Numba says against a function, as a sentence with its line."""
    try:
        yield
    except NumbaError as error:
        loc = getattr(error, "loc", None)
        line = line_of(function)
        if loc is not None and loc.filename == str(path):
            line = loc.line
        raise at(path, line, f"it does not compile: {_gist(error)}") from error


def _call(path: Path, function, *calls: tuple, sig=None) -> Any:
    """What a function of the file returns to the last of some calls, compiled.

    sig: its Numba signature; None for one that the arguments tell.
    """
    with _compiling(path, function):
        sig = sig or tuple(typeof(argument) for argument in calls[0])
        checked = njit(sig, error_model="numpy", boundscheck=True)(function)
    result = None
    for arguments in calls:
        try:
            result = checked(*arguments)
        except Exception as error:
            line = _line_in_python(path, function, arguments) or line_of(function)
            raise at(path, line, f"{type(error).__name__}: {error}") from error
    return result


def _line_in_python(path: Path, rule, arguments: tuple) -> int | None:
    """Where the same call fails as plain Python, which knows its lines."""
    try:
        rule(*arguments)
    except Exception as error:
        return _line_within(path, error)
    return None


def _gist(error: NumbaError) -> str:
    """The first line of Numba's message that says something."""
    lines = [line.strip() for line in str(error).splitlines()]
    said = [
        line for line in lines if line and not line.startswith("Failed in nopython")
    ]
    return said[0] if said else type(error).__name__
