"""No kernel is left out: runs last, when the tests of all others have run."""

import pytest
from gradclinic.kernels.cuda.jit import all_kernels


def test_every_kernel_was_launched(whole_suite):
    if not whole_suite:
        pytest.skip("only a part of the suite was selected")
    idle = [name for name, kernel in all_kernels().items() if not kernel.launched]
    assert not idle
