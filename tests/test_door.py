"""`import gradclinic as gc`: every name is there, and none costs before it is used."""

import subprocess
import sys
from importlib.metadata import version

import gradclinic as gc
import pytest
from gradclinic import kernels

HEAVY = {"numba", "numpy", "scipy", "pandas", "matplotlib", "sklearn", "click", "rich"}


def test_nothing_heavy_is_imported_before_it_is_used():
    script = (
        "import sys, gradclinic as gc; dir(gc); gc.__version__; "
        f"print(sorted({HEAVY} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_what_dir_names_is_there():
    assert set(dir(gc)) == set(gc.__all__) and len(gc.__all__) >= 5
    for name in dir(gc):
        assert getattr(gc, name) is not None
    everything = {}
    exec("from gradclinic import *", everything)
    assert set(gc.__all__) <= set(everything)


def test_names_are_those_of_the_rooms():
    assert gc.__version__ == version("gradclinic")
    assert gc.mlp is kernels.mlp and gc.train is kernels.train
    assert gc.train_population is kernels.train_population
    assert gc.OPTIMIZERS is kernels.OPTIMIZERS
    assert gc.Perceptron is kernels.Perceptron


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="'gradclinic' has no attribute 'trian'"):
        gc.trian  # noqa: B018
