"""No text is read or written in an encoding that depends on the user's locale."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("kernels", "scenarios", "reports", "bench")
FILES = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]


def opens_text(call):
    """Does a call open, read, write or pipe text? Calls of `os` take bytes."""
    function, given = call.func, {each.arg: each.value for each in call.keywords}
    method = isinstance(function, ast.Attribute)
    name = function.attr if method else getattr(function, "id", "")
    if name in ("read_text", "write_text"):
        return method
    if any(key in given for key in ("text", "universal_newlines")):
        return name in ("run", "Popen", "check_output")
    if name == "fdopen" or (name == "open" and ast.unparse(function) != "os.open"):
        path_first = name == "fdopen" or not method
        mode = given.get("mode", next(iter(call.args[path_first:]), None))
        return not (isinstance(mode, ast.Constant) and "b" in mode.value)
    return False


def unnamed(source):
    """The lines of calls that take text and name no encoding."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return [
        call.lineno
        for call in calls
        if opens_text(call) and "encoding" not in {each.arg for each in call.keywords}
    ]


@pytest.mark.parametrize("room", ROOMS)
def test_every_text_names_its_encoding(room):
    found = {
        str(path.relative_to(ROOT)): lines
        for path in FILES
        if path.is_relative_to(ROOT / room) and (lines := unnamed(path.read_bytes()))
    }
    assert found == {}


@pytest.mark.parametrize(
    ("call", "text"),
    [
        ("open(path)", True),
        ("open(path, 'w')", True),
        ("path.open()", True),
        ("open(path, 'rb')", False),
        ("path.open('wb')", False),
        ("open(path, mode='rb')", False),
        ("os.fdopen(1, 'w')", True),
        ("os.open(path, flags)", False),
        ("path.read_text()", True),
        ("path.write_text(text, encoding='utf-8')", False),
        ("write_text(path, text)", False),
        ("subprocess.run(words, text=True)", True),
        ("subprocess.run(words)", False),
    ],
)
def test_what_takes_text_is_seen(call, text):
    assert unnamed(call) == [1] * text
