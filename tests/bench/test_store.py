"""Stored runs survive kills, full disks, damaged files and each other."""

import math
import os
import signal
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from gradclinic.bench.errors import BadData, ResourceUnavailable
from gradclinic.bench.execution.store import Run, Store

RUN = Run(
    key="k0",
    scenario="overfitting",
    fix="baseline",
    role="baseline",
    seed=3,
    seconds=0.1 + 0.2,
    bytes=2**40,
    trial={"lr": 1e-3, "hidden": [64, 64]},
    values={"val_loss": 1 / 3, "epochs": 20, "peak_bytes": 1024},
    curves={"val_loss": [1e-300, 1 / 3, -0.0]},
)

# Pairs of runs, one transaction a pair: path, name and count are its arguments.
WRITER = """
import sys
from gradclinic.bench.execution.store import Run, Store

def pair(number):
    for half in "ab":
        key = f"{sys.argv[2]}{number}{half}"
        yield Run(key, "overfitting", half, "fix", number)

store = Store(sys.argv[1])
print("open", flush=True)
for number in range(int(sys.argv[3])):
    store.put(pair(number))
    if number == 20:
        print("busy", flush=True)
"""


def writer(path: Path, name: str, pairs: int) -> subprocess.Popen:
    command = [sys.executable, "-c", WRITER, str(path), name, str(pairs)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "runs.sqlite"


def filled(path: Path, count: int = 200) -> Path:
    with Store(path) as store:
        store.put(replace(RUN, key=f"k{i}", seed=i) for i in range(count))
    return path


def test_what_is_put_is_got_after_reopening(path):
    with Store(path) as store:
        assert store.get("k0") is None
        store.put([RUN])
    with Store(path) as store:
        assert store.get("k0") == RUN
        assert store.get("k1") is None
        assert store.runs("overfitting") == [RUN]
        assert store.runs("divergence") == []


def test_a_key_put_again_replaces_its_run(path):
    with Store(path) as store:
        store.put([replace(RUN, status="failed", reason="x"), replace(RUN, key="k1")])
        store.put([RUN])
        assert store.runs() == [RUN, replace(RUN, key="k1")]


def test_numpy_numbers_are_stored_exactly_and_non_finite_ones_as_null(path):
    values = {"a": np.float32(0.1), "b": np.int64(7), "c": np.nan, "d": -math.inf}
    curves = {"loss": list(np.array([1 / 3, np.inf]))}
    with Store(path) as store:
        store.put([replace(RUN, values=values, curves=curves, seconds=math.nan)])
        run = store.get("k0")
    assert run.values == {"a": float(np.float32(0.1)), "b": 7, "c": None, "d": None}
    assert run.curves == {"loss": [1 / 3, None]}
    assert run.seconds is None


def test_records_are_tidy(path):
    failed = Run("k1", "overfitting", "l2", "fix", 4, status="failed", reason="broke")
    with Store(path) as store:
        store.put([RUN, failed])
        records = store.records()
    assert " ".join(records.columns) == (
        "scenario fix role seed metric value unit device seconds bytes status"
    )
    assert len(records) == len(RUN.values) + 1
    units = dict(zip(records.metric, records.unit, strict=True))
    assert (units["epochs"], units["peak_bytes"]) == ("epochs", "bytes")
    (line,) = records[records.status == "failed"].itertuples()
    assert line.fix == "l2" and math.isnan(line.value)


def test_a_put_that_fails_stores_nothing(path):
    def runs():
        yield RUN
        raise RuntimeError("a run broke while being handed over")

    with Store(path) as store:
        with pytest.raises(RuntimeError):
            store.put(runs())
        with pytest.raises(TypeError):
            store.put([RUN, replace(RUN, key="k1", trial={"lr": object()})])
        assert store.runs() == []
        store.put([RUN])
        assert store.runs() == [RUN]


def test_kill_9_while_writing_leaves_whole_transactions(path):
    child = writer(path, "x", 10**6)
    assert child.stdout.readline() == "open\n"
    assert child.stdout.readline() == "busy\n"
    child.send_signal(signal.SIGKILL)
    child.communicate()
    with Store(path) as store:
        runs = store.runs()
        halves = [{r.seed for r in runs if r.fix == half} for half in "ab"]
        assert halves[0] == halves[1] == set(range(len(runs) // 2))
        assert len(runs) >= 42
        store.put([RUN])
        assert store.get("k0") == RUN


def test_processes_writing_at_the_same_time_lose_nothing(path):
    children = [writer(path, name, 100) for name in "wxyz"]
    for child in children:
        child.communicate()
    assert [child.returncode for child in children] == [0] * 4
    with Store(path) as store:
        assert len(store.runs()) == 4 * 100 * 2


def emptied(path: Path) -> None:
    child = writer(path, "x", 10**6)
    child.stdout.readline()
    child.stdout.readline()
    child.kill()  # its log stays beside the file
    child.communicate()
    os.truncate(path, 0)


def spoiled(path: Path) -> None:
    with sqlite3.connect(filled(path)) as database:
        database.execute("UPDATE runs SET curves = '{\"loss\": [1, ' WHERE seed = 3")
    database.close()


def foreign(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE addresses (name TEXT)")
    database.close()


def overwritten(path: Path) -> None:
    size = filled(path).stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 3)
        file.write(b"\xa5" * (size // 3))


DAMAGES = {
    "garbage": lambda path: path.write_bytes(b"\x93 no database " * 1000),
    "no header": lambda path: filled(path).write_bytes(path.read_bytes()[100:]),
    "cut in the middle": lambda path: os.truncate(filled(path), 3 * 4096 + 17),
    "cut at a page": lambda path: os.truncate(filled(path), 3 * 4096),
    "overwritten": overwritten,
    "emptied": emptied,
    "broken JSON": spoiled,
    "foreign": foreign,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_file_is_reported_kept_and_moved_aside_on_force(path, damage):
    damage(path)
    content = path.read_bytes()
    with pytest.raises(BadData) as refused:
        Store(path)
    assert path.read_bytes() == content
    sentence = str(refused.value)
    assert sentence.startswith(str(path)) and "--force" in sentence
    assert "\n" not in sentence
    with Store(path, force=True) as store:
        store.put([RUN])
    assert Path(f"{path}.corrupt-1").read_bytes() == content
    with Store(path, force=True) as store:  # a whole file is not moved
        assert store.runs() == [RUN]


def test_a_second_damaged_file_does_not_overwrite_the_first(path):
    for number in range(2):
        path.write_bytes(b"garbage %d " % number * 100)
        Store(path, force=True).close()
    assert Path(f"{path}.corrupt-1").read_bytes().startswith(b"garbage 0")
    assert Path(f"{path}.corrupt-2").read_bytes().startswith(b"garbage 1")


def test_a_newer_schema_is_refused_and_kept_even_with_force(path):
    with sqlite3.connect(filled(path, 1)) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    for force in (False, True):
        with pytest.raises(BadData, match="newer gradclinic"):
            Store(path, force=force)


def test_an_empty_file_is_a_new_store(path):
    path.touch()
    with Store(path) as store:
        store.put([RUN])
        assert store.runs() == [RUN]


@pytest.mark.parametrize("place", ["file/runs.sqlite", "absent/runs.sqlite", "folder"])
def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path, place):
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    with pytest.raises(ResourceUnavailable, match="Cannot use"):
        Store(tmp_path / place)


def test_a_full_disk_is_one_sentence_and_loses_nothing(path):
    filled(path)
    with Store(path) as store:
        (pages,) = store._db.execute("PRAGMA page_count").fetchone()
        store._db.execute(f"PRAGMA max_page_count = {pages}")
        more = [replace(RUN, key=f"m{i}") for i in range(500)]
        with pytest.raises(ResourceUnavailable, match="disk is full"):
            store.put(more)
        assert len(store.runs()) == 200
    with Store(path) as store:
        store.put(more)
        assert len(store.runs()) == 700


def test_a_read_only_file_is_one_sentence_and_still_readable(path):
    with Store(filled(path)) as store:
        store._db.execute("PRAGMA query_only = ON")
        with pytest.raises(ResourceUnavailable, match="readonly"):
            store.put([replace(RUN, key="new")])
        assert len(store.runs()) == 200
