"""Which cases of a parametrised test `make test` runs; the others are exhaustive."""

import pytest


def first_or_exhaustive(cases, first):
    """Cases as parameters, those not among the first marked as exhaustive."""
    return [
        case if case in first else pytest.param(case, marks=pytest.mark.exhaustive)
        for case in cases
    ]
