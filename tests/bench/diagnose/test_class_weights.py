"""Class weights on a table: which rows count more, and when they are tried."""

import numpy as np
import pandas as pd
import pytest
from gradclinic.bench.studies.diagnose.folds import encoded_fold
from gradclinic.bench.studies.diagnose.reading import rows_of, user_table
from gradclinic.bench.studies.diagnose.remedies import remedies
from gradclinic.scenarios import Dataset, Trial

PLAIN = Trial(Dataset("file"), hidden=(4,), epochs=2)


@pytest.fixture
def fold():
    rng = np.random.default_rng(0)
    y = np.arange(200) % 10 == 0
    frame = pd.DataFrame(rng.normal(size=(200, 2)), columns=["a", "b"])
    table = user_table(rows_of(frame, y.astype(int), None, 0))
    parts = np.arange(120), np.arange(120, 160), np.arange(160, 200)
    return encoded_fold(0, table, ["a", "b"], parts)


def named(found, name):
    (remedy,) = (r for r in remedies(PLAIN, 2, found) if r.name == name)
    return remedy


@pytest.mark.parametrize("found", [{"imbalance"}, {"class_imbalance"}])
def test_weights_make_classes_count_alike(fold, found):
    rows = fold.split(named(found, "class_weights").change(PLAIN, 1.0))
    y, weights = rows.y_seen.T
    assert weights[y == 1].sum() == pytest.approx(weights[y == 0].sum(), rel=1e-5)
    assert weights.mean() == pytest.approx(1, rel=1e-5)
    for part in (rows.y_train, rows.y_val, rows.y_test):
        assert part.shape[1] == 2 and (part[:, 1] == 1).all()
    assert fold.split(PLAIN).y_seen.shape[1] == 1


def test_weights_are_tried_where_a_class_is_rare():
    assert "class_weights" not in {r.name for r in remedies(PLAIN, 2, set())}
