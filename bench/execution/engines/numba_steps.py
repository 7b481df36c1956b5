"""A step of SGD by the compiled loop: one thread, or the batch shared among threads."""

from ....kernels import train
from ....kernels.threads import available_threads

# Fixed, so that rounding, and with it a record, does not depend on the machine.
_PIECES = 4


def serial_stepper(net, params, x, y, lr):
    """Steps on one thread; params is updated in place."""
    return _stepper(net, params, x, y, lr, threads=1, pieces=1)


def parallel_stepper(net, params, x, y, lr):
    """Steps with the batch cut in four pieces that all threads share."""
    threads = available_threads()
    return _stepper(net, params, x, y, lr, threads=threads, pieces=_PIECES)


def _stepper(net, params, x, y, lr, threads, pieces):
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
            micro_batch=-(-len(x) // pieces),
        )

    return run
