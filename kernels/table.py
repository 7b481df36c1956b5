"""The network as data: the columns of the layer table, `int64[layers, FIELDS]`.

One compiled loop reads this table, so no architecture is ever compiled. Columns are
read through the module, as `table.START`: other tables have columns of such names too.
"""

# Which of the network's kinds, and columns of its input and output.
KIND, INPUTS, OUTPUTS = 0, 1, 2
# Its slice of the flat parameters: offset and length.
START, SIZE = 3, 4
# Number of the activation, and of the layer's stream of random numbers.
ACTIVATION, STREAM = 5, 6
# Where its output lives, in the workspace and in the store of two bytes, and where
# dL/d(output): offsets counted in columns (times the rows of the workspace gives
# elements); -1 is nowhere.
PLACE, STORE, DELTA = 7, 8, 9
# Its parameters: a matrix ROWS x COLUMNS (0 x 0 without one), then VECTOR numbers.
ROWS, COLUMNS, VECTOR = 10, 11, 12
# What forward leaves for backward: its place beside the outputs, and columns of it.
KEPT, KEPT_SIZE = 13, 14
# Its statistics, which are not trained: their place behind all parameters, and length.
TAIL, TAIL_SIZE = 15, 16
# How threads share it, see below; multiply-adds of its forward pass, of one row.
CUT, WORK = 17, 18
# The layers whose outputs it reads, -1 for the input of the network. The output of
# SECOND is added to its own; NO_SECOND: nothing is.
SOURCE, SECOND = 19, 20
# Was dL/d(output) of its source, of its second, begun by a layer that is behind it?
MORE, MORE_SECOND = 21, 22
# Number of the format that its output is stored in, see `half`; may its output take
# the place of its source's, which nobody needs then?
FORMAT, IN_PLACE = 23, 24
# Up to fourteen numbers whose meaning is the kind's own: a height, a stride, ...
GEOMETRY = 25
FIELDS = 39
NO_SECOND = -2
# Values of CUT. Threads share: blocks of columns of its matrix; rows of the batch; or
# nothing, since rows meet.
BY_COLUMNS, BY_ROWS, WHOLE = range(3)
EVALUATE = 0  # the step number that switches dropout and noise off
