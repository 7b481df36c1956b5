"""Which column of a log is which curve, guessed from its name."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from ...errors import BadData

_TRAIN = {"train", "training", "tr"}
_NEW = {"val", "valid", "validation", "eval", "evaluation", "dev", "holdout", "test"}
_LOSS = {"loss", "losses"}
_LIKE_LOSS = {"nll", "mse", "xent", "crossentropy", "objective", "logloss"}
_ACCURACY = {"acc", "accuracy"}
_FILL = {"epoch", "avg", "mean", "average", "categorical", "sparse", "binary", "top1"}
_STEP = {"step", "steps", "batch", "iter"}
_EPOCHS = ({"epoch"}, {"epochs"})
_STEPS = (
    *({word} for word in ("step", "steps", "iteration", "iterations", "iter")),
    {"global", "step"},
    {"trainer", "global", "step"},
    {"train", "global", "step"},
)
# What a name costs: less is nearer to what the curve is usually called.
_STRANGE, _UNUSUAL, _PER_STEP, _TEST = 4, 2, 1, 1


class Guess(NamedTuple):
    """A curve, and how far from its usual name a column is; 0 is just that."""

    series: str
    cost: int


def words_of(name: str) -> list[str]:
    """The words of a name: valLoss, val_loss, Loss/val and "Val loss" are alike."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.strip())
    words = [word for word in re.split(r"[^a-z0-9]+", apart.lower()) if word]
    return [part for word in words for part in _parted(word)]


def _parted(word: str) -> list[str]:
    for first in sorted(_TRAIN | _NEW, key=len, reverse=True):
        rest = word.removeprefix(first)
        if rest != word and rest in _LOSS | _ACCURACY:
            return [first, rest]
    return [word]


def place_column(name: str) -> str | None:
    """`epoch` or `step` where a column counts one of them."""
    words = set(words_of(name))
    if words in _EPOCHS:
        return "epoch"
    return "step" if words in _STEPS else None


def guess(name: str) -> Guess | None:
    """The curve of a column, or None where it is none that is read here."""
    words = set(words_of(name))
    if ({"norm"} & words and {"grad", "gradient"} & words) or "gradnorm" in words:
        rest = words - {"norm", "grad", "gradient", "gradnorm", *_TRAIN}
        return Guess("gradient_norm", _STRANGE * len(rest))
    if "lr" in words or {"learning", "rate"} <= words:
        rest = words - {"lr", "learning", "rate", *_TRAIN}
        return Guess("learning_rate", _STRANGE * len(rest))
    for kind, known in (("accuracy", _ACCURACY), ("loss", _LOSS | _LIKE_LOSS)):
        if known & words:
            return _of_kind(kind, words, known)
    return None


def _of_kind(kind: str, words: set[str], known: set[str]) -> Guess:
    part = "val" if words & _NEW else "train"
    rest = words - known - _TRAIN - _NEW - _FILL - _STEP
    cost = _STRANGE * len(rest)
    cost += _UNUSUAL * (kind == "loss" and not words & _LOSS)
    cost += _PER_STEP * bool(words & _STEP) + _TEST * ("test" in words)
    return Guess(f"{part}_{kind}", cost)


def chosen_columns(names: Iterable[str]) -> dict[str, str]:
    """{curve: its column}, of each the nearest name.

    Raises BadData where two names are as near for a loss.
    """
    found: dict[str, list[tuple[int, str]]] = {}
    for name in names:
        if guessed := guess(name):
            found.setdefault(guessed.series, []).append((guessed.cost, name))
    for series, each in found.items():
        each.sort(key=lambda pair: pair[0])
        if series.endswith("loss") and len(each) > 1 and each[0][0] == each[1][0]:
            raise BadData(
                f"Two columns may be the {_SAID[series]}, {each[0][1]!r} and"
                f" {each[1][1]!r}; rename one to {series}."
            )
    return {series: each[0][1] for series, each in found.items()}


_SAID = {"train_loss": "training loss", "val_loss": "validation loss"}
