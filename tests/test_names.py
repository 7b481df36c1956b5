"""One name, one meaning: classes, and columns of tables."""

import ast
from collections import Counter
from functools import cache

import pytest

from .test_rooms import FILES, ROOMS, ROOT, imports, parsed, place

# Modules of `kernels` that number the columns of a table, or the values of one.
COLUMNS = {
    f"kernels/{name}.py"
    for name in (
        "cuda/arena",
        "cuda/batch_place",
        "cuda/norms",
        "cuda/rules",
        "loop/batch",
        "loop/parts",
        "loop/tasks",
        "loop/team",
        "progress",
        "sampling",
        "table",
        "watch",
    )
}


@cache
def trees():
    """{place: tree} of every file, not before a test asks for them."""
    return {str(place(path)): parsed(path.read_text()) for path in FILES}


def numbered(tree):
    """Names that a module gives to the numbers of a range, or to several at once."""
    return {
        name.id
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple)
        for name in node.targets[0].elts
    }


def test_a_class_name_means_one_thing():
    names = Counter(
        node.name
        for tree in trees().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    )
    assert [name for name, count in names.items() if count > 1] == []


def test_the_modules_of_columns_have_columns():
    assert all(numbered(trees()[name]) for name in COLUMNS)


@pytest.mark.parametrize("room", ROOMS)
def test_columns_are_read_through_their_module(room):
    """As `table.START`: other tables have columns of such names too."""
    columns = {
        (name.removesuffix(".py"), column)
        for name in COLUMNS
        for column in numbered(trees()[name])
    }
    found = {}
    for path in (path for path in FILES if path.is_relative_to(ROOT / room)):
        targets = (target for _, target in imports(place(path), path.read_text()))
        read = {(str(target.parent), target.name) for target in targets}
        found[str(place(path))] = read & columns
    assert found and {name: each for name, each in found.items() if each} == {}
