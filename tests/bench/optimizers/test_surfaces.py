"""Paths on functions of two numbers."""

from math import inf, isfinite

import numpy as np
import pytest
from gradclinic.bench.execution.entrant import registered
from gradclinic.bench.studies.optimizers.paths import (
    GRADIENTS,
    KEPT,
    NEAR,
    descend,
    paths,
    tuned,
    undrawn,
)
from gradclinic.bench.studies.optimizers.surfaces import SURFACES
from gradclinic.kernels import OPTIMIZERS

from ...quick import first_or_exhaustive

SURFACE = {surface.name: surface for surface in SURFACES}
ALL = pytest.mark.parametrize("surface", SURFACES, ids=lambda surface: surface.name)


@ALL
def test_gradients_are_those_of_the_values(surface):
    points = np.random.default_rng(0).uniform(-2, 2, (50, 2)).tolist()
    h = 1e-6
    for x, y in points:
        measured = (
            (surface.value(x + h, y) - surface.value(x - h, y)) / (2 * h),
            (surface.value(x, y + h) - surface.value(x, y - h)) / (2 * h),
        )
        assert np.allclose(surface.gradient(x, y), measured, rtol=1e-5, atol=1e-5)


@ALL
def test_minima_are_the_least_and_flat_and_inside_the_picture(surface):
    x0, x1, y0, y1 = surface.box
    for x, y in surface.minima:
        assert surface.value(x, y) == pytest.approx(surface.least, abs=1e-9)
        assert np.allclose(surface.gradient(x, y), 0, atol=1e-4)
        assert x0 < x < x1 and y0 < y < y1
    grid = [
        surface.value(x, y)
        for x in np.linspace(x0, x1, 41)
        for y in np.linspace(y0, y1, 41)
    ]
    assert min(grid) >= surface.least - 1e-12


@ALL
def test_the_start_is_inside_the_picture_and_not_near(surface):
    x0, x1, y0, y1 = surface.box
    x, y = surface.start
    assert x0 < x < x1 and y0 < y < y1
    assert surface.value(x, y) - surface.least > 100 * NEAR


def test_a_path_is_that_of_gradient_descent():
    run = descend(OPTIMIZERS["sgd"], SURFACE["valley"], 0.01)
    p = np.array(SURFACE["valley"].start)
    points = [tuple(p)]
    for step in range(1, GRADIENTS + 1):
        p = p - 0.01 * np.array(SURFACE["valley"].gradient(*p))
        if step in KEPT:
            points.append(tuple(p))
    assert np.allclose(run.path, points, rtol=1e-9, atol=1e-12)
    assert run.last == pytest.approx(SURFACE["valley"].value(*p))


def test_a_rate_that_is_too_large_diverges_and_is_not_chosen():
    sgd, valley = OPTIMIZERS["sgd"], SURFACE["valley"]
    assert (descend(sgd, valley, 1.0).near, descend(sgd, valley, 1.0).last) == (
        inf,
    ) * 2
    best = tuned(sgd, valley)
    assert best.lr < 2 / 100 and isfinite(best.near)


@pytest.mark.parametrize(
    "name", first_or_exhaustive(OPTIMIZERS, ("sgd", "adam", "lion", "prodigy"))
)
def test_every_optimizer_goes_down_somewhere(name):
    if undrawn(OPTIMIZERS[name]):
        pytest.skip(undrawn(OPTIMIZERS[name]))
    surface = SURFACE["himmelblau"]
    start = surface.value(*surface.start) - surface.least
    assert tuned(OPTIMIZERS[name], surface).last < start


def test_paths_are_plain_data():
    found = paths((registered("sgd"),))
    assert len(found["paths"]["sgd"]) == len(found["functions"]) == 7
    for run, function in zip(found["paths"]["sgd"], found["functions"], strict=True):
        assert run["path"][0] == function["start"]
        assert len(run["path"]) <= len(KEPT) + 1
        assert min(map(min, function["heights"])) >= 0
