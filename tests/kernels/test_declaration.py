"""What registries hold is pickled by name; what is one's own by its functions."""

import copy
import pickle

import numpy as np
import pytest
from gradclinic.kernels import MINIMISERS, OPTIMIZERS, Optimizer, mlp
from gradclinic.kernels.activations import ACTIVATIONS
from gradclinic.kernels.lookahead import lookahead
from gradclinic.kernels.losses import LOSSES
from gradclinic.kernels.optimizers import adam
from gradclinic.kernels.schedules import SCHEDULES
from gradclinic.kernels.sharpness import sam

REGISTRIES = (OPTIMIZERS, MINIMISERS, SCHEDULES, ACTIVATIONS, LOSSES)
ENTRIES = [entry for registry in REGISTRIES for entry in registry.values()]


def descend(p, g, state, hyper, step, layout):
    """p <- p - lr g"""
    for i in range(p.size):
        p[i] -= hyper[0] * g[i]


@pytest.mark.parametrize("entry", ENTRIES)
def test_an_entry_stays_itself(entry):
    assert pickle.loads(pickle.dumps(entry)) is entry
    assert copy.deepcopy(entry) is entry
    assert copy.copy(entry) is entry


def test_registries_are_copied_with_the_same_entries():
    for registry in REGISTRIES:
        assert copy.deepcopy(registry) == registry


MINE = (
    Optimizer("mine", descend, defaults={"lr": 0.1}),
    Optimizer(
        "my_adam",
        slots=2,
        element=adam.element,
        scalars=adam.scalars,
        defaults=OPTIMIZERS["adam"].defaults,
        bounds=OPTIMIZERS["adam"].bounds,
    ),
    sam(OPTIMIZERS["adam"], "my_sam", rho=0.1),
    lookahead(OPTIMIZERS["adam"], k=3),
)


@pytest.mark.parametrize("mine", MINE, ids=lambda optimizer: optimizer.name)
def test_ones_own_optimizer_is_made_again(mine):
    start, grad = np.ones(5, np.float32), np.full(5, 0.5, np.float32)
    moved = []
    for again in (mine, pickle.loads(pickle.dumps(mine)), copy.deepcopy(mine)):
        assert (again.name, again.defaults) == (mine.name, mine.defaults)
        params, state = start.copy(), mine.init_state(5)
        for call in range(1, again.gradients + 1):
            again.update(params, grad, state, step=call)
        moved.append(params)
    assert not np.array_equal(moved[0], start)
    np.testing.assert_array_equal(moved[0], moved[1])
    np.testing.assert_array_equal(moved[0], moved[2])


def test_a_network_is_its_layers():
    net = mlp([3, 4, 2], dropout=0.1)
    params = net.init(0)  # fills what is cached
    for again in (pickle.loads(pickle.dumps(net)), copy.deepcopy(net)):
        assert again == net
        np.testing.assert_array_equal(again.init(0), params)
