"""Every kind of layer has a twin on the device."""

import pytest
from gradclinic.kernels.cuda.layers import twin
from gradclinic.kernels.layers import KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_a_layer_has_a_twin(kind):
    module = twin(kind)
    assert callable(module.forward) and callable(module.backward)
    assert hasattr(module, "gradient") == hasattr(KINDS[kind], "gradient")
