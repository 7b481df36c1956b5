"""What was drawn is kept as far as there is room, and no longer."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from gradclinic.bench.execution import data as of_trials
from gradclinic.scenarios.data import load, split
from gradclinic.scenarios.data.kept import Kept, bytes_of
from gradclinic.scenarios.data.sources import SOURCES
from gradclinic.scenarios.data.transforms import TRANSFORMS, _information
from gradclinic.scenarios.trial import Dataset


@dataclass
class Made:
    x: np.ndarray
    same: np.ndarray
    text: str = "no array"


def made(size):
    x = np.zeros(size, np.uint8)
    return Made(x, x)


def asked(kept, *keys, size=40):
    return [kept.get(key, lambda: made(size)) for key in keys]


def test_an_array_that_two_fields_hold_counts_once():
    assert bytes_of(made(7)) == 7


def test_what_was_asked_for_longest_ago_goes_first():
    kept = Kept(room=100)
    a, b = asked(kept, "a", "b")
    assert asked(kept, "a", "b", "a") == [a, b, a]
    (c,) = asked(kept, "c")  # there is room for two: b goes
    assert asked(kept, "a", "c") == [a, c]
    assert asked(kept, "b")[0] is not b


def test_what_is_larger_than_the_room_is_made_each_time():
    kept = Kept(room=100)
    (small,) = asked(kept, "small")
    first, second = asked(kept, "large", "large", size=101)
    assert first is not second and asked(kept, "small") == [small]


def test_room_is_found_for_many_small_ones():
    kept = Kept(room=100)
    asked(kept, "a", "b")
    found = asked(kept, *range(10), size=10)
    assert all(x is y for x, y in zip(asked(kept, *range(10)), found, strict=True))


DIGITS = Dataset("shifted_digits", rows=30, validation=20, test=10)
DIGITS = replace(DIGITS, options=(("n_samples", 200),))


def counted(monkeypatch):
    """How often the digits are drawn, from an empty room on."""
    drawn, source = [], SOURCES["shifted_digits"]

    def draw(rng, **options):
        drawn.append(options)
        return source.draw(rng, **options)

    monkeypatch.setattr(split, "_TABLES", Kept(room=10**8))
    monkeypatch.setitem(SOURCES, "shifted_digits", replace(source, draw=draw))
    return drawn


def test_one_draw_serves_all_that_is_done_to_its_rows(monkeypatch):
    plain = load(DIGITS, 3)
    drawn = counted(monkeypatch)
    again = load(DIGITS, 3)
    more = load(replace(DIGITS, rows=40, transforms=(("pca", 5),)), 3)
    assert len(drawn) == 1 and more.x_train.shape == (40, 5)
    for name in ("x_train", "y_train", "x_val", "y_test"):
        np.testing.assert_array_equal(getattr(again, name), getattr(plain, name))


@pytest.mark.parametrize(
    ("change", "seed"),
    [
        ({}, 4),
        ({"options": (("n_samples", 201),)}, 3),
        ({"options": (("n_samples", 200), ("random_state", 1))}, 3),
    ],
    ids=str,
)
def test_another_draw_is_another_table(monkeypatch, change, seed):
    drawn = counted(monkeypatch)
    first = load(DIGITS, 3)
    second = load(replace(DIGITS, **change), seed)
    assert len(drawn) == 2 and not np.array_equal(first.x_test, second.x_test)


def test_trials_of_one_declaration_share_a_split():
    assert of_trials.split(DIGITS, 1) is of_trials.split(replace(DIGITS), 1)
    assert of_trials.split(DIGITS, 1) is not of_trials.split(DIGITS, 2)


def test_doses_of_a_selection_share_what_the_inputs_tell():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(60, 5)), rng.integers(0, 2, 60).astype(float)
    x[:, 3] += 3 * y
    _information.cache_clear()
    for count in (1, 2):
        kept = TRANSFORMS["most_informative"](count).fit(x, y).get_support()
        assert kept[3] and kept.sum() == count
    assert _information.cache_info().misses == 1
