"""Machine facts: complete, plain data, and true where that can be known."""

import json
import platform

import numpy as np
import pytest
import threadpoolctl
from gradclinic.bench.measurement import machine


def test_facts_are_complete_plain_data():
    facts = machine.machine_facts()
    assert json.loads(json.dumps(facts)) == facts
    assert facts["python"] == platform.python_version()
    assert facts["numpy"] == np.__version__
    assert facts["cores"] >= 1
    assert facts["memory_bytes"] > 2**28
    assert facts["cpu"] and facts["blas"]


def test_the_pin_is_a_fact(monkeypatch):
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell")
    assert machine.machine_facts()["openblas_coretype"] == "Haswell"


def test_described_without_kernels():
    library = {"owner": "numpy", "name": "mkl", "version": None, "architecture": None}
    assert machine.described(library) == "numpy: mkl"


@pytest.mark.parametrize(
    ("path", "owner"),
    [
        ("/env/site-packages/numpy.libs/libscipy_openblas64_-32a.so", "numpy"),
        ("/env/site-packages/scipy.libs/libscipy_openblas-6cd.so", "scipy"),
        ("/env/site-packages/scipy/.dylibs/libopenblas.dylib", "scipy"),
        ("/usr/lib/libopenblas.so.0", "libopenblas.so.0"),
    ],
)
def test_owner_of_a_library(path, owner):
    assert machine._owner(path) == owner


def test_libraries_come_in_one_order_whichever_was_loaded_first(monkeypatch):
    found = [
        {"user_api": "blas", "internal_api": api, "filepath": path, "num_threads": 2}
        for api, path in (("openblas", "/scipy.libs/b.so"), ("openblas", "/usr/a.so"))
    ]
    orders = []
    for pools in (found, found[::-1]):
        monkeypatch.setattr(threadpoolctl, "threadpool_info", lambda pools=pools: pools)
        orders.append(machine.blas_libraries())
    assert orders[0] == orders[1] and len(orders[0]) == 2


def test_a_package_that_is_not_installed():
    assert machine.package_version("no-such-package-at-all") is None
