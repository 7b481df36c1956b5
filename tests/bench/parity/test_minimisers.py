"""Minimisers beside what is stored: all of them checked, and a wrong one caught."""

import pytest
from gradclinic.bench.studies.parity import stored
from gradclinic.bench.studies.parity.certificate import difference
from gradclinic.bench.studies.parity.references import DERIVED, REFERENCES
from gradclinic.kernels import MINIMISERS

ROWS = {row.label: row for row in REFERENCES["torch_lbfgs"]}
ARRAYS = stored.read("torch_lbfgs")[1]


def test_every_minimiser_has_a_reference_or_is_derived():
    compared = {row.optimizer for row in ROWS.values()}
    assert compared | (DERIVED.keys() & MINIMISERS.keys()) == set(MINIMISERS)
    assert not compared & DERIVED.keys()


@pytest.mark.parametrize(
    ("label", "wrong"),
    [
        ("lr", {"lr": 0.5 * (1 + 1e-6)}),
        ("fixed steps", {"lr": 1 + 1e-6}),
        ("short fixed steps", {"lr": 0.5 * (1 + 1e-6)}),
        ("short memory", {"history_size": 6}),
        ("fixed steps", {"line_search_fn": "strong_wolfe"}),
        ("tolerances", {"tolerance_grad": 1e-1}),
        ("tolerances", {"tolerance_change": 1e-1}),
    ],
)
def test_a_wrong_option_is_caught(label, wrong):
    row = ROWS[label]
    found = [
        difference(row, name, ARRAYS[row.key(name)], **wrong) for name in row.problems
    ]
    assert max(found) > 10 * row.tolerance
