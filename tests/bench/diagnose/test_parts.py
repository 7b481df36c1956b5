"""Splits: disjoint, of the sizes promised, stratified, by group, in time."""

import numpy as np
import pytest
from gradclinic.bench.errors import BadData
from gradclinic.bench.studies.diagnose.default import default_trial
from gradclinic.bench.studies.diagnose.encoding import encoded
from gradclinic.bench.studies.diagnose.folds import Fold, balanced_rows
from gradclinic.bench.studies.diagnose.parts import final, held_out, repeated
from gradclinic.bench.studies.diagnose.reading import Rows, user_table
from hypothesis import given, settings
from hypothesis import strategies as st

from .tables import clusters


def table(rows=200, **columns):
    x, y = clusters(rows)
    frame = x.assign(y=y, **columns)
    names = {k: k for k in ("group", "time") if k in columns}
    return user_table(Rows(frame, rows, "t"), "y", **names)


@settings(max_examples=30, deadline=None)
@given(rows=st.integers(20, 300), seed=st.integers(0, 10**6))
def test_parts_are_disjoint_whole_and_stratified(rows, seed):
    t = table(rows)
    rest, test = held_out(t, None, seed)
    assert len(test) == rows - round(0.8 * rows)
    (parts,) = repeated(t, rest, None, [seed])
    together = np.concatenate([parts.train, parts.validation, parts.judged, test])
    np.testing.assert_array_equal(np.sort(together), np.arange(rows))
    share = t.y.mean()
    for part in (test, parts.train, parts.validation, parts.judged):
        assert abs(t.y[part].sum() - share * len(part)) <= 3


def test_seeds_cut_anew_and_alike():
    t = table()
    rest, _ = held_out(t, None, 0)
    one, two, again = repeated(t, rest, None, [1, 2, 1])
    assert set(one.train) != set(two.train)
    np.testing.assert_array_equal(one.train, again.train)
    assert set(held_out(t, None, 1)[1]) != set(held_out(t, None, 0)[1])


def test_groups_are_never_on_both_sides():
    t = table(group=np.arange(200) // 4)
    rest, test = held_out(t, t.groups, 3)
    (parts,) = repeated(t, rest, t.groups, [5])
    held = [set(t.groups[p]) for p in (test, parts.train, parts.judged)]
    assert not (held[0] & held[1] or held[1] & held[2] or held[0] & held[2])
    assert abs(len(test) - 40) <= 4
    with pytest.raises(BadData, match="fall into 2 groups"):
        repeated(t, rest, np.arange(200) % 2, [5])


def test_what_is_judged_comes_after_what_is_learnt():
    when = np.random.default_rng(0).permutation(200)
    t = table(time=when)
    rest, test = held_out(t, None, 0)
    assert when[rest].max() < when[test].min()
    for parts in repeated(t, rest, None, range(5)):
        assert when[parts.train].max() < when[parts.validation].min()
        assert when[parts.validation].max() < when[parts.judged].min()
    train, validation = final(t, rest, None, 0)
    assert when[train].max() < when[validation].min()
    starts = {when[p.train].min() for p in repeated(t, rest, None, range(5))}
    assert len(starts) > 1


def test_too_few_rows_are_refused():
    with pytest.raises(BadData, match="19 rows with a target; at least 20"):
        held_out(table(19), None, 0)


def test_encoding_is_learnt_from_training_rows_alone():
    x, y = clusters(100)
    x.loc[:9, "f0"] = np.nan
    kind = np.where(np.arange(100) < 50, "a", "b").astype(object)
    kind[90:] = "only in the test"
    t = user_table(Rows(x.assign(kind=kind, y=y), 100, "t"), "y")
    train, test = np.arange(90), np.arange(90, 100)
    data = encoded(t, ["f0", "f1", "kind"], train, test)
    assert [part.shape for part in data.x] == [(90, 4), (10, 4)]
    np.testing.assert_allclose(data.x[0][:10, 0], np.median(x["f0"][10:90]))
    np.testing.assert_array_equal(data.x[1][:, 2:], 0)


def test_values_are_scaled_by_training_rows():
    x, _ = clusters(60)
    frame = x.assign(y=np.linspace(100, 200, 60))
    t = user_table(Rows(frame, 60, "t"), "y")
    data = encoded(t, list(x), np.arange(40), np.arange(40, 50), np.arange(50, 60))
    assert data.centre == frame["y"][:40].mean()
    split = Fold(0, data, 0).split(default_trial((40, 10, 10), 0))
    assert abs(split.y_train.mean()) < 1e-6 and abs(split.y_train.std() - 1) < 1e-5
    assert split.y_test.min() > split.y_train.max()


@given(counts=st.lists(st.integers(1, 40), min_size=2, max_size=6))
def test_balanced_rows_hold_each_class_as_often(counts):
    y = np.repeat(np.arange(len(counts)), counts)
    rows = balanced_rows(y, 0)
    assert len(rows) == len(y)
    drawn = np.bincount(y[rows], minlength=len(counts))
    assert drawn.max() - drawn.min() <= 1
