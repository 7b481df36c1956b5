"""A run's key changes with all that defines the run, and with nothing else."""

from dataclasses import fields, replace

import numpy as np
import pytest
from gradclinic.bench.execution import memory, task, timing
from gradclinic.bench.execution.data import split
from gradclinic.bench.execution.network import training_seed
from gradclinic.bench.execution.setting import refuse_differences, setting
from gradclinic.bench.execution.task import Condition, Task, key, kind_of, named_by
from gradclinic.bench.execution.training import run_training
from gradclinic.scenarios import Dataset, Deployment, MemoryPlan, Trial, layer

CONDITION = Condition("s", "f", "fix", Trial(Dataset("digits")))


@pytest.mark.parametrize(
    "change",
    [
        {"scenario": "t"},
        {"fix": "g"},
        {"role": "placebo"},
        {"trial": Trial(Dataset("digits"), lr=0.5)},
        {"trial": Trial(Dataset("digits", rows=3))},
        {"trial": Trial(Dataset("digits"), memory=MemoryPlan(micro_batch=4))},
    ],
)
def test_key_depends_on_every_part(change):
    assert key(replace(CONDITION, **change), 0, "train") != key(CONDITION, 0, "train")


def test_key_depends_on_seed_kind_and_kernels(monkeypatch):
    keys = {key(CONDITION, 0, "train"), key(CONDITION, 1, "train")}
    keys.add(key(CONDITION, 0, "time"))
    monkeypatch.setattr(task, "training_source", lambda *_, **__: "edited")
    keys.add(key(CONDITION, 0, "train"))
    assert len(keys) == 4


def test_key_is_the_same_in_another_run_of_the_program():
    assert key(CONDITION, 3, "train") == key(replace(CONDITION), 3, "train")


def test_how_a_trial_is_run():
    trial = CONDITION.trial
    assert kind_of(trial, "test_loss") == "train"
    assert kind_of(trial, "seconds_per_step") == "time"
    assert kind_of(replace(trial, memory=MemoryPlan(budget=1)), "peak_bytes") == "guard"


@pytest.mark.parametrize("field", [f.name for f in fields(Trial)])
@pytest.mark.parametrize("path", [timing, memory])
def test_a_path_uses_each_field_of_a_trial_or_refuses_a_difference(path, field):
    """So that no fix is a placebo in disguise."""
    plain = CONDITION.trial
    if field == "layers":
        plain = replace(plain, hidden=(), dropout=0.0)
    others = {
        "data": Dataset("wine"),
        "hidden": (7,),
        "shape": (2, 2),
        "layers": (layer("Flatten"),),
        "activation": "tanh",
        "loss": "hinge",
        "optimizer": "sgd",
        "hyper": (("eps", 1e-3),),
        "schedule": "cosine",
        "schedule_options": (("final", 0.1),),
        "reduction": "sum",
        "initialiser": "orthogonal",
        "precision": "float64",
        "engine": "numpy",
        "batch_size": 3,
        "epochs": 3,
        "warmup": 3,
        "patience": 3,
        "restart": 3,
        "members": 3,
        "deployment": Deployment(),
        "decision": "balanced",
        "wrapping": (("max_norm", 2.0),),
        "memory": MemoryPlan(micro_batch=2),
    }
    other = replace(plain, **{field: others.get(field, 0.25)})
    assert other != plain
    if field in path.HONOURED:
        refuse_differences([plain, other], path.HONOURED, "it")
        return
    with pytest.raises(ValueError, match=rf"^it does not use {field}, .*\)") as raised:
        refuse_differences([plain, other], path.HONOURED, "it")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_a_trial_is_read_with_its_start(precision):
    trial = replace(
        CONDITION.trial,
        precision=precision,
        initialiser="orthogonal",
        restart=2,
        lr=0.3,
    )
    rows = split(trial.data, 3)
    net, start, how = setting(trial, rows, 3)
    assert start.dtype == precision and how["lr"] == 0.3
    assert how["seed"] == training_seed(trial, 3) != 3
    drawn = net.init(how["seed"], start.dtype.type, "orthogonal")
    np.testing.assert_array_equal(start, drawn)


IMAGES = Trial(
    Dataset("digits", rows=60, validation=30, test=30),
    hidden=(),
    shape=(8, 8, 1),
    layers=(
        layer("Conv2D", outputs=3, kernel=3, activation="relu"),
        layer("Residual", layer("Dense", outputs=3, activation="tanh")),
        layer("Flatten"),
    ),
    epochs=1,
)


def test_a_trial_names_its_layers():
    rows = split(IMAGES.data, 3)
    net = setting(IMAGES, rows, 3)[0]
    kinds = [node.kind.name for node in net.nodes]
    assert kinds == ["conv2d", "dense", "add", "dense"] and net.shape == (8, 8, 1)
    noisy = setting(replace(IMAGES, input_noise=0.1), rows, 3)[0]
    assert noisy.nodes[0].kind.name == "noise"
    files = [("layers", name) for name in ("conv2d", "residual", "flatten", "dense")]
    assert named_by(IMAGES)[-4:] == files
    assert named_by(CONDITION.trial)[-1][0] == "schedules"
    condition = Condition("s", "f", "baseline", IMAGES)
    (run,) = run_training(Task(condition, (3,), "train"), threads=1)
    assert run.status == "ok" and run.trial["layers"][0]["name"] == "Conv2D"
