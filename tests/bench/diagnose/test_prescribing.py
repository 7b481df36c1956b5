"""What is prescribed: settings that are read back, and code that trains alike."""

from dataclasses import replace

import numpy as np
import pytest
from gradclinic.bench.errors import BadData
from gradclinic.bench.studies.diagnose.encoding import encoded
from gradclinic.bench.studies.diagnose.prescribing.code import Recipe, code_blocks
from gradclinic.bench.studies.diagnose.prescribing.in_sklearn import lacking
from gradclinic.bench.studies.diagnose.prescribing.toml import (
    prescribed,
    prescription_toml,
)
from gradclinic.bench.studies.diagnose.reading import rows_of, user_table
from gradclinic.bench.studies.diagnose.remedies import _SCENARIOS, remedies
from gradclinic.scenarios import Dataset, Trial, layer

from .tables import clusters

# Regressions that fill gaps may stop before they settle.
pytestmark = pytest.mark.filterwarnings("ignore:.*IterativeImputer.*")

PLAIN = Trial(Dataset("file"), hidden=(16,), lr=0.01, batch_size=32, epochs=15)
NORMED = (
    layer("Dense", outputs=8),
    layer("BatchNorm"),
    layer("Activation", activation="relu"),
    layer("Residual", layer("Dense", outputs=8, activation="tanh")),
)
TRIALS = {
    "plain": PLAIN,
    "penalties": replace(PLAIN, l1=1e-4, l2=1e-3, dropout=0.2, input_noise=0.1),
    "stopping": replace(PLAIN, patience=5, clip_norm=1.0),
    "momentum": replace(
        PLAIN, optimizer="momentum", hyper=(("momentum", 0.9),), schedule="cosine"
    ),
    "layers": replace(PLAIN, hidden=(), layers=NORMED),
    "transforms": replace(
        PLAIN, data=Dataset("file", transforms=(("standardise", 0), ("pca", 3)))
    ),
    "balanced": replace(PLAIN, data=Dataset("file", options=(("balanced", 1),))),
    "weighted": replace(
        PLAIN, data=Dataset("file", weighting=(("class_weights", 0.75),))
    ),
    "gaps": replace(PLAIN, data=Dataset("file", options=(("gaps_model", 1),))),
}
DATA = {
    "file": 'a "table".csv',
    "target": "y\n\x7f",
    "leave_out": ["=1", "ü"],
    "seed": 3,
}


@pytest.mark.parametrize("name", TRIALS)
def test_settings_are_read_back(tmp_path, name):
    path = tmp_path / "p.toml"
    path.write_text(prescription_toml(DATA, TRIALS[name]), encoding="utf-8")
    found = prescribed(path)
    assert found.data == DATA and found.trial == TRIALS[name]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = ", "is not TOML"),
        ("schema = 1", r"no tables \[data\] and \[trial\]"),
        ("[data]\n[trial]", "no schema = 1"),
        ("schema = 1\n[data]\n[trial]", "needs file"),
        ('schema = 1\n[data]\nfile = "f"\ntarget = "t"\n[trial]\nrate = 1', "no rate"),
        ('schema = 1\n[data]\nfile = "f"\ntarget = "t"\n[trial]\nlr = -1', "lr of a"),
    ],
    ids=range(6),
)
def test_a_bad_file_is_one_sentence(tmp_path, text, said):
    (tmp_path / "p.toml").write_text(text)
    with pytest.raises(BadData, match=said):
        prescribed(tmp_path / "p.toml")
    with pytest.raises(BadData, match="There is no file"):
        prescribed(tmp_path / "none.toml")


def blocks(trial, classes=2):
    recipe = Recipe(
        read="pd.read_csv('table.csv')",
        target="y",
        classes=classes,
        text_classes=bool(classes),
        categories=("kind",),
        leave_out=("out",),
        coerced=True,
        rows=240,
        seed=0,
        trial=trial,
    )
    return {block["name"]: block["text"] for block in code_blocks(recipe)}


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with table.csv, in which code is run."""
    x, y = clusters(300)
    x.loc[::20, "f0"] = np.nan
    kind = np.where(np.arange(300) % 3, "a", "b")
    frame = x.assign(kind=kind, out=range(300), y=np.where(y, "yes", "no"))
    frame.to_csv(tmp_path / "table.csv", index=False)
    monkeypatch.chdir(tmp_path)
    return frame


def loss_of(code, *names):
    """The `loss` that blocks of code leave behind."""
    space = {}
    for name in ("rows", *names):
        exec(compile(code[name], name, "exec"), space)
    return float(space["loss"])


@pytest.mark.filterwarnings("ignore:Stochastic Optimizer")
@pytest.mark.parametrize(
    "name", ["plain", "transforms", "balanced", "weighted", "gaps"]
)
def test_scikit_learn_trains_the_same_network(here, capsys, name):
    code = blocks(TRIALS[name])
    ours, theirs = loss_of(code, "gradclinic"), loss_of(code, "sklearn")
    assert lacking(TRIALS[name]) == [] and abs(np.log(ours / theirs)) < 0.2


@pytest.mark.filterwarnings("ignore:Stochastic Optimizer")
def test_scikit_learn_trains_the_same_regression(here, capsys):
    noise = np.random.default_rng(0).normal(size=300)
    here["y"] = here["f1"] * 30 + 30 * noise + 500
    here.to_csv("table.csv", index=False)
    code = blocks(replace(PLAIN, loss="mse", l2=0.01), classes=0)
    ours, theirs = loss_of(code, "gradclinic"), loss_of(code, "sklearn")
    assert 0.2 < ours < 0.6 and abs(np.log(ours / theirs)) < 0.2


@pytest.mark.parametrize("name", TRIALS)
def test_every_block_is_python_and_tells_what_it_lacks(name):
    for block, text in blocks(TRIALS[name]).items():
        compile(text, block, "exec")
    told = [
        line for line in blocks(TRIALS[name])["sklearn"].split("\n") if "has no" in line
    ]
    assert len(told) == len(lacking(TRIALS[name]))


@pytest.mark.parametrize("name", [n for n in TRIALS if n != "layers"])
def test_our_code_runs(here, capsys, name):
    assert loss_of(blocks(TRIALS[name]), "gradclinic") < 1


@pytest.mark.parametrize("name", [n for n in TRIALS if n != "layers"])
def test_torch_trains_the_same_network(here, capsys, name):
    pytest.importorskip("torch")
    code = blocks(TRIALS[name])
    ours, theirs = loss_of(code, "gradclinic"), loss_of(code, "torch")
    assert abs(np.log(ours / theirs)) < 0.3


@pytest.mark.parametrize(
    ("block", "most"),
    [("gradclinic", 10), ("sklearn", 10), ("keras", 10), ("torch", 16)],
)
@pytest.mark.parametrize("classes", [0, 2])
def test_code_for_a_plain_network_is_short(block, most, classes):
    """PyTorch has no call that trains: its loop takes the lines beyond ten."""
    trial = PLAIN if classes else replace(PLAIN, loss="mse")
    lines = [line for line in blocks(trial, classes)[block].split("\n") if line]
    assert len(lines) <= most


@pytest.mark.parametrize("way", [None, "gaps_mean", "gaps_flags", "gaps_model"])
def test_code_fills_gaps_as_the_diagnosis_does(here, way):
    """The rows block and our encoder, learnt from the same rows, give the same."""
    options = ((way, 1),) if way else ()
    trial = replace(PLAIN, data=Dataset("file", options=options))
    space = {}
    exec(compile(blocks(trial)["rows"], "rows", "exec"), space)
    names = [*space["numbers"], *space["categories"]]
    table = user_table(rows_of(here[names], here["y"], None, 0), *[None] * 4)
    parts = [part.index.to_numpy() for part in (space["train"], space["valid"])]
    found = encoded(table, names, *parts, way=way)
    np.testing.assert_allclose(space["x_train"], found.x[0], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(space["x_valid"], found.x[1], rtol=1e-5, atol=1e-6)


FOUND = {*_SCENARIOS, "gaps", "imbalance", "scales", "outliers", "conditioning"}
STARTS = {
    "classes": replace(PLAIN, data=Dataset("file", rows=500)),
    "deep": replace(PLAIN, hidden=(16, 16), data=Dataset("file", rows=500)),
    "numbers": replace(PLAIN, loss="mse", data=Dataset("file", rows=500)),
}


@pytest.mark.parametrize("inputs", [2, 64])
@pytest.mark.parametrize("start", STARTS)
def test_whatever_is_tried_can_be_prescribed(tmp_path, start, inputs):
    """At every dose: as TOML and back, and as code that compiles."""
    trial = STARTS[start]
    tried = remedies(trial, inputs, FOUND)
    assert {"l2", "dropout", "standardise"} <= {remedy.name for remedy in tried}
    for remedy in tried:
        for dose in remedy.doses or (None,):
            treated = remedy.change(trial, dose)
            path = tmp_path / "p.toml"
            path.write_text(prescription_toml(DATA, treated), encoding="utf-8")
            again = prescribed(path).trial
            assert replace(again, data=treated.data) == treated, remedy.name
            assert again.data.transforms == treated.data.transforms
            classes = 0 if start == "numbers" else 3
            for text in blocks(treated, classes).values():
                compile(text, remedy.name, "exec")


def test_what_no_prescription_can_say_is_not_tried():
    trial = STARTS["classes"]
    names = {remedy.name for remedy in remedies(trial, 64, FOUND)}
    assert not names & {"ensemble", "mixup", "label_smoothing", "informative_inputs"}
    assert "pca" in names
