"""CUDA twins of the kernels: imported only where a GPU is to be used.

A kernel is a Python function under `jit.kernel`, which names it and says its arguments;
nothing else here touches `numba.cuda.jit`. Scalar formulas (activations, rules of
optimizers, random numbers, losses of a row) are those of the CPU's kernels.

A step of a large network is a row of launches, recorded once as a CUDA graph and
replayed (`trainer`); a population of small networks is one launch an epoch, a block a
network (`population`). Without a GPU the same kernels run in Numba's simulator
(NUMBA_ENABLE_CUDASIM=1), thread by thread.
"""
