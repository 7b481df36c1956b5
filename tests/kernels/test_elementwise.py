"""A formula for one parameter, as the compiled loop and a thread of a GPU call it."""

import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from gradclinic.kernels import OPTIMIZERS, Optimizer

# Steps negative where a rule takes gradients at drawn targets too.
STEPS = (-1, 1, 2, 3, 4, 5)
RULES = [name for name, optimizer in OPTIMIZERS.items() if optimizer.elementwise]
# Each formula in a thread of a simulated GPU a parameter, on what the file holds.
SIMULATED = """
import sys
import numpy as np
from gradclinic.kernels import OPTIMIZERS
from gradclinic.kernels.cache import plain
from numba import cuda, config

assert config.ENABLE_CUDASIM
arrays = dict(np.load(sys.argv[1]))
for key, p in arrays.items():
    name, dtype = key.split("-")
    if name in ("grads", "start"):
        continue
    optimizer, element = OPTIMIZERS[name], OPTIMIZERS[name].element
    p[:], state = arrays[f"start-{dtype}"], optimizer.init_state(p.size, dtype)

    @cuda.jit
    def kernel(p, g, state, c):
        i = cuda.grid(1)
        if i < p.size:
            element(p, g, state, i, c)

    for step, g in zip(%s, arrays[f"grads-{dtype}"]):
        if step > 0 or optimizer.sampled_every:
            c = plain(optimizer.scalars)(optimizer.hyper(), step)
            kernel[2, 4](p, g, state, tuple(p.dtype.type(each) for each in c))
np.savez(sys.argv[1], **arrays)
"""


def compiled_steps(name, start, grads):
    """Parameters after some steps of the compiled rule."""
    optimizer, p = OPTIMIZERS[name], start.copy()
    state = optimizer.init_state(p.size, p.dtype)
    for step, g in zip(STEPS, grads, strict=True):
        if step > 0 or optimizer.sampled_every:
            optimizer.update(p, g, state, step=step)
    return p


def test_a_thread_of_a_gpu_does_what_the_loop_does(rng, tmp_path):
    """In the simulator, where the formulas run as Python."""
    arrays = {}
    for dtype in ("float32", "float64"):
        start = rng.normal(size=7).astype(dtype)
        grads = rng.normal(size=(len(STEPS), 7)).astype(dtype)
        arrays |= {f"start-{dtype}": start, f"grads-{dtype}": grads}
        for name in RULES:
            arrays[f"{name}-{dtype}"] = compiled_steps(name, start, grads)
    np.savez(tmp_path / "steps.npz", **arrays)
    subprocess.run(
        [sys.executable, "-c", SIMULATED % (STEPS,), tmp_path / "steps.npz"],
        env={**os.environ, "NUMBA_ENABLE_CUDASIM": "1"},
        check=True,
    )
    simulated = np.load(tmp_path / "steps.npz")
    for key, wanted in arrays.items():
        tolerance = 1e-12 if key.endswith("64") else 2e-6
        assert simulated[key].dtype == wanted.dtype
        np.testing.assert_allclose(
            simulated[key], wanted, rtol=tolerance, atol=tolerance, err_msg=key
        )


def uphill(p, g, state, i, c):
    """p <- p + lr g."""
    p[i] += c[0] * g[i]


def rule_uphill(p, g, state, hyper, step, layout):
    """p <- p + lr g."""
    for i in range(p.size):
        p[i] += hyper[0] * g[i]


NO_RULE = {"rule": None, "element": uphill}
NO_ELEMENT = {"rule": rule_uphill, "element": None, "scalars": None}


@pytest.mark.parametrize("change", [NO_RULE, NO_ELEMENT])
def test_either_formula_may_be_replaced(change):
    changed, p = replace(OPTIMIZERS["sgd"], **change), np.zeros(3)
    changed.update(p, np.ones(3), changed.init_state(3, np.float64), lr=0.5)
    np.testing.assert_array_equal(p, 0.5)
    assert changed.elementwise == (change["element"] is not None)
    assert changed.formula is (uphill if changed.elementwise else rule_uphill)


def test_what_else_may_be_replaced():
    again = replace(OPTIMIZERS["adam"], name="adam_again", defaults={"lr": 0.1})
    assert again.rule is OPTIMIZERS["adam"].rule


SGD, EITHER = OPTIMIZERS["sgd"], "must define either a rule or element and scalars"
TOGETHER = "must define element and scalars together"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: replace(SGD, rule=rule_uphill), EITHER),
        (lambda: replace(SGD, rule=OPTIMIZERS["adam"].rule), EITHER),
        (lambda: replace(SGD, element=uphill), EITHER),
        (lambda: replace(SGD, element=None), TOGETHER),
        (lambda: Optimizer("own"), EITHER),
        (lambda: Optimizer("own", element=uphill), TOGETHER),
        (lambda: Optimizer("own", rule_uphill, element=uphill), TOGETHER),
    ],
)
def test_two_formulas_or_none_is_one_sentence(make, words):
    with pytest.raises(TypeError, match=words) as caught:
        make()
    assert "\n" not in str(caught.value)
