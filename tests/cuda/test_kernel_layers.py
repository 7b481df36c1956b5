"""Kinds of layers that have a twin on the device have all of it."""

import pytest
from gradclinic.kernels.cuda.layers import NUMBERS, twin
from gradclinic.kernels.layer import no_gradient
from gradclinic.kernels.layers import KINDS


@pytest.mark.parametrize("kind", NUMBERS)
def test_a_layer_has_a_twin(kind):
    module = twin(kind)
    assert callable(module.forward) and callable(module.backward)
    has_parameters = KINDS[kind].gradient is not no_gradient
    assert hasattr(module, "gradient") == has_parameters
