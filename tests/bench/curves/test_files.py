"""Twenty logged trainings, made by `make_files.py` of data and seeds of their own."""

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest
from gradclinic.bench.studies.curves_logged import curves_content, read_curves
from gradclinic.bench.studies.curves_logged.study import FOUND

from .layouts import TEXTS, tensorboard

FILES = Path(__file__).parent / "files"
PLANTED = json.loads((FILES / "planted.json").read_text(encoding="utf-8"))
INSTALLED = importlib.util.find_spec("tensorboard") is not None


def file_of(name):
    """A file, or the same as text where it takes tensorboard to read it."""
    path = FILES / name
    return path if INSTALLED else path.with_name(name.replace(".tfevents", ".csv"))


def troubles(path):
    content = curves_content(read_curves(path), path.name, "")
    return {t["trouble"] for t in content["troubles"] if t["verdict"] == FOUND}


def f1(found):
    """Of (planted, found) pairs: a trouble that is named where none is counts too."""
    right = sum(planted in named for planted, named in found)
    wrong = sum(len(named - {planted}) for planted, named in found)
    missed = sum(bool(planted) and planted not in named for planted, named in found)
    return 2 * right / (2 * right + wrong + missed)


def test_ten_are_healthy_and_each_trouble_is_there_twice():
    kinds = list(PLANTED.values())
    assert kinds.count("") == 10 and len(kinds) == 20
    assert {kinds.count(kind) for kind in set(kinds) - {""}} == {2}
    assert {Path(name).suffix for name in PLANTED} == {
        ".csv",
        ".tsv",
        ".json",
        ".tfevents",
    }


def test_troubles_are_named_where_they_were_planted():
    found = [(PLANTED[name], troubles(file_of(name))) for name in PLANTED]
    assert f1(found) >= 0.95


def run_of(path):
    """The numbers of a file, to be written in another layout."""
    series = read_curves(path).curves.series
    x = series["train_loss"].x
    run = {
        "epoch": list(range(1, len(x) + 1)),
        "step": list(range(10, 10 * len(x) + 1, 10)),
    }
    for name in ("train_loss", "val_loss", "train_accuracy", "val_accuracy"):
        if name in series and len(series[name]) == len(x):
            run[name] = [float(v) for v in series[name].y]
    return run if "val_loss" in run else None


@pytest.mark.parametrize("layout", [*TEXTS, "tensorboard"])
def test_every_layout_gives_the_same_verdicts(layout, tmp_path):
    if layout == "tensorboard" and not INSTALLED:
        pytest.skip("needs the extra tensorboard")
    found = []
    for name in PLANTED:
        run = run_of(file_of(name))
        if run is None:
            continue
        if layout == "tensorboard":
            path = tmp_path / f"{Path(name).stem}.tfevents"
            tensorboard(run, path)
        else:
            write, ending = TEXTS[layout]
            path = tmp_path / f"{Path(name).stem}{ending}"
            path.write_text(write(run), encoding="utf-8")
        found.append((PLANTED[name], troubles(path)))
    assert len(found) == 20 and f1(found) >= 0.95


def test_a_measure_that_can_fail():
    assert f1([("a", {"a"}), ("", set())]) == 1
    assert f1([("a", {"a"}), ("", {"b"})]) == pytest.approx(2 / 3)
    assert f1([("a", {"b"}), ("b", {"b"})]) == pytest.approx(0.5)
    assert np.isclose(f1([("a", set()), ("b", {"b"})]), 2 / 3)
