"""The same step by more and more threads, or of more and more networks at once."""

from ...kernels.threads import available_threads
from .engines.numba_steps import parallel_stepper, population_stepper

# Networks at once whose times are compared.
NETWORKS = (1, 4, 16, 64)
# Up to so many cores each count of threads is timed, from there on powers of two.
_EVERY = 8


def thread_counts(most):
    """1 to `most` threads: each, or powers of two and `most`."""
    if most <= _EVERY:
        return tuple(range(1, most + 1))
    powers = (2**k for k in range(most.bit_length()))
    return tuple(sorted({*(count for count in powers if count < most), most}))


def by_count(engine, net, start, x, y, lr):
    """(what is counted, {count: run}) of an engine; none where it is not of the kind.

    run: as of `engines`, on a copy of start.
    """
    if engine == "numba_parallel":
        name, counts, make = "threads", thread_counts(available_threads()), _threads
    elif engine == "population":
        name, counts, make = "networks", NETWORKS, _networks
    else:
        return "", {}
    return name, {n: make(net, start.copy(), x, y, lr, n) for n in counts}


def _threads(net, params, x, y, lr, count):
    return parallel_stepper(net, params, x, y, lr, threads=count)


def _networks(net, params, x, y, lr, count):
    return population_stepper(net, params, x, y, lr, networks=count)
