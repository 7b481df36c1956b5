"""A population on a device has the curves, parameters and outcome of the CPU's."""

from dataclasses import replace

import numpy as np
import pytest
from gradclinic.kernels import OPTIMIZERS
from gradclinic.kernels.cuda import arena, device_runs, population
from gradclinic.kernels.cuda.gpu import gpu
from gradclinic.kernels.history import population_of
from gradclinic.kernels.job import prepare

from ..quick import first_or_exhaustive
from . import reference
from .reference import EVERY, FIELDS, FIRST, TRAININGS

CLOSE = {"float32": 1e-4, "float64": 1e-10}


def trained(name, dtype, **more):
    """The `Population` that a device trains."""
    net, given = TRAININGS[name][0], {**reference.arguments(name), **more}
    seeds, lr = given.pop("seeds"), np.broadcast_to(given.pop("lr"), 3)
    names = ("x", "y", "validation", "optimizer", "batch_size", "epochs")
    x, y, validation, optimizer, batch, epochs = (given.pop(each) for each in names)
    job, hyper = prepare(
        net, x, y, validation, dtype, optimizer, batch, epochs, given, len(seeds)
    )
    params = np.stack([net.init(seed, dtype) for seed in seeds])
    runs = job.runs(seeds, params, [{**hyper, "lr": rate} for rate in lr])
    population.train_population_on_device(job, runs)
    return population_of(runs.params, runs.curves, runs.outcome, job.data, runs.state)


def check(name, dtype, expected):
    found = trained(name, dtype)
    for field in FIELDS:
        want, got = expected[f"{name}.{dtype}.{field}"], getattr(found, field)
        if want.dtype.kind != "f":
            assert list(want) == list(got), field
            continue
        np.testing.assert_allclose(
            got, want, rtol=CLOSE[dtype], atol=CLOSE[dtype] / 10, err_msg=field
        )


# A simulated thread's numbers are NumPy's, which warn where a training diverges.
@pytest.mark.filterwarnings("ignore:(overflow|invalid value) encountered")
@pytest.mark.parametrize("case", first_or_exhaustive(EVERY, FIRST), ids="-".join)
def test_same_as_on_the_cpu(case, expected):
    check(*case, expected)


@pytest.mark.parametrize("case", first_or_exhaustive(FIRST, FIRST[1:]), ids="-".join)
def test_networks_too_large_for_shared_memory(case, expected, monkeypatch):
    monkeypatch.setattr(gpu(), "shared", 0)
    monkeypatch.setattr(device_runs, "most_blocks", lambda: 2)
    check(*case, expected)


@pytest.mark.exhaustive
def test_two_trainings_are_equal_to_the_last_bit():
    first, second = trained("noise", "float32"), trained("noise", "float32")
    np.testing.assert_array_equal(first.params, second.params)
    np.testing.assert_array_equal(first.train_loss, second.train_loss)


@pytest.mark.exhaustive
def test_an_optimizer_of_ones_own():
    mine = replace(OPTIMIZERS["momentum"], name="mine")
    found, known = (
        trained("sets", "float32", optimizer=mine),
        trained("sets", "float32"),
    )
    np.testing.assert_array_equal(found.params, known.params)


def test_a_network_beyond_32_bits_is_refused():
    sizes = np.zeros(arena.SIZES, np.int32)
    sizes[arena.PARAMETERS] = 2**30
    with pytest.raises(MemoryError, match="too many for a block"):
        arena.arranged(sizes, 2, np.array([10]), 128)
