"""Files of every kind become the same table; bad ones one sentence."""

import gzip

import numpy as np
import pandas as pd
import pytest
from gradclinic.bench.errors import BadData
from gradclinic.bench.studies.diagnose.reading import (
    Rows,
    read_rows,
    rows_of,
    user_table,
)
from gradclinic.bench.studies.diagnose.reading.columns import column_of
from gradclinic.bench.studies.diagnose.reading.sample import RowSample

from .tables import clusters


@pytest.fixture
def frame():
    x, y = clusters(40)
    return x.round(3).assign(kind=["a", "b"] * 20, answer=np.where(y, "yes", "no"))


def written(frame, path):
    if path.suffix == ".npz":
        columns = {c: frame[c].to_numpy() for c in ("f0", "f1", "f2", "f3")}
        np.savez(path, answer=frame["answer"].to_numpy(str), **columns)
    elif path.name.endswith(".csv.gz"):
        path.write_bytes(gzip.compress(frame.to_csv(index=False).encode()))
    else:
        path.write_bytes(frame.to_csv(index=False, sep=_separator(path)).encode())
    return str(path)


def _separator(path):
    return "\t" if path.suffix in (".tsv", ".tab") else ","


@pytest.mark.parametrize("name", ["t.csv", "t.tsv", "t.tab", "t.csv.gz", "t.npz"])
def test_every_format_gives_the_same_table(tmp_path, frame, name):
    table = user_table(read_rows(written(frame, tmp_path / name), None, 0), "answer")
    assert table.classes == ("no", "yes") and table.rows == table.total == 40
    np.testing.assert_array_equal(table.y, frame["answer"] == "yes")
    np.testing.assert_allclose(table.columns["f1"].values, frame["f1"])


@pytest.mark.parametrize("ending", ["parquet", "feather", "arrow"])
def test_arrow_formats(tmp_path, frame, ending):
    pyarrow = pytest.importorskip("pyarrow")
    path = tmp_path / f"t.{ending}"
    if ending == "arrow":
        batch = pyarrow.RecordBatch.from_pandas(frame)
        with pyarrow.OSFile(str(path), "wb") as sink:
            with pyarrow.ipc.new_stream(sink, batch.schema) as stream:
                stream.write_batch(batch)
    else:
        getattr(frame, f"to_{ending}")(path)
    table = user_table(read_rows(str(path), None, 0), "answer")
    assert table.rows == 40 and table.columns["kind"].kind == "category"


def test_a_missing_extra_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    (tmp_path / "t.parquet").write_bytes(b"PAR1")
    with pytest.raises(BadData, match=r"needs pyarrow: pip install"):
        read_rows(str(tmp_path / "t.parquet"), None, 0)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_encodings_with_a_mark(tmp_path, frame, encoding):
    text = frame.rename(columns={"f0": "größe"}).to_csv(index=False, sep=";")
    mark = "\ufeff" if encoding == "utf-16-le" else ""
    (tmp_path / "t.csv").write_bytes((mark + text).encode(encoding))
    table = user_table(read_rows(str(tmp_path / "t.csv"), None, 0), "answer")
    assert "größe" in table.columns


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"a,b\n", "holds no rows"),
        (b"\xff\xfe\x00", "cannot be read|not text|empty"),
        ("a,b\nä,1\n".encode("latin-1"), "not text in utf-8: save it as UTF-8"),
        (b"a\0b\0c", "not a text file"),
        (b'a,b\n1,2\n"3,4\n', "cannot be read"),
        (b"a,b\n1,2\n1,2,3\n", "cannot be read"),
    ],
    ids=range(7),
)
def test_broken_text_is_one_sentence(tmp_path, content, said):
    (tmp_path / "t.csv").write_bytes(content)
    with pytest.raises(BadData, match=said) as error:
        read_rows(str(tmp_path / "t.csv"), None, 0)
    assert "\n" not in str(error.value) and str(error.value).endswith(".")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("t.npz", b"no zip", "cannot be read"),
        ("t.xlsx", b"", "ending that is not known"),
        ("nothing", None, "There is no file"),
        ("wines", None, r"did you mean wine\?"),
    ],
)
def test_other_broken_files(tmp_path, name, content, said):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadData, match=said):
        read_rows(name if name == "wines" else str(path), None, 0)


def test_pickles_are_not_read(tmp_path):
    np.savez(tmp_path / "t.npz", y=np.array([{}, {}], dtype=object))
    with pytest.raises(BadData, match="cannot be read"):
        read_rows(str(tmp_path / "t.npz"), None, 0)


def test_arrays_of_two_axes_are_a_column_each(tmp_path):
    np.savez(tmp_path / "t.npz", x=np.eye(6), y=np.arange(6) % 2)
    table = user_table(read_rows(str(tmp_path / "t.npz"), None, 0))
    assert list(table.columns) == [f"x_{k}" for k in range(6)]
    np.savez(tmp_path / "t.npz", x=np.zeros((2, 2, 2)), y=np.arange(2))
    with pytest.raises(BadData, match="has 3 axes"):
        read_rows(str(tmp_path / "t.npz"), None, 0)
    np.savez(tmp_path / "t.npz", x=np.zeros(3), y=np.arange(2))
    with pytest.raises(BadData, match=r"\[2, 3\] rows"):
        read_rows(str(tmp_path / "t.npz"), None, 0)


@pytest.mark.parametrize("parts", [[1000], [10] * 100, [997, 3], [1] * 1000])
def test_a_sample_is_ordered_uniform_and_of_the_size_asked(parts):
    sample, start = RowSample(50, 3), 0
    for size in parts:
        sample.add(pd.DataFrame({"row": np.arange(start, start + size)}))
        start += size
    rows = sample.frame("t")["row"].to_numpy()
    assert len(rows) == 50 and sample.total == 1000
    assert (np.diff(rows) > 0).all()
    whole = RowSample(50, 3)
    whole.add(pd.DataFrame({"row": np.arange(1000)}))
    np.testing.assert_array_equal(rows, whole.frame("t")["row"])


def test_each_row_is_as_likely_to_be_sampled():
    counts = np.zeros(60)
    for seed in range(400):
        sample = RowSample(20, seed)
        for start in range(0, 60, 7):
            rows = np.arange(start, min(start + 7, 60))
            sample.add(pd.DataFrame({"row": rows}))
        counts[sample.frame("t")["row"]] += 1
    # A third of 400 each: five binomial standard deviations are 47.
    assert np.abs(counts - 400 / 3).max() < 47


def test_kinds_of_columns():
    n = 60
    columns = {
        "number": np.arange(n) / 7,
        "whole": np.arange(n) % 5,
        "truth": np.arange(n) % 2 == 0,
        "rubbish": ["?" if k % 20 == 0 else f"{k}.5" for k in range(n)],
        "category": ["a", "b", None] * 20,
        "text": [f"row {k}" for k in range(n)],
        "day": pd.date_range("2026-01-01", periods=n).astype(str),
        "date": pd.date_range("2026-01-01", periods=n),
        "endless": [np.inf, *range(1, n)],
    }
    kinds = {k: column_of(k, pd.Series(v)) for k, v in columns.items()}
    assert {k: c.kind for k, c in kinds.items()} == {
        "number": "number",
        "whole": "number",
        "truth": "number",
        "rubbish": "number",
        "category": "category",
        "text": "text",
        "day": "time",
        "date": "time",
        "endless": "number",
    }
    assert kinds["whole"].whole and not kinds["number"].whole
    assert kinds["rubbish"].rubbish == (("?", 3),)
    assert kinds["category"].missing.sum() == 20
    assert kinds["endless"].infinite == 1 and kinds["endless"].missing.sum() == 1
    np.testing.assert_array_equal(kinds["day"].values, kinds["date"].values)
    assert kinds["day"].values[1] == 86_400


def rows(**columns):
    return Rows(pd.DataFrame(columns), len(next(iter(columns.values()))), "t.csv")


@pytest.mark.parametrize(
    ("y", "task", "classes"),
    [
        (["b", "a"] * 10, None, ("a", "b")),
        ([True, False] * 10, None, ("False", "True")),
        ([3, 1] * 10, None, ("1", "3")),
        ([3, 1] * 10, "regression", ()),
        (list(range(20)), None, ()),
        (["1.5", "2.5"] * 10, None, ()),
        ([0.5, 1.5] * 10, "classification", ("0.5", "1.5")),
    ],
    ids=str,
)
def test_the_task_is_found_or_told(y, task, classes):
    table = user_table(rows(x=range(20), y=y), "y", task)
    assert table.classes == classes
    assert table.task == ("classification" if classes else "regression")


@pytest.mark.parametrize(
    ("columns", "how", "said"),
    [
        ({"x": range(20)}, {"target": "z"}, "has no column 'z'"),
        ({"x": range(20)}, {}, "name --target"),
        ({"y": [1, 2] * 10}, {"target": "y"}, "no column beside y"),
        ({"x": range(20), "y": ["a"] * 20}, {"target": "y"}, "one class only"),
        ({"x": range(20), "y": [None] * 20}, {"target": "y"}, "has no value"),
        (
            {"x": range(20), "y": ["a", "b"] * 10},
            {"target": "y", "task": "regression"},
            "holds text",
        ),
        (
            {"x": range(20), "y": [2] * 20},
            {"target": "y", "task": "regression"},
            "one value only",
        ),
        (
            {"x": range(20), "y": [f"c{k}" for k in range(20)]},
            {"target": "y"},
            "20 classes on 20 rows",
        ),
        (
            {"x": range(20), "y": [0, 1] * 10, "g": [1, 2] * 10},
            {"target": "y", "group": "g"},
            "fewer than 3 groups",
        ),
        (
            {"x": range(20), "y": [0, 1] * 10, "t": ["a", "b"] * 10},
            {"target": "y", "time": "t"},
            "neither numbers nor dates",
        ),
        (
            {"x": range(20), "y": [0, 1] * 10},
            {"target": "y", "time": "y"},
            "different columns",
        ),
    ],
    ids=range(11),
)
def test_what_cannot_be_a_table_is_one_sentence(columns, how, said):
    with pytest.raises(BadData, match=said) as error:
        user_table(rows(**columns), **how)
    assert str(error.value).endswith(".") and "\n" not in str(error.value)


def test_rows_without_a_target_are_left_out_and_counted():
    table = user_table(rows(x=range(22), y=[1.5, 2.5] * 10 + [np.nan, np.inf]), "y")
    assert (table.rows, table.lost, table.sampled) == (20, 2, False)


class Polars:
    """As polars looks from outside: columns by name, no protocol that pandas knows."""

    def __init__(self, frame):
        self._frame = frame
        self.columns = list(frame.columns)

    def __getitem__(self, name):
        return self._frame[name].to_numpy()


class Exchanged(Polars):
    """A frame of the interchange protocol."""

    def __dataframe__(self, *arguments, **options):
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return self._frame.__dataframe__(*arguments, **options)


@pytest.mark.parametrize("kind", [pd.DataFrame, np.asarray, Polars, Exchanged])
def test_what_python_hands_in(kind):
    x, y = clusters(40)
    table = user_table(rows_of(kind(x), y, None, 0))
    assert table.rows == 40 and len(table.columns) == 4
    values = [c.values for c in table.columns.values()]
    np.testing.assert_array_equal(np.column_stack(values), x)
    np.testing.assert_array_equal(table.y, y)


def test_the_target_may_be_a_column():
    x, y = clusters(40)
    table = user_table(rows_of(x.assign(label=y), "label", None, 0))
    assert table.target == "label" and "label" not in table.columns
    with pytest.raises(BadData, match="no column 'lable'"):
        rows_of(x, "lable", None, 0)
    with pytest.raises(BadData, match="one value a row"):
        rows_of(x, y[:-1], None, 0)
    with pytest.raises(BadData, match="2 axes"):
        rows_of(np.zeros(4), np.zeros(4), None, 0)
