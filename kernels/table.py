"""The network as data: the columns of the layer table, `int64[layers, FIELDS]`.

One compiled loop reads this table, so no architecture is ever compiled.
"""

# Which layer function, and its sizes.
KIND, INPUTS, OUTPUTS = 0, 1, 2
# Its slice of the flat parameters: offset and length.
START, SIZE = 3, 4
# Number of the activation, and of the layer's stream of random numbers.
ACTIVATION, STREAM = 5, 6
# Where its output lives, in the workspace and in the half-precision store, and where
# dL/d(output): offsets counted in columns (times the rows of the workspace gives
# elements); -1 is nowhere.
PLACE, STORE, DELTA = 7, 8, 9
FIELDS = 10
EVALUATE = 0  # the step number that switches dropout and noise off
