"""A step of SGD by the compiled loop: one thread, several, several networks, a GPU."""

from functools import partial

import numpy as np

from ....kernels import train, train_population
from ....kernels.threads import available_threads

# Networks that are trained side by side where nothing else is said.
NETWORKS = 16


def serial_stepper(net, params, x, y, lr):
    """Steps on one thread; params is updated in place."""
    return partial(_steps, net, params, x, y, lr, **_alone(x))


def half_stepper(net, params, x, y, lr):
    """The same, whose activations wait in float16 for the way back."""
    return partial(_steps, net, params, x, y, lr, **_alone(x), storage="float16")


def parallel_stepper(net, params, x, y, lr, threads=None):
    """Steps that threads share, where the batch is large enough for that.

    threads: None for all of them.
    """
    threads = threads or available_threads()
    return partial(_steps, net, params, x, y, lr, threads=threads)


def gpu_stepper(net, params, x, y, lr):
    """Steps on a GPU; `DeviceError` where there is none."""
    return partial(_steps, net, params, x, y, lr, device="cuda")


def population_stepper(net, params, x, y, lr, networks=NETWORKS):
    """As many steps of each of several networks, whole networks a thread.

    All begin at params, which is where the first of them arrives.
    """
    every = np.repeat(params[None], networks, axis=0)

    def run(steps):
        runs = train_population(
            net,
            x,
            y,
            seeds=range(networks),
            lr=lr,
            dtype=params.dtype,
            params=every,
            **_how(x, steps),
        )
        every[:] = runs.params
        params[:] = every[0]

    return run


def _alone(x):
    """On one thread; one piece is never shared."""
    return {"threads": 1, "micro_batch": len(x)}


def _how(x, steps):
    """The full batch of these rows: an epoch is a step, in the order given."""
    every = {"optimizer": "sgd", "batch_size": len(x), "epochs": steps}
    return every | {"device": "cpu"}


def _steps(net, params, x, y, lr, steps, **how):
    train(net, params, x, y, lr=lr, **_how(x, steps) | how)
