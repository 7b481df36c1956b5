"""Once it is set up, a training leaves the default stream alone, for other threads."""

import pytest
from gradclinic.kernels.cuda.gpu import gpu
from gradclinic.kernels.cuda.jit import SIMULATED, Kernel
from numba import cuda

from ..quick import first_or_exhaustive
from . import trainings
from .test_kernel_population import trained

pytestmark = [
    pytest.mark.skipif(not SIMULATED, reason="watches the simulator's arrays"),
    pytest.mark.filterwarnings("ignore:.*encountered in:RuntimeWarning"),
]


class Watched:
    """A lock that knows whether it is held."""

    def __init__(self):
        self.held = 0

    def __enter__(self):
        self.held += 1

    def __exit__(self, *error):
        self.held -= 1


@pytest.fixture
def copies(monkeypatch):
    """[name] of each copy, allocation and launch beside all streams, unguarded."""
    lock, beside = Watched(), []
    monkeypatch.setattr(gpu(), "lock", lock)

    def watch(owner, name, place):
        real = getattr(owner, name)

        def watched(*arguments, **more):
            given = arguments[place] if len(arguments) > place else more.get("stream")
            if not (given or lock.held):
                beside.append(name)
            return real(*arguments, **more)

        monkeypatch.setattr(owner, name, watched)

    array = type(cuda.device_array(1))
    for owner, name, place in (
        (array, "copy_to_host", 2),
        (array, "copy_to_device", 2),
        (Kernel, "launch", 3),
        (cuda, "to_device", 1),
        (cuda, "device_array", 9),
        (cuda, "pinned_array", 9),
    ):
        watch(owner, name, place)
    monkeypatch.setattr(cuda, "stream", lambda: Stream(5))
    return beside


class Stream(int):
    """A stream of the simulator that is not the default one."""

    def synchronize(self):
        pass


@pytest.mark.exhaustive
@pytest.mark.parametrize("case", ["averaged", "drawn"])
def test_one_network(case, copies):
    trainings.trained(case, "cuda")
    assert not copies


@pytest.mark.parametrize(
    "name", first_or_exhaustive(("asgd", "patience"), ("patience",))
)
def test_a_population(name, copies):
    trained(name, "float64", epochs=2)
    assert not copies
