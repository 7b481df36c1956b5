"""Parts of a split that are not alike: a rare class, and inputs that have moved."""

from dataclasses import replace

import numpy as np
import pytest
from gradclinic.scenarios import Dataset
from gradclinic.scenarios.data import load
from gradclinic.scenarios.data.selection import principal_score, rarest
from gradclinic.scenarios.data.table import DataError
from hypothesis import given, settings
from hypothesis import strategies as st

NORMALS = Dataset("two_normals", rows=200, validation=100, test=150)
NORMALS = replace(NORMALS, options=(("n_samples", 4000),))
BENT = Dataset("bent", rows=200, validation=150, test=150)
PARTS = ("train", "val", "test")


def chosen(data, *selection):
    return replace(data, selection=selection)


def shares(split):
    """The share of class 1, the last of two that tie, in every part."""
    return [float((getattr(split, f"y_{part}") == 1).mean()) for part in PARTS]


def as_set(rows):
    return {row.tobytes() for row in rows}


@given(st.sampled_from([0.02, 0.1, 0.3, 0.5]), st.integers(0, 50))
@settings(max_examples=20, deadline=None)
def test_every_part_has_the_share_of_the_rare_class_to_a_row(share, seed):
    found = load(chosen(NORMALS, ("minority", share)), seed)
    assert shares(found) == pytest.approx([share] * 3, abs=0.005)


def test_a_share_of_the_training_rows_alone():
    plain = load(chosen(NORMALS, ("minority", 0.1)), 3)
    found = load(chosen(NORMALS, ("minority", 0.1), ("minority_seen", 0.5)), 3)
    assert shares(found) == pytest.approx([0.5, 0.1, 0.1])
    for part in PARTS[1:]:
        name = f"x_{part}"
        np.testing.assert_array_equal(getattr(found, name), getattr(plain, name))


@pytest.mark.parametrize(
    "selection",
    [(("minority", 0.1),), (("shift", 1.5),), (("shift", 1.5), ("new_rows", 40))],
)
def test_parts_are_disjoint_and_nested(selection):
    data = chosen(BENT, *selection)
    few, many = load(data, 5), load(replace(data, rows=400), 5)
    parts = [as_set(getattr(few, f"x_{part}")) for part in PARTS]
    assert len(set.union(*parts)) == sum(map(len, parts)) == 500
    assert parts[0] <= as_set(many.x_train)
    np.testing.assert_array_equal(few.x_val, many.x_val)
    np.testing.assert_array_equal(few.x_test, many.x_test)


def test_a_shift_moves_the_inputs_and_not_the_rule():
    """The labels of all rows are those of the parabola, up to 5 % that are wrong."""
    found = load(chosen(BENT, ("shift", 1.5)), 2)
    means = [getattr(found, f"x_{part}")[:, 0].mean() for part in PARTS]
    assert means[0] * means[1] < 0 and abs(means[0] - means[1]) > 2
    assert means[1] == pytest.approx(means[2], abs=0.5)
    every = np.concatenate([getattr(found, f"x_{part}") for part in PARTS])
    score, count = principal_score(every), len(found.x_train)
    assert score[:count].mean() < score[count:].mean()  # new rows have more of it
    for part in PARTS:
        x, y = getattr(found, f"x_{part}"), getattr(found, f"y_{part}")[:, 0]
        wrong = (x[:, 1] > 0.7 * (x[:, 0] ** 2 - 2)) != (y == 1)
        assert 0 < wrong.mean() < 0.12


def test_no_shift_is_none():
    found = load(chosen(BENT, ("shift", 0.0)), 2)
    means = [getattr(found, f"x_{part}")[:, 0].mean() for part in PARTS]
    assert max(means) - min(means) < 0.8


def test_new_rows_are_like_those_that_judge():
    mixed = load(chosen(BENT, ("shift", 1.5), ("new_rows", 200)), 2)
    plain = load(chosen(BENT, ("shift", 1.5)), 2)
    np.testing.assert_array_equal(mixed.x_test, plain.x_test)
    apart = abs(plain.x_train[:, 0].mean() - plain.x_val[:, 0].mean())
    assert abs(mixed.x_train[:, 0].mean() - mixed.x_val[:, 0].mean()) < apart / 4


@pytest.mark.parametrize(
    ("data", "selection", "message"),
    [
        (NORMALS, (("minority", 0.99),), None),
        (NORMALS, (("rare", 0.1),), "got rare"),
        (NORMALS, (("minority_seen", 0.1),), "has minority, or shift"),
        (
            Dataset("breast_cancer", 300, 100, 100),
            (("minority", 0.01),),
            "too few rows",
        ),
        (Dataset("wine", 100, 50, 50), (("shift", 1.0),), "178 rows, too few"),
        (Dataset("diabetes", 100, 50, 50), (("minority", 0.1),), "needs classes"),
    ],
)
def test_a_selection_that_cannot_be_had_is_refused(data, selection, message):
    if message is None:
        load(chosen(data, *selection), 0)
        return
    with pytest.raises(DataError, match=message):
        load(chosen(data, *selection), 0)


def test_the_rarest_class_is_the_last_of_those_that_tie():
    assert rarest(np.array([0.0, 0, 0, 1, 2, 2])) == 1
    assert rarest(np.array([0.0, 1, 1, 0])) == 1


def test_the_principal_score_is_scaled_and_signed():
    rng = np.random.default_rng(0)
    x = np.column_stack([rng.normal(size=300), np.zeros(300)])
    x = np.column_stack([x, x[:, 0] * 100 + rng.normal(size=300)])
    score = principal_score(x)
    assert (score.mean(), score.std()) == pytest.approx((0, 1))
    assert np.corrcoef(score, x[:, 0])[0, 1] > 0.99
