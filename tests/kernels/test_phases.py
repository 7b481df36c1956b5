"""The phases of a step do its work, however often each is repeated."""

import numpy as np
from gradclinic.kernels import mlp
from gradclinic.kernels.phases import phases
from gradclinic.kernels.threads import one_blas_thread


def test_a_repeated_backward_leaves_what_it_begins_with(monkeypatch):
    """Else later phases would work on numbers no training has."""
    from gradclinic.kernels import phases as module

    seen = {}

    def kept(net, sizes, *rest):
        seen["work"] = workspace(net, sizes, *rest)
        return seen["work"]

    workspace = module.workspace
    monkeypatch.setattr(module, "workspace", kept)
    with one_blas_thread():
        calls = phases(mlp([20, 16, 12, 4]), 8)
        for name in ("forward", "loss", "backward"):
            calls[name](1)
        once = seen["work"].deltas.copy()
        calls["backward"](5)
    np.testing.assert_array_equal(seen["work"].deltas, once)
    assert np.abs(once).max() > 0
