"""Lookahead around rules of every kind, against the two loops of its definition."""

import importlib
import sys
from dataclasses import replace

import numpy as np
import pytest
from gradclinic.kernels import OPTIMIZERS, mlp, train
from gradclinic.kernels.functions import compiled
from gradclinic.kernels.lookahead import lookahead
from gradclinic.kernels.optimizer import SHARED_SIZE, Optimizer
from gradclinic.kernels.sharpness import sam
from gradclinic.kernels.threads import available_threads

NET = mlp([4, 5, 3])
# Without slots, with one, with two, with a tail alone, by the tensor.
BASES = ("sgd", "momentum", "adamw", "adafactor", "lars")


@pytest.mark.parametrize("name", BASES)
def test_slow_weights_follow_every_k_steps(name, rng):
    base, n, layout = OPTIMIZERS[name], NET.n_params, NET.layout
    wrapped = lookahead(base, k=3, alpha=0.4)
    fast = rng.normal(size=n)
    params, slow, out = fast.copy(), fast.copy(), np.empty(n)
    state = wrapped.init_state(n, np.float64, layout)
    inner = base.init_state(n, np.float64, layout)
    average = compiled(wrapped.average, "average", "float64")
    for step, g in enumerate(rng.normal(size=(8, n)), 1):
        wrapped.update(params, g, state, step=step, layout=layout, lr=0.05)
        base.update(fast, g, inner, step=step, layout=layout, lr=0.05)
        if step % 3 == 0:
            slow = slow + 0.4 * (fast - slow)
            fast = slow.copy()
        np.testing.assert_allclose(params, fast, rtol=1e-13)
        average(out, params, state, wrapped.hyper(), step, NET.matrices)
        np.testing.assert_allclose(out, slow, rtol=1e-13)
    assert state.size == inner.size + n


def test_threads_share_a_step_and_change_nothing(rng):
    n, optimizer = SHARED_SIZE + 3, OPTIMIZERS["lookahead"]
    start, grad = rng.normal(size=(2, n)).astype(np.float32)
    results = []
    for threads in range(1, available_threads() + 1):
        params, state = start.copy(), optimizer.init_state(n)
        for step in range(1, 5):
            optimizer.update(params, grad, state, step=step, threads=threads, k=3)
        results.append((params, state))
    for params, state in results[1:]:
        np.testing.assert_array_equal(params, results[0][0])
        np.testing.assert_array_equal(state, results[0][1])


def test_training_ends_with_the_slow_weights(rng):
    x, y = rng.normal(size=(20, 4)), rng.integers(0, 3, 20)
    params = NET.init(0, np.float64)
    slow, fast = params.copy(), params.copy()
    options = {"optimizer": lookahead(OPTIMIZERS["sgd"], k=3), "lr": 0.3}
    history = train(
        NET, params, x, y, batch_size=None, epochs=7, validation=(x, y), **options
    )
    losses = []
    for step in range(1, 8):
        fast = fast - 0.3 * NET.loss_and_grad(fast, x, y)[1]
        if step % 3 == 0:
            slow = slow + 0.5 * (fast - slow)
            fast = slow
        losses.append(NET.loss_and_grad(slow, x, y)[0])
    np.testing.assert_allclose(params, slow, rtol=1e-10)
    np.testing.assert_allclose(history.val_loss, losses, rtol=1e-10)


def test_what_it_declares():
    wrapped = lookahead(OPTIMIZERS["adamw"], lr=0.1, k=2)
    assert wrapped.name == "lookahead_adamw"
    assert wrapped.elementwise
    assert next(iter(wrapped.defaults.items())) == ("lr", 0.1)
    assert list(wrapped.defaults.items())[-2:] == [("k", 2), ("alpha", 0.5)]
    clash = replace(OPTIMIZERS["sgd"], defaults={"lr": 0.1, "alpha": 0.9})
    assert list(lookahead(clash).defaults) == ["lr", "alpha", "k", "lookahead_alpha"]


@pytest.mark.parametrize("wrap", [lookahead, sam])
def test_a_wrong_use_is_one_sentence(wrap):
    with pytest.raises(ValueError, match="did you mean 'momentum'"):
        wrap(OPTIMIZERS["momentum"], momentun=0.5)
    with pytest.raises(TypeError, match="must be a number"):
        wrap(OPTIMIZERS["momentum"], lr="fast")
    for base in (OPTIMIZERS["sam"], OPTIMIZERS["lookahead"]):
        with pytest.raises(ValueError, match="wraps rules of one gradient a step"):
            wrap(base)


SOURCE = """
def update(p, g, state, hyper, step, layout):
    for i in range(p.size):
        p[i] -= {factor} * hyper[0] * g[i]
"""


def test_an_edit_of_the_rule_inside_is_noticed(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    moved = []
    for factor in (1.0, 3.0):
        (tmp_path / "edited_rule.py").write_text(SOURCE.format(factor=factor))
        sys.modules.pop("edited_rule", None)
        importlib.invalidate_caches()
        rule = importlib.import_module("edited_rule").update
        own = Optimizer("own", rule, 0, "none (2026)", {"lr": 1.0})
        wrapped, params = lookahead(own), np.zeros(2)
        wrapped.update(params, np.ones(2), wrapped.init_state(2, np.float64))
        moved.append(params[0])
    assert moved == [-1.0, -3.0]
