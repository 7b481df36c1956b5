"""A trial's numbers are in their bounds, or one sentence says which is not."""

import math
from dataclasses import fields

import pytest
from gradclinic.scenarios.trial import (
    _BOUNDS,
    Dataset,
    Deployment,
    LayerSpec,
    MemoryPlan,
    Trial,
    layer,
)

KINDS = {
    "Dataset": lambda **given: Dataset("digits", **given),
    "Deployment": Deployment,
    "MemoryPlan": MemoryPlan,
    "Trial": lambda **given: Trial(Dataset("digits"), **given),
}
NUMBERS = [(kind, name) for kind, bounds in _BOUNDS.items() for name in bounds]


@pytest.mark.parametrize(("kind", "name"), NUMBERS)
def test_a_number_is_between_its_bounds(kind, name):
    low, high = _BOUNDS[kind][name]
    for end in (low, high):
        if math.isfinite(end):
            value = (end,) if name in ("hidden", "shape") else end
            assert getattr(KINDS[kind](**{name: value}), name) == value
    outside = [math.nan, math.inf, "1", True, low - 1, 2 * high + 1]
    if isinstance(low, int):
        outside.append(low + 0.5)
    for value in outside:
        if value == -math.inf:
            continue
        with pytest.raises(ValueError, match=f"{name} of a {kind} must be a ") as said:
            KINDS[kind](**{name: (value,) if name in ("hidden", "shape") else value})
        assert "\n" not in str(said.value)


def test_every_number_has_bounds():
    for kind in (Dataset, Deployment, MemoryPlan, Trial):
        hints = {field.name: str(field.type) for field in fields(kind)}
        numbers = {
            name for name, hint in hints.items() if "int" in hint or "fl" in hint
        }
        pairs = {name for name in numbers if "tuple[tuple" in hints[name]}
        assert numbers - pairs == set(_BOUNDS[kind.__name__])


def test_a_trial_has_layers_or_widths():
    data, conv = Dataset("digits"), layer("Conv2D", kernel=3, outputs=4)
    assert conv == LayerSpec("Conv2D", (("kernel", 3), ("outputs", 4)))
    assert Trial(data, hidden=(), layers=(conv,)).layers == (conv,)
    for wrong in ({"hidden": (3,)}, {"hidden": (), "dropout": 0.5}):
        with pytest.raises(ValueError, match="either layers or hidden; set hidden="):
            Trial(data, layers=(conv,), **wrong)
