"""The same training step four ways: Python loops, NumPy, Numba on one or all threads.

Each is a `stepper(net, params, x, y, lr) -> run`, where `run(steps)` does that many
steps of SGD on all rows of x, float32[b, i], and y, float32[b, 1], and updates params
in place. They exist to be timed against each other; before a timing all are checked to
arrive at the same parameters.
"""

from . import loops, numba_steps, numpy_steps

ENGINES = {
    "python": loops.stepper,
    "numpy": numpy_steps.stepper,
    "numba": numba_steps.serial_stepper,
    "numba_parallel": numba_steps.parallel_stepper,
}
