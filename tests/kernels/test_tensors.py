"""The tensors of a layout are all parameters, once, in order."""

import numpy as np
import pytest
from gradclinic.kernels import mlp
from gradclinic.kernels.jit import jit
from gradclinic.kernels.optimizer import NO_LAYOUT, matrices
from gradclinic.kernels.tensors import count_tensors, tensor_at


@jit
def walk(out, layout, n):
    """out: int64[k, 3] (start, size, columns) of every tensor."""
    for k in range(count_tensors(layout)):
        out[k, 0], out[k, 1], out[k, 2] = tensor_at(layout, n, k)


def tensors(layout, n):
    out = np.zeros((2 * len(layout) + 1, 3), dtype=np.int64)
    walk(out, layout, n)
    return [tuple(row) for row in out.tolist() if row[1]]


@pytest.mark.parametrize("options", [{}, {"dropout": 0.1}, {"activation": "gelu"}])
def test_a_network_is_its_weights_and_biases(options):
    net = mlp([4, 5, 3, 2], **options)
    wanted = [
        (start, int(np.prod(shape)), shape[1] if len(shape) == 2 else 0)
        for _, start, shape in net.layout
    ]
    assert tensors(net.matrices, net.n_params) == wanted


def test_without_a_layout_all_is_one_vector():
    assert tensors(NO_LAYOUT, 7) == [(0, 7, 0)]


def test_what_no_matrix_covers_is_a_vector():
    layout = matrices([("w", 2, (3, 2)), ("b", 8, (2,)), ("v", 11, (1, 4))])
    wanted = [(0, 2, 0), (2, 6, 2), (8, 3, 0), (11, 4, 4)]
    assert tensors(layout, 15) == wanted
