"""One name, one meaning: classes, and columns of tables."""

import ast
from collections import Counter

import pytest

from .test_rooms import FILES, imports, place

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
TREES = {str(place(path)): ast.parse(path.read_text()) for path in FILES}


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
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    )
    assert [name for name, count in names.items() if count > 1] == []


def test_the_modules_of_columns_have_columns():
    assert all(numbered(TREES[name]) for name in COLUMNS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(place(path)))
def test_columns_are_read_through_their_module(path):
    """As `table.START`: other tables have columns of such names too."""
    columns = {
        (name.removesuffix(".py"), column)
        for name in COLUMNS
        for column in numbered(TREES[name])
    }
    read = {
        (str(target.parent), target.name)
        for _, target in imports(place(path), path.read_text())
    }
    assert read & columns == set()
