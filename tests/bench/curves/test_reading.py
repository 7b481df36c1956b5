"""Files of every layout, and files that are no curves: read, or one sentence."""

import json
import math
import sys

import numpy as np
import pytest
from gradclinic.bench.errors import BadData, ResourceUnavailable
from gradclinic.bench.studies.curves_logged import read_curves
from gradclinic.bench.studies.curves_logged.names import (
    chosen_columns,
    guess,
    place_column,
)

from .layouts import TEXTS

RUN = {
    "epoch": list(range(1, 13)),
    "step": [10 * e for e in range(1, 13)],
    "train_loss": [1.0 / e for e in range(1, 13)],
    "val_loss": [1.1 / e for e in range(1, 13)],
    "train_accuracy": [1 - 0.5 / e for e in range(1, 13)],
    "val_accuracy": [0.95 - 0.5 / e for e in range(1, 13)],
}
ROWS = [f"{e},{1 / (e + 1):.4f},{1.1 / (e + 1):.4f}" for e in range(12)]
TABLE = "epoch,train_loss,val_loss\n" + "\n".join(ROWS) + "\n"


@pytest.fixture
def read(tmp_path):
    """Read text or bytes as a file."""

    def read(content, name="log.csv", encoding="utf-8"):
        path = tmp_path / name
        raw = content if isinstance(content, bytes) else content.encode(encoding)
        path.write_bytes(raw)
        return read_curves(path)

    return read


@pytest.mark.parametrize("layout", TEXTS)
def test_each_layout_holds_the_same_curves(layout, read):
    write, ending = TEXTS[layout]
    log = read(write(RUN), f"log{ending}")
    for name, values in RUN.items():
        if name in log.columns:
            np.testing.assert_allclose(log.curves.series[name].y, values, atol=6e-5)
    # A Trainer logs no accuracy of the rows that it trains on.
    assert len(log.columns) == (3 if layout == "hugging_face" else 4)
    assert log.evaluations == dict.fromkeys(log.columns, 12)
    known = {"keras": "Keras CSVLogger", "lightning": "Lightning CSVLogger"}
    known |= {"hugging_face": "Hugging Face trainer_state.json", "plain": "table"}
    assert log.layout == known[layout]
    assert log.curves.unit == ("step" if layout == "hugging_face" else "epoch")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", "   "])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_separators_and_encodings(read, separator, encoding):
    log = read(TABLE.replace(",", separator), encoding=encoding)
    assert log.curves.series["val_loss"].y[1] == 0.55
    assert log.curves.unit == "epoch" and not log.notes


def test_line_ends_quotes_and_decimal_commas(read):
    text = TABLE.replace("\n", "\r\n").replace("train_loss", '"train_loss"')
    assert len(read(text).curves.series["train_loss"]) == 12
    german = TABLE.replace(",", ";").replace(".", ",")
    assert read(german).curves.series["val_loss"].y[1] == 0.55
    latin = (
        TABLE.replace("epoch", "größe,epoch").replace("\n", "\n7,").removesuffix("7,")
    )
    assert read(latin, encoding="latin-1").curves.unit == "epoch"


def test_a_header_again_is_left_out(read):
    lines = TABLE.splitlines()
    again = [*lines[:6], lines[0], *lines[6:]]
    assert len(read("\n".join(again)).curves.series["val_loss"]) == 12


def test_holes_are_holes_and_a_last_nan_is_none(read):
    rows = [line.split(",") for line in ROWS]
    rows[3][2], rows[4][2], rows[5][1] = "", "NA", "nan"
    text = "epoch,train_loss,val_loss\n" + "\n".join(map(",".join, rows))
    found = read(text).curves.series
    assert len(found["val_loss"]) == 10 and len(found["train_loss"]) == 11
    rows[5][1], rows[-1][1] = "0.2", "nan"
    found = read("epoch,train_loss,val_loss\n" + "\n".join(map(",".join, rows)))
    assert math.isnan(found.curves.series["train_loss"].y[-1])
    rows[-1][1] = "inf"
    found = read("epoch,train_loss,val_loss\n" + "\n".join(map(",".join, rows)))
    assert found.curves.series["train_loss"].y[-1] == math.inf


def test_a_million_rows(read):
    steps = np.arange(1_000_000)
    losses = np.exp(-steps / 2e5) + 0.1
    text = "step,loss\n" + "\n".join(
        f"{s},{v:.5f}" for s, v in zip(steps, losses, strict=True)
    )
    log = read(text)
    assert log.evaluations == {"train_loss": 1_000_000}
    assert len(log.curves.series["train_loss"]) == 500
    assert "averaged over 500 blocks" in log.notes[0]


def test_rows_are_counted_without_a_place(read):
    log = read(TABLE.replace("epoch", "time"))
    assert log.curves.unit == "step" and "rows are counted" in log.notes[0]
    twice = "epoch,loss\n" + "\n".join(f"{k // 5},{1 / (k + 1)}" for k in range(20))
    log = read(twice)
    assert log.curves.unit == "step" and "Several rows have one epoch" in log.notes[0]


def test_steps_are_read_where_epochs_repeat(read):
    rows = "\n".join(f"{k // 5},{10 * k},{1 / (k + 1)}" for k in range(20))
    log = read(f"epoch,step,train_loss\n{rows}")
    assert log.curves.unit == "step" and log.curves.series["train_loss"].x[-1] == 190


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty; the first line must name the columns"),
        ("   \n\n", "is empty"),
        ("epoch,train_loss,val_loss\n", "holds a header and no rows"),
        ("epoch,train_loss\n0,1.0\n", "holds 1 value of a loss; at least 5"),
        ("epoch,lr,speed\n" + "0,1,1\n" * 9, "names no training or validation loss"),
        ("\n".join(ROWS), "has no header; the first line must name the columns"),
        (TABLE.replace("val_loss", "train_loss"), "names 'train_loss' twice"),
        (TABLE.replace("0.5000", "half"), "Row 2 holds 'half' in column 'train_loss'"),
        (TABLE + ",\n,\n1,2,3,4,5\n", "is no table: Expected 3 fields in line"),
        (TABLE + "\n".join(ROWS), "epoch goes back within the file"),
        (TABLE + ",0.1,0.1\n", "has a loss and no epoch"),
        (
            "epoch,loss_a,loss_b\n" + "0,1,1\n" * 9,
            "Two columns may be the training loss",
        ),
        ("epoch,loss\n" + "".join(f"{k},\n" for k in range(9)), "holds no value of a"),
        (b"PAR1\0\1\2\3\0\0\0\0PAR1", "is not text"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is not text"),
        ('{"log_history": [', "is no JSON"),
        ('{"log_history": ' + "[" * 100_000, "is no JSON"),
        ('{"a": 1}', "has no log_history"),
        ("[1, 2]", "has no log_history"),
        ('{"log_history": [{"loss": "x", "step": 1}]}', "log_history holds loss = 'x'"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(read, content, said):
    with pytest.raises(BadData, match=said) as error:
        read(content)
    assert "\n" not in str(error.value) and str(error.value).endswith(".")
    assert error.value.exit_code == 4


def test_no_file_and_a_folder(tmp_path):
    with pytest.raises(BadData, match="There is no file"):
        read_curves(tmp_path / "no.csv")
    with pytest.raises(BadData, match="is a folder"):
        read_curves(tmp_path)


def test_an_event_file_without_tensorboard_says_what_to_install(tmp_path, monkeypatch):
    path = tmp_path / "events.out.tfevents.1.host"
    path.write_bytes(b"\0")
    reader = "tensorboard.backend.event_processing.event_accumulator"
    monkeypatch.setitem(sys.modules, "tensorboard", None)
    monkeypatch.setitem(sys.modules, reader, None)
    with pytest.raises(ResourceUnavailable, match=r"gradclinic\[tensorboard\]"):
        read_curves(path)


def test_the_sum_of_a_trainer_is_left_out(read):
    history = [{"loss": 1.0 / k, "step": k, "grad_norm": 2.0} for k in range(1, 9)]
    history.append({"train_loss": 9.0, "train_runtime": 1.0, "step": 8})
    log = read(json.dumps({"log_history": history}), "trainer_state.json")
    assert log.columns == {"train_loss": "loss", "gradient_norm": "grad_norm"}
    assert log.curves.series["train_loss"].y[-1] == 0.125


@pytest.mark.parametrize(
    ("name", "curve"),
    [
        ("loss", "train_loss"),
        ("Train Loss", "train_loss"),
        ("trainLoss", "train_loss"),
        ("loss/train", "train_loss"),
        ("train/loss_epoch", "train_loss"),
        ("valLoss", "val_loss"),
        ("val_loss", "val_loss"),
        ("valloss", "val_loss"),
        ("eval/loss", "val_loss"),
        ("validation_loss", "val_loss"),
        ("test-loss", "val_loss"),
        ("val_nll", "val_loss"),
        ("acc", "train_accuracy"),
        ("val_sparse_categorical_accuracy", "val_accuracy"),
        ("grad_norm", "gradient_norm"),
        ("train/grad_norm", "gradient_norm"),
        ("lr", "learning_rate"),
        ("learning_rate", "learning_rate"),
        ("lr-Adam", "learning_rate"),
    ],
)
def test_names_are_guessed(name, curve):
    assert guess(name).series == curve


def test_the_nearest_name_is_chosen():
    names = [
        "train_loss_step",
        "train_loss_epoch",
        "val_loss",
        "test_loss",
        "best_val_loss",
    ]
    assert chosen_columns(names) == {
        "train_loss": "train_loss_epoch",
        "val_loss": "val_loss",
    }
    assert guess("time") is None and guess("epoch") is None
    assert [
        place_column(n) for n in ("Epoch", "global_step", "trainer/global_step")
    ] == [
        "epoch",
        "step",
        "step",
    ]
