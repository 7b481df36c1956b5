"""The monitor: what it takes, what it says meanwhile, and its page."""

import json
import math

import gradclinic
import numpy as np
import pytest
from gradclinic.bench import Monitor
from gradclinic.bench.errors import BadData
from gradclinic.bench.schemas import faults


def filled(epochs=30, name="training", **more):
    monitor = Monitor(name)
    for e in range(epochs):
        loss = 2 * math.exp(-e / 3) + 0.05
        monitor.update(
            epoch=e,
            train_loss=np.float32(loss),
            val_loss=np.array(loss + 0.02 * max(0, e - 8)),
            **more,
        )
    return monitor


def test_it_is_at_the_door():
    assert gradclinic.Monitor is Monitor


def test_verdicts_are_a_frame_of_all_troubles():
    frame = filled().verdicts
    assert list(frame.columns) == ["verdict", "sentence", "evidence", "next_step"]
    assert frame.loc["overfitting", "verdict"] == "found"
    assert (
        "Stop where the validation loss is lowest" in frame.loc["overfitting"].next_step
    )
    assert (frame.verdict == "found").sum() == 1 and len(frame) == 5
    assert "alarm > 5 %" in frame.loc["overfitting", "evidence"]


def test_it_speaks_up_as_soon_as_it_can():
    monitor = Monitor()
    assert monitor.troubles == [] and repr(monitor).endswith("no trouble found)")
    with pytest.raises(BadData, match="holds no value of a training"):
        assert monitor.verdicts
    monitor.update(train_loss=1.0)
    with pytest.raises(ValueError, match="holds 1 value"):
        assert monitor.verdicts
    monitor.update(train_loss=math.nan)
    assert monitor.troubles == ["divergence"]
    assert "divergence found" in repr(monitor)


def test_values_may_come_apart():
    monitor = Monitor()
    for step in range(0, 300, 10):
        monitor.update(step=step, train_loss=1 / (1 + step), learning_rate=0.1)
        if step % 50 == 0:
            monitor.update(step=step, val_loss=1.1 / (1 + step), gradient_norm=2.0)
    assert len(monitor.verdicts) == 5


@pytest.mark.parametrize(
    ("values", "error", "said"),
    [
        ({"epoch": 1, "train_loss": "low"}, TypeError, "train_loss must be a number"),
        ({"epoch": 0, "train_loss": 1.0}, ValueError, "epoch 0 comes after 1"),
        ({"step": 5, "train_loss": 1.0}, ValueError, "step is given, and before it"),
        ({"epoch": math.nan, "train_loss": 1.0}, ValueError, "comes after"),
    ],
)
def test_what_cannot_be_is_refused(values, error, said):
    monitor = Monitor()
    monitor.update(epoch=1, train_loss=2.0)
    with pytest.raises(error, match=said):
        monitor.update(**values)


def test_its_page_holds_the_curves(tmp_path):
    page = filled(name="<b>run</b>", gradient_norm=1.0).page(tmp_path / "my run.html")
    text = page.read_text(encoding="utf-8")
    assert page == tmp_path / "my run.html" and "<b>run</b>" not in text
    assert text.count("<svg") == 2 and "Overfitting" in text
    content = json.loads((tmp_path / "my run.json").read_text(encoding="utf-8"))
    assert list(faults(content, "curves")) == []
    assert len(list((tmp_path / "figures").iterdir())) == 2


def test_a_notebook_shows_a_table():
    assert "<table" in filled(name="<i>")._repr_html_()
    assert "<i>" not in filled(name="<i>")._repr_html_()
    assert "0 updates" in Monitor()._repr_html_()
    one = Monitor()
    one.update(train_loss=1.0)
    assert "at least 5" in one._repr_html_()
