"""One diagnosed table that all tests here share."""

import numpy as np
import pytest
from gradclinic.bench import diagnose

from .tables import QUICK, clusters, quiet

EVIL = "<script>alert('1')</script>"
NAMES = (
    EVIL,
    "a\"quote'",
    "=cmd|'/C calc'",
    "new\nline",
    "x" * 300,
    "\u202ertl \u05d0",
)


@pytest.fixture(scope="session")
def evil():
    """A table whose every name and text tries to break out."""
    x, y = clusters(120, columns=6)
    x.columns = list(NAMES)
    x[EVIL] *= 1e4
    x["x" * 300] *= 1e-2
    x["kind"] = np.array([EVIL, "=1+1", "a\nb"])[np.arange(120) % 3]
    return x.assign(**{"</h1><target>&": np.where(y, EVIL, '"=no()')})


@pytest.fixture(scope="session")
def found(evil):
    return diagnose(evil, "</h1><target>&", seed=1, progress=quiet, **QUICK)
