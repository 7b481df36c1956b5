"""Gaps in numbers: each way to fill them, tried where there are any, and prescribed."""

import numpy as np
import pandas as pd
import pytest
from gradclinic.bench import diagnose
from gradclinic.bench.studies.diagnose.encoding import encoded
from gradclinic.bench.studies.diagnose.folds import Fold, encoded_fold
from gradclinic.bench.studies.diagnose.gaps import (
    FLAGS,
    MEAN,
    MODEL,
    WAYS,
    filling,
    gapped,
    imputer,
    too_dear,
    way_of,
)
from gradclinic.bench.studies.diagnose.reading import rows_of, user_table
from gradclinic.scenarios import Dataset, Trial

from .tables import QUICK, clusters

TRIAL = Trial(Dataset("file", rows=60), hidden=(8,))
PARTS = (np.arange(60), np.arange(60, 80), np.arange(80, 100))


def gapped_table(rows=100, seed=0):
    """(UserTable, names): f0 with gaps in a third of the rows, f1 nearly its twin."""
    x, y = clusters(rows, seed=seed)
    rng = np.random.default_rng(seed)
    x["f1"] = x["f0"] + 0.01 * rng.normal(size=rows)
    x.loc[rng.random(rows) < 0.33, "f0"] = np.nan
    table = user_table(rows_of(x, y, None, 0), None, None, None, None)
    return table, list(x.columns)


@pytest.mark.parametrize("way", [way for way in WAYS if way])
def test_a_trial_has_one_way_and_the_last_one_asked(way):
    once = filling(TRIAL, None, way)
    assert way_of(TRIAL) is None and way_of(once) == way
    assert way_of(filling(once, None, MEAN)) == MEAN
    assert len(filling(once, None, MEAN).data.options) == 1


def test_what_is_filled_is_learnt_from_training_rows_alone():
    table, names = gapped_table()
    values = table.columns["f0"].values.copy()
    values[PARTS[2][~np.isnan(values[PARTS[2]])]] = 1e6
    gaps = np.isnan(values[PARTS[0]])
    for way, fill in ((None, np.median), (MEAN, np.mean)):
        found = encoded(table, names, *PARTS, way=way)
        expected = fill(values[PARTS[0]][~gaps])
        np.testing.assert_allclose(found.x[0][gaps, 0], expected)
        late = np.isnan(values[PARTS[2]])
        np.testing.assert_allclose(found.x[2][late, 0], expected)


def test_marks_are_columns_and_regressions_come_near_the_truth():
    table, names = gapped_table()
    gaps = np.isnan(table.columns["f0"].values)
    marked = encoded(table, names, *PARTS, way=FLAGS).x
    assert marked[0].shape[1] == 5
    np.testing.assert_array_equal(marked[1][:, -1] > 0, gaps[PARTS[1]])
    modelled = encoded(table, names, *PARTS, way=MODEL).x
    off = np.abs(modelled[2][:, 0] - modelled[2][:, 1])[gaps[PARTS[2]]]
    assert off.max() < 0.1
    plain = encoded(table, names, *PARTS).x
    assert np.abs(plain[2][:, 0] - plain[2][:, 1])[gaps[PARTS[2]]].max() > 0.5


def test_a_fold_fills_as_its_trial_asks_and_learns_each_way_once(monkeypatch):
    table, names = gapped_table()
    fold = encoded_fold(0, table, names, PARTS)
    asked = []
    again = fold.again
    monkeypatch.setitem(
        fold.__dict__, "again", lambda way: asked.append(way) or again(way)
    )
    for trial in (TRIAL, filling(TRIAL, None, FLAGS), filling(TRIAL, None, MEAN)):
        fold.split(trial)
        fold.split(trial)
    assert asked == [FLAGS, MEAN]
    assert fold.split(filling(TRIAL, None, FLAGS)).x_train.shape == (60, 5)


def test_rows_that_cannot_be_encoded_again_are_not_filled_as_if():
    table, names = gapped_table()
    fold = Fold(0, encoded(table, names, *PARTS), 2)
    with pytest.raises(ValueError, match="cannot be filled by gaps_mean"):
        fold.split(filling(TRIAL, None, MEAN))


def test_only_numbers_that_miss_something_count():
    x, y = clusters(60)
    x["text"] = np.where(np.arange(60) % 2, "a", None)
    x.loc[59, "f3"] = np.nan
    table = user_table(rows_of(x, y, None, 0), None, None, None, None)
    assert gapped(table, list(x.columns), np.arange(60)) == ["f3"]
    assert gapped(table, list(x.columns), np.arange(59)) == []


def test_regressions_over_many_columns_are_not_tried():
    assert not too_dear(MODEL, 30, 30, 10_000) and too_dear(MODEL, 300, 500, 10_000)
    assert not too_dear(FLAGS, 300, 500, 10_000)
    with pytest.raises(KeyError):
        imputer("hope")


def test_every_way_is_tried_and_marks_gain_where_gaps_tell():
    """What is missing tells the class; no value of the column does."""
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 600)
    x = pd.DataFrame(rng.normal(size=(600, 3)), columns=["a", "b", "c"])
    x["a"] += 0.5 * y
    x.loc[rng.random(600) < np.where(y, 0.7, 0.05), "b"] = np.nan
    more = {"epochs": 20, "splits": 6, "lr": 0.01}
    fixes = diagnose(x, y, **QUICK | more).fixes
    assert {MEAN, FLAGS, MODEL} <= set(fixes.index)
    assert fixes.loc[FLAGS, "gain"] > fixes.loc[MEAN, "gain"] + 0.02


def test_a_table_without_gaps_is_not_filled(found):
    assert not {MEAN, FLAGS, MODEL} & set(found.fixes.index)
