"""The study beside scikit-learn: same rows, same settings, turns, and its table."""

import numpy as np
import pytest
from gradclinic.bench.studies.estimators import beside
from gradclinic.bench.studies.estimators.beside import Fitted

QUICK = beside.SETTINGS | {"max_iter": 3}


@pytest.mark.parametrize("data", ["wine", "diabetes"])
def test_both_are_fitted_on_the_same_rows(monkeypatch, data):
    seen, real = [], beside._fit

    def fit(kind, rows, seed, settings):
        seen.append((kind.__name__, seed, rows[0].sum(), rows[0].dtype, settings))
        return real(kind, rows, seed, settings)

    monkeypatch.setattr(beside, "_fit", fit)
    found = beside.compared(data, 2, QUICK, "float32", lambda *_: None)
    turns = seen[1:]  # the first one loads what is compiled
    assert [name[:3] for name, *_ in turns] == ["MLP", "Gra", "Gra", "MLP"]
    for first, second in (turns[:2], turns[2:]):
        assert first[1:] == second[1:] and first[3] == np.float32
    assert found["epochs"] == {"ours": 3, "theirs": 3}
    assert len(list(beside.table([found, found]))) == 3


def test_differences_are_paired_and_times_are_a_ratio():
    pairs = [
        (Fitted(0.90 + k / 100, 1.0, 10), Fitted(0.80 + k / 100, 3.0, 20))
        for k in range(5)
    ]
    found = beside._summary(pairs)
    assert found["difference"] == pytest.approx([0.1, 0.1, 0.1])
    assert found["times_longer"] == pytest.approx([3, 3, 3])
    assert found["spread"] == pytest.approx(np.std([0, 1, 2, 3, 4], ddof=1) / 100)
    line = list(beside.table([{"data": "d", "dtype": "float32", **found}]))[1]
    assert "+0.1000 (+0.1000 to +0.1000)" in line and "3.00 (3.00 to 3.00)" in line
