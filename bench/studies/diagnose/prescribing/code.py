"""The winner in code: how the rows are prepared, then four ways to train."""

from dataclasses import dataclass
from typing import Any

from .....scenarios import Trial
from ..folds import BALANCED


@dataclass(frozen=True)
class Recipe:
    """What code needs to know of a table and its winner.

    read: an expression that gives the whole table as a DataFrame; categories,
    leave_out: columns; coerced: some cells of numbers hold text; rows: that train.
    """

    read: str
    target: str
    classes: int
    text_classes: bool
    categories: tuple[str, ...]
    leave_out: tuple[str, ...]
    coerced: bool
    rows: int
    seed: int
    trial: Trial


def code_blocks(recipe: Recipe) -> list[dict[str, Any]]:
    """[{name, title, text}]: the rows first, which all others use."""
    from .in_keras import keras_code
    from .in_ours import our_code
    from .in_sklearn import sklearn_code
    from .in_torch import torch_code
    from .rows_code import rows_code

    blocks = (
        ("rows", "The rows, for each of the four", rows_code),
        ("gradclinic", "gradclinic", our_code),
        ("sklearn", "scikit-learn", sklearn_code),
        ("torch", "PyTorch", torch_code),
        ("keras", "Keras", keras_code),
    )
    return [
        {"name": name, "title": title, "text": make(recipe)}
        for name, title, make in blocks
    ]


def balanced(recipe: Recipe) -> bool:
    """Are rare classes drawn more often?"""
    return bool(dict(recipe.trial.data.options).get(BALANCED))


def power(recipe: Recipe) -> float | None:
    """The power of the class weights that the rows have, None where they have none."""
    return dict(recipe.trial.data.weighting).get("class_weights")


def call(name: str, **arguments: Any) -> str:
    """name(a=1, b='x') of the arguments that are not None."""
    given = ", ".join(f"{k}={v!r}" for k, v in arguments.items() if v is not None)
    return f"{name}({given})"
