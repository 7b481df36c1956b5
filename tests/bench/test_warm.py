"""What is compiled ahead of time is what is used later."""

import numpy as np
import pytest
from gradclinic.bench.execution import warm
from gradclinic.kernels import OPTIMIZERS, job, mlp, train, training
from gradclinic.kernels.functions import declared
from gradclinic.kernels.tasks import assist
from numba import typeof


@pytest.mark.parametrize("dtype", warm.DTYPES)
def test_what_is_compiled_ahead_is_what_training_asks_for(dtype):
    small, arrays, run, scratch = warm.small_job(dtype)
    functions = small.functions(arrays, run, scratch)
    assert typeof(small.declared_functions(arrays, run, scratch)) == typeof(functions)
    net, x = mlp([4, 3, 2], "tanh", "mse", dropout=0.5), np.zeros((20, 4))
    train(net, net.init(0, np.dtype(dtype).type), x, np.zeros((20, 2)), epochs=1)
    for function in (training.train_serial, assist):
        known = job._COMPILED[function, dtype].signature()
        work = (arrays, functions, small.data, small.plan, run, scratch, 0)
        assert known.args == tuple(map(typeof, work))[: len(known.args)]


def test_a_population_is_compiled_ahead_for_stacked_runs():
    small, _, run, scratch = warm.small_job("float32")
    params = run.params[None]
    runs = small.runs([0], params, [{}])
    assert typeof(job.stack(run)) == typeof(runs)
    assert typeof(job.stack(scratch)) == typeof(small.arrays(1, stack=(1,))[1])


def test_a_declared_function_has_no_address():
    with pytest.raises(TypeError, match="declared, not compiled"):
        declared(OPTIMIZERS["sgd"].rule, "update", "float32").__wrapper_address__()
