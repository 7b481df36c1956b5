"""Where a training is: what differs between steps, kept on the device.

A recorded step can then be replayed as it is.
"""

from .jit import cuda, kernel

# Entries of `place`, int32[PLACES]: first row of the batch in the order, its rows, the
# step that random draws are keyed by (0: none are drawn), the step's number in its
# epoch, from 0, what the next call of `advance` will set these from, and how many steps
# of the epoch were made since a loss that is not finite, with that one.
START, ROWS, STEP, INDEX, NEXT, FIRST, BROKEN, PLACES = range(8)


@kernel("inn")
def advance(place, batch, rows):
    """Move on to the next batch: the first is that of index NEXT; place: int32[PLACES].

    batch: rows of a full one; rows: of an epoch. FIRST: the step before the epoch's
    first, or -1 where nothing is drawn.
    """
    if cuda.grid(1) == 0:
        index = place[NEXT]
        start = index * batch
        place[START], place[INDEX] = start, index
        place[ROWS] = min(batch, rows - start)
        place[STEP] = 0 if place[FIRST] < 0 else place[FIRST] + index + 1
        place[NEXT] = index + 1
