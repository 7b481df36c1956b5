"""A step of SGD by the compiled loop: one thread, or the batch shared among threads."""

from ....kernels import train
from ....kernels.threads import available_threads


def serial_stepper(net, params, x, y, lr):
    """Steps on one thread; params is updated in place."""
    return _stepper(net, params, x, y, lr, threads=1, shared=False)


def parallel_stepper(net, params, x, y, lr):
    """Steps that all threads share, where the batch is large enough for that."""
    return _stepper(net, params, x, y, lr, threads=available_threads(), shared=True)


def _stepper(net, params, x, y, lr, threads, shared):
    def run(steps):
        # The full batch of these rows: an epoch is a step, in the order given.
        train(
            net,
            params,
            x,
            y,
            optimizer="sgd",
            lr=lr,
            batch_size=len(x),
            epochs=steps,
            threads=threads,
            device="cpu",
            micro_batch=None if shared else len(x),  # one piece is never shared
        )

    return run
