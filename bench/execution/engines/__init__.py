"""The same training step: by Python loops, by NumPy, by Numba, by a GPU.

And by NumPy on rows that every step reads from a file first, as text or as bytes.

Each is a `stepper(net, params, x, y, lr) -> run`, where `run(steps)` does that many
steps of SGD on all rows of x, float32[b, i], and y, float32[b, 1], and updates params
in place. They exist to be timed against each other; before a timing all are checked to
arrive at the same parameters. Of several networks at once the parameters are those of
the first, and the seconds a network's.
"""

from . import loading, loops, numba_steps, numpy_steps

ENGINES = {
    "python": loops.stepper,
    "numpy": numpy_steps.stepper,
    "numba": numba_steps.serial_stepper,
    "numba_parallel": numba_steps.parallel_stepper,
    "numba_float16": numba_steps.half_stepper,
    "population": numba_steps.population_stepper,
    "cuda": numba_steps.gpu_stepper,
    "csv": loading.csv_stepper,
    "csv_thread": loading.csv_thread_stepper,
    "binary": loading.binary_stepper,
}

# Of those that train several networks at once, how many.
NETWORKS = {"population": numba_steps.NETWORKS}
