"""A user's table: CSV in, one sentence out where it cannot be used."""

import numpy as np
import pandas as pd
import pytest
from gradclinic.scenarios import Dataset
from gradclinic.scenarios.data import DataError, load


def dataset(path, target="y", **sizes):
    options = (("path", str(path)), ("target", target))
    sizes = {"rows": 12, "validation": 4, "test": 4} | sizes
    return Dataset("file", **sizes, options=options)


@pytest.fixture
def write(tmp_path):
    def write(**columns):
        path = tmp_path / "table.csv"
        table = {"a": np.arange(20.0), "b": np.arange(20) % 7, "y": ["no", "yes"] * 10}
        pd.DataFrame(table | columns).to_csv(path, index=False)
        return path

    return write


def test_text_targets_are_classes_in_sorted_order(write):
    split = load(dataset(write()), 0)
    assert split.outputs == 2 and not split.redrawn
    np.testing.assert_array_equal(split.y_train[:, 0], split.x_train[:, 0] % 2)
    assert split.about == "table.csv: 20 rows, 2 features, target y (2 classes)."


def test_fractions_are_numbers_to_predict(write):
    split = load(dataset(write(y=np.arange(20) / 2)), 0)
    assert split.outputs == 1
    np.testing.assert_array_equal(split.y_train, split.x_train[:, :1] / 2)


def test_few_whole_numbers_are_classes_and_many_are_not(write):
    assert load(dataset(write(y=np.arange(20) % 4 + 5)), 0).outputs == 4
    assert load(dataset(write(y=np.arange(20) % 4 == 0)), 0).outputs == 2
    path = write()
    pd.DataFrame({"a": range(30), "y": range(30)}).to_csv(path, index=False)
    assert load(dataset(path), 0).outputs == 1


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"a": [np.nan, np.inf, *range(18)]}, "column a .* NaN or infinite .* 2 rows"),
        (
            {"b": [np.nan, *range(19)]},
            "column b holds NaN or infinite values in 1 row:",
        ),
        ({"y": ["x", None] * 10}, "column of the target holds NaN"),
        ({"a": ["red"] * 20}, "column a is not numeric"),
        ({"y": ["x"] * 20}, "column y holds one class only"),
        ({"y": [3] * 20}, "column y holds one class only"),
    ],
)
def test_a_bad_column_is_named(write, columns, message):
    with pytest.raises(DataError, match=message):
        load(dataset(write(**columns)), 0)


def test_a_missing_file_or_column_is_named(write, tmp_path):
    with pytest.raises(DataError, match=r"there is no file .*absent\.csv"):
        load(dataset(tmp_path / "absent.csv"), 0)
    with pytest.raises(DataError, match="no column 'yy'; did you mean 'y'"):
        load(dataset(write(), target="yy"), 0)
    with pytest.raises(DataError, match="file has 20 rows, too few for 100 training"):
        load(dataset(write(), rows=100), 0)


def test_what_is_not_a_table_is_refused(tmp_path):
    text = tmp_path / "table.txt"
    text.write_text("a,y\n1,2\n")
    with pytest.raises(DataError, match=r"neither a \.csv nor a \.parquet"):
        load(dataset(text), 0)
    empty = tmp_path / "empty.csv"
    empty.touch()
    with pytest.raises(DataError, match=r"empty\.csv cannot be read: No columns"):
        load(dataset(empty), 0)
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"not parquet")
    with pytest.raises(DataError, match="parquet"):
        load(dataset(broken), 0)
