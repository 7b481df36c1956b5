"""The predicted ledger against what a training really allocates."""

import tracemalloc

import numpy as np
import pytest
from gradclinic.kernels import OPTIMIZERS, mlp, split, train
from gradclinic.kernels.half import FORMATS
from gradclinic.kernels.memory import StepMemory, predicted_bytes

NET = mlp([32, *[96] * 8, 10], "relu")
ROWS = 110


def allocated(**options):
    """Peak bytes that NumPy allocates inside one training, beside its arguments."""
    x, y = np.ones((ROWS, 32), np.float32), np.zeros((ROWS, 1), np.float32)
    params = NET.init(0)
    settings = {"epochs": 1, "batch_size": None, "threads": 1, **options}
    train(NET, params, x, y, **settings)
    tracemalloc.start()
    try:
        train(NET, params, x, y, **settings)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def predicted(optimizer="adam", batch=ROWS, **options):
    """Predicted bytes of the same, without the arguments: parameters and inputs."""
    ledger = predicted_bytes(
        NET, OPTIMIZERS[optimizer], batch, data_rows=ROWS, **options
    )
    return ledger.total - ledger.parameters - ROWS * NET.inputs * 4


@pytest.mark.parametrize(
    ("asked", "plan"),
    [
        ({}, {}),
        ({"optimizer": "sgd"}, {"optimizer": "sgd"}),
        ({"batch_size": 55}, {"batch": 55}),
        ({"micro_batch": 30}, {"piece_rows": 30}),
        ({"checkpoint": 2}, {"plan": StepMemory(checkpoint=2)}),
        ({"optimizer": "adam_8bit"}, {"optimizer": "adam_8bit"}),
        ({"storage": "float16"}, {"plan": StepMemory(storage="float16")}),
        ({"storage": "bfloat16"}, {"plan": StepMemory(storage="bfloat16")}),
        ({"patience": 2, "validation": True}, {"early_stopping": True}),
    ],
)
def test_the_ledger_is_what_is_allocated(asked, plan, monkeypatch):
    # The ledger is that of a step that threads do not share.
    monkeypatch.setattr(split, "SHARED_WORK", np.inf)
    if asked.get("validation"):
        held_out = (np.ones((2, 32), np.float32), np.zeros((2, 1), np.float32))
        asked = {**asked, "validation": held_out}
    # Python's own objects are traced too: some tens of kilobytes.
    assert allocated(**asked) == pytest.approx(predicted(**plan), rel=0.01, abs=4e4)


def test_each_plan_saves_where_it_says():
    def ledger(optimizer="adam", **options):
        return predicted_bytes(NET, OPTIMIZERS[optimizer], ROWS, **options)

    plain, n = ledger(), NET.n_params * 4
    assert plain.activations == ROWS * 4 * sum(node.outputs for node in NET.nodes)
    for name in FORMATS:
        half = ledger(plan=StepMemory(storage=name))
        assert plain.activations / 2 < half.activations < 0.8 * plain.activations
    checkpoint = ledger(plan=StepMemory(checkpoint=3))
    assert checkpoint.activations < 0.8 * plain.activations
    pieces = ledger(piece_rows=ROWS // 10)
    assert pieces.activations == plain.activations / 10
    assert pieces.gradients == plain.gradients == n
    assert (plain.optimizer, ledger("sgd").optimizer) == (2 * n, 0)
    assert ledger(itemsize=8).activations == 2 * plain.activations
