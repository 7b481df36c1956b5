"""Every number has bounds: both ends are taken, what is outside is one sentence."""

import math

import numpy as np
import pytest
from gradclinic.kernels import MINIMISERS, OPTIMIZERS, Optimizer
from gradclinic.kernels.bounds import ANY, COUNT, SWITCH, UNIT, Bounds
from gradclinic.kernels.lookahead import lookahead
from gradclinic.kernels.schedules import SCHEDULES
from gradclinic.kernels.settings import BOUNDS, Settings
from gradclinic.kernels.sharpness import sam
from gradclinic.kernels.validation import check_number

SETTERS = {
    **{f"optimizer {n}": (o, lambda o, v: o.hyper(**v)) for n, o in OPTIMIZERS.items()},
    **{f"schedule {n}": (s, lambda s, v: s.values(v)) for n, s in SCHEDULES.items()},
    **{f"minimiser {n}": (m, lambda m, v: m.options(v)) for n, m in MINIMISERS.items()},
}
OPTIONS = [
    (what, name)
    for what, (owner, _) in SETTERS.items()
    for name in owner.defaults
    if name not in getattr(owner, "choices", ())
]


def outside(bounds):
    """Numbers next to the ends of bounds, and not in them."""
    if bounds == SWITCH:
        return [-1, 0.5, 2]
    low = bounds.low if bounds.above else math.nextafter(bounds.low, -math.inf)
    high = bounds.high if bounds.below else math.nextafter(bounds.high, math.inf)
    if bounds.whole:
        low, high = bounds.low - 1, 2 * bounds.high
    return [end for end in (low, high) if math.isfinite(end)]


def inside(bounds):
    """The numbers in bounds that are next to their ends."""
    low = math.nextafter(bounds.low, math.inf) if bounds.above else bounds.low
    high = math.nextafter(bounds.high, -math.inf) if bounds.below else bounds.high
    return [end for end in (low, high) if math.isfinite(end)]


def setter(what, name):
    """(bounds of an option, what sets it)."""
    owner, give = SETTERS[what]
    many = isinstance(owner.defaults[name], tuple)
    return owner.bounds[name], lambda v: give(owner, {name: (v,) if many else v})


@pytest.mark.parametrize(("what", "name"), OPTIONS)
def test_an_option_is_what_it_says(what, name):
    bounds, give = setter(what, name)
    for value in inside(bounds):
        give(value)
    for value in outside(bounds):
        words = f"{name} must be {bounds.words(value)}, got "
        with pytest.raises(ValueError, match=words) as said:
            give(value)
        assert "\n" not in str(said.value)
    for value in (math.nan, math.inf, -math.inf):
        with pytest.raises(ValueError, match=f"{name} must be finite"):
            give(value)
    for value in ("1", [1], 1j):
        with pytest.raises(TypeError, match=f"{name} must be a number, got "):
            give(value)
    if bounds in (ANY, SWITCH):
        give(True)
    else:
        with pytest.raises(TypeError, match=f"{name} must be a number, got True"):
            give(True)
    if bounds.whole and bounds != SWITCH:
        with pytest.raises(TypeError, match=f"{name} must be a whole number"):
            give(bounds.low + 0.5)


@pytest.mark.parametrize("name", BOUNDS)
def test_a_setting_is_what_it_says(name):
    for value in inside(BOUNDS[name]):
        assert getattr(Settings(**{name: value}), name) == value
    for value in (*outside(BOUNDS[name]), math.nan, math.inf):
        with pytest.raises(ValueError, match=f"{name} must be "):
            Settings(**{name: value})
    for value in ("1", True, [1]):
        with pytest.raises(TypeError, match=f"{name} must be a number"):
            Settings(**{name: value})


def test_every_setting_that_is_a_number_has_bounds():
    hints = Settings.__annotations__
    numbers = {n for n, kind in hints.items() if kind in (int, float)}
    numbers |= {n for n, kind in hints.items() if kind in (int | None, float | None)}
    assert set(BOUNDS) == numbers
    with pytest.raises(ValueError, match="deterministic must be True or False"):
        Settings(deterministic="no")


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        (Bounds(0, 1), "between 0 and 1"),
        (Bounds(0, 1, below=True), "between 0 and 1, but not 1"),
        (Bounds(0, 1, True, True), "between 0 and 1, but not 0 or 1"),
        (Bounds(0), "at least 0"),
        (Bounds(0, above=True), "above 0"),
        (Bounds(high=0), "at most 0"),
        (Bounds(high=0, below=True), "below 0"),
        (SWITCH, "0 or 1"),
        (COUNT, "at least 1"),
        (Bounds(-9, -3, whole=True), "at most -3"),
    ],
)
def test_bounds_in_words(bounds, words):
    assert bounds.words(-2) == words


def test_numbers_too_large_for_a_float_are_not_finite():
    with pytest.raises(ValueError, match="lr must be finite"):
        check_number("lr", 10**400)


@pytest.mark.parametrize("wrap", [sam, lookahead])
def test_wrappers_keep_the_bounds_inside(wrap):
    wrapped = wrap(OPTIMIZERS["adam"])
    assert set(wrapped.defaults) <= set(wrapped.bounds)
    with pytest.raises(ValueError, match="beta1 must be between 0 and 1, but not 1"):
        wrapped.hyper(beta1=1.0)
    with pytest.raises(ValueError, match="beta1 must be between 0 and 1, but not 1"):
        wrap(OPTIMIZERS["adam"], beta1=1.0)
    own = "rho" if wrap is sam else "alpha"
    with pytest.raises(ValueError, match=f"{own} must be "):
        wrap(OPTIMIZERS["momentum"], **{own: -0.1})


def follow(p, g, state, hyper, step, layout):
    """p <- p - lr g"""


def test_ones_own_optimizer_is_taken_as_it_is():
    mine = Optimizer("mine", follow, defaults={"lr": 0.1, "beta1": 2.0, "on": 0})
    np.testing.assert_array_equal(mine.hyper(lr=-1, beta1=1.5, on=True), [-1, 1.5, 1])
    with pytest.raises(ValueError, match="beta1 must be finite"):
        mine.hyper(beta1=math.nan)
    bound = Optimizer("mine", follow, defaults={"lr": 0.1}, bounds={"lr": UNIT})
    with pytest.raises(ValueError, match="lr must be between 0 and 1, got 2"):
        bound.hyper(lr=2)
