"""Detectors on planted networks: each fires where its trouble is, and only there."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from gradclinic.bench.execution import explanation
from gradclinic.bench.execution.examination import NUMBERS, numbers, spread
from gradclinic.bench.execution.explanation import (
    agreements,
    explained,
    known_features,
)
from gradclinic.bench.statistics import DETECTORS, READS
from gradclinic.bench.statistics import detectors as package
from gradclinic.bench.studies import also
from gradclinic.kernels import layers, mlp, sequential, train
from gradclinic.scenarios import SCENARIOS, Dataset

from .made_runs import a_question, baseline, evidence_of

QUESTIONS = [q for s in SCENARIOS.values() for q in (s, *s.parts)]
SEEDS, ROWS = range(4), 256
FED = {*NUMBERS, *explanation.NUMBERS}


def inputs(seed):
    return np.random.default_rng(seed).standard_normal((ROWS, 8)).astype(np.float32)


def examined(net, seed, change=None, x=None):
    """`numbers` of a network after four short steps of 64 rows."""
    x = inputs(seed) if x is None else x
    y = (x[:, 0] > 0).astype(np.float32)
    params = net.init(seed)
    if change:
        change(net, params)
    history = train(
        net,
        params,
        x,
        y,
        "sgd",
        1e-6,
        64,
        epochs=1,
        seed=seed,
        threads=1,
        diagnostics=True,
    )
    return numbers(net, history.diagnostics, x)


def vanishing(seed):
    return examined(mlp([8, *[16] * 12, 2], "sigmoid"), seed)


def exploding(seed):
    """Weights four times too large: bounded activations, and deltas that grow."""

    def enlarge(net, params):
        params *= 4

    return examined(mlp([8, *[32] * 16, 2], "tanh"), seed, enlarge)


def dead(seed):
    def lower(net, params):
        for name, start, shape in net.layout:
            if name == "layer0.bias":
                params[start : start + shape[0]] = -10

    return examined(mlp([8, 32, 32, 2]), seed, lower)


def ill_conditioned(seed):
    """Two columns that differ by a thousandth."""
    x = inputs(seed)
    x[:, 1] = x[:, 0] + 1e-3 * x[:, 1]
    return examined(mlp([8, 32, 2]), seed, x=x)


def healthy(seed):
    return examined(mlp([8, 32, 32, 2]), seed)


def table(seed, columns=4):
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1, 1, (2, ROWS, columns)).astype(np.float32)
    return SimpleNamespace(x_train=x[0], x_val=x[1], y_val=None)


WEIGHTS = 0.25 ** np.arange(4, dtype=np.float32)


def plain(seed):
    """A line whose columns matter less and less: a tree follows it."""
    net, rows = mlp([4, 1], loss="mse"), table(seed)
    rows.y_val = (rows.x_val @ WEIGHTS)[:, None]
    params = np.append(WEIGHTS, np.float32(0))
    return explained(net, params, rows, known=2, seed=seed)


def opaque(seed):
    """A random network with steep units, another in every seed."""
    net, rows = mlp([4, 64, 64, 1], "tanh", "mse"), table(seed)
    params = 5 * net.init(seed)
    rows.y_val = net.predict(params, rows.x_val)
    return explained(net, params, rows, known=2, seed=seed)


def explanations(of, data="friedman1", seeds=range(8)):
    values, importances = zip(*(of(seed) for seed in seeds), strict=True)
    found = {name: [v[name] for v in values] for name in values[0]}
    return found | {"importance_spearman": agreements(importances, Dataset(data))}


def over_seeds(of):
    found = [of(seed) for seed in SEEDS]
    return {name: [values[name] for values in found] for name in NUMBERS}


# {detector: (where it must fire, its healthy twin)}.
PLANTED = {
    "vanishing_gradient": (vanishing, healthy),
    "exploding_gradient": (exploding, healthy),
    "dead_relu": (dead, healthy),
    "ill_conditioning": (ill_conditioned, healthy),
    "poor_interpretability": (opaque, plain),
}


def values_of(of):
    return explanations(of) if of in (opaque, plain) else over_seeds(of)


@pytest.mark.parametrize("name", DETECTORS)
def test_every_detector_has_a_producer(name):
    """A scenario that causes what it looks for, or a planted network."""
    caused = name in {q.symptom.detector for q in QUESTIONS}
    assert caused or (name in PLANTED and {*READS[name]} <= FED)


@pytest.mark.parametrize("name", PLANTED)
def test_a_detector_fires_on_the_planted_network(name):
    found = DETECTORS[name](values_of(PLANTED[name][0]))
    assert found.fires, found


@pytest.mark.parametrize("name", PLANTED)
def test_a_detector_is_silent_on_the_healthy_twin(name):
    found = DETECTORS[name](values_of(PLANTED[name][1]))
    assert not found.fires and found.refuted, found


@pytest.mark.parametrize(("of", "fires"), [(opaque, True), (plain, False)])
def test_every_sign_of_a_poor_explanation_is_found(of, fires):
    values = explanations(of, seeds=range(40))
    signs = DETECTORS["poor_interpretability"](values).components
    assert [sign.fires for sign in signs] == [fires] * 3
    assert [sign.refuted for sign in signs] == [not fires] * 3


def test_the_gradient_of_a_layer_is_that_of_its_mean_entry():
    """One step of a linear network: the gradient is known."""
    net, x = mlp([8, 1], loss="mse"), inputs(0)
    y = x[:, :1].copy()
    params = net.init(0)
    _, gradient = net.loss_and_grad(params, x, y)
    history = train(
        net, params, x, y, "sgd", 1e-6, None, epochs=1, threads=1, diagnostics=True
    )
    found = numbers(net, history.diagnostics, x)
    expected = np.sqrt(np.mean(gradient.astype(float) ** 2))
    assert found["first_layer_gradient_rms"] == pytest.approx(expected, rel=1e-5)
    assert found["last_layer_gradient_rms"] == found["first_layer_gradient_rms"]
    assert np.isnan(found["dead_fraction"]) and np.isnan(found["saturated_fraction"])


def test_layers_without_weights_are_no_first_or_last_layer():
    dense = [layers.Dense(16, activation="relu"), layers.Dense(2)]
    net = sequential((8,), [layers.BatchNorm(), *dense])
    found = examined(net, 0)
    assert np.isfinite([found[name] for name in ("dead_fraction", *NUMBERS[:2])]).all()
    nodes = [k for k, node in enumerate(net.nodes) if node.plan.rows]
    assert nodes == [1, 2]


def test_steps_after_a_divergence_are_not_counted():
    net, x = mlp([8, 32, 1], loss="mse"), inputs(0)
    history = train(
        net,
        net.init(0),
        x,
        x[:, :1],
        "sgd",
        100.0,
        32,
        epochs=8,
        threads=1,
        diagnostics=True,
    )
    assert history.status == "diverged"
    assert not history.diagnostics.loss[-1] > 0
    assert numbers(net, history.diagnostics, x)["first_layer_gradient_rms"] > 0


def test_the_spread_of_the_inputs_is_of_the_directions_in_which_they_vary():
    rng = np.random.default_rng(0)
    x = rng.standard_normal((1000, 3)) * (3.0, 1.0, 0.0)
    condition, largest = spread(x.astype(np.float32))
    assert condition == pytest.approx(9, rel=0.2)
    assert largest == pytest.approx(9 / 5, rel=0.1)
    assert np.isnan(spread(np.ones((5, 2)))).all()


@pytest.mark.parametrize(
    ("data", "known"),
    [
        (Dataset("friedman1"), 5),
        (Dataset("sparse_parity"), 3),
        (Dataset("sparse_parity", options=(("k", 2),)), 2),
        (Dataset("friedman1", transforms=(("standardise", 0),)), 5),
        (Dataset("friedman1", transforms=(("pca", 3),)), None),
        (Dataset("friedman1", transforms=(("permuted", 1),)), None),
        (Dataset("digits"), None),
    ],
)
def test_which_columns_matter_is_known_of_some_data(data, known):
    assert known_features(data) == known


def test_importances_agree_in_disjoint_pairs_where_columns_stay_the_same():
    ups, downs = np.arange(4.0), np.arange(4.0)[::-1]
    found = agreements([ups, ups, ups, downs, None, ups, ups], Dataset("digits"))
    assert found[0] == 1 and found[2] == pytest.approx(-1)
    assert np.isnan(found[[1, 3, 4, 5, 6]]).all()
    assert np.isnan(agreements([ups, ups], Dataset("teacher_student"))).all()


def test_a_network_that_left_the_numbers_is_not_explained():
    net, rows = mlp([4, 1], loss="mse"), table(0)
    assert explained(net, np.full(5, np.nan, np.float32), rows) == ({}, None)


def evidence_with(values, question=None):
    """Of a question whose baseline was examined on four seeds, with these values."""
    evidence = evidence_of(question or a_question(), baseline())
    runs = {
        seed: replace(evidence.baseline[seed], values=dict(values)) for seed in SEEDS
    }
    return replace(evidence, examinations={"baseline": runs})


def test_what_was_not_measured_is_no_finding():
    found = also.also_seen(evidence_with({"dead_fraction": 0.9}))["findings"]
    (dead,) = found
    assert (dead["detector"], dead["role"], dead["fires"]) == (
        "dead_relu",
        "baseline",
        True,
    )
    (sign,) = dead["components"]
    assert (sign["value"], sign["low"], sign["threshold"]) == (90.0, 90.0, 50.0)


def test_the_own_symptom_is_not_told_twice():
    for question in QUESTIONS:
        assert question.symptom.detector not in also.detectors(question)
        assert {*PLANTED} <= {*also.detectors(question), question.symptom.detector}


NEW = '''"""Saturation: units so far out that no gradient comes back."""

from gradclinic.bench.statistics.detectors.detection import (
    any_of, component, measured,
)

READS = ("saturated_fraction",)


def detect(values, test_over_train=None):
    """Over 50 % of a layer's activations without slope."""
    share = 100 * measured(values, "saturated_fraction")
    return any_of(component("saturated", share, ">", 50.0, "%"))
'''


def test_a_detector_is_one_file(tmp_path, monkeypatch):
    """Discovered, and on the page of every scenario, with nothing else edited."""
    (tmp_path / "saturation.py").write_text(NEW)
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    found = package.discover(package.__path__)
    assert {*found} == {*DETECTORS, "saturation"}
    monkeypatch.setitem(DETECTORS, "saturation", found["saturation"].detect)
    monkeypatch.setitem(READS, "saturation", found["saturation"].READS)

    def enlarge(net, params):
        params *= 50

    net = mlp([8, 16, 2], "tanh")
    for change, fires in ((enlarge, True), (None, False)):
        values = examined(net, 0, change)
        findings = also.also_seen(evidence_with(values))["findings"]
        said = {f["detector"]: f["fires"] for f in findings}
        assert said["saturation"] is fires
