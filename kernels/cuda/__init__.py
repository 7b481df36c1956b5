"""CUDA twins of the kernels: imported only where a GPU is to be used.

A kernel is a Python function under `jit.kernel`, which names it and says its arguments;
nothing else here touches `numba.cuda.jit`. Scalar formulas (activations, rules of
optimizers, random numbers, losses of a row) are those of the CPU's kernels.

A step of a large network is a row of launches, recorded once as a CUDA graph and
replayed (`trainer`); a population of small networks is one launch an epoch, a block a
network (`population`). One training is set up at a time; once that is done it uses its
own stream alone, so that those of several threads run side by side.

Arithmetic in float32 is CUDA's fast one: quotients, roots, exp and log are off by some
units in the last place, log near 1 by 3e-7 in absolute terms. Without a GPU the same
kernels run in Numba's simulator (NUMBA_ENABLE_CUDASIM=1), thread by thread.
"""
