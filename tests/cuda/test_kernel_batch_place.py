"""The place in a training moves on by batches; a shorter one is the epoch's last."""

import numpy as np
import pytest
from gradclinic.kernels.cuda import batch_place
from gradclinic.kernels.cuda.batch_place import advance
from numba import cuda

COLUMNS = (
    batch_place.START,
    batch_place.ROWS,
    batch_place.INDEX,
    batch_place.STEP,
)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("first", "steps"), [(6, [7, 8, 9]), (-1, [0, 0, 0])])
def test_advance(dtype, first, steps):
    start = np.zeros(batch_place.PLACES, np.int32)
    start[batch_place.NEXT], start[batch_place.FIRST] = 0, first
    place = cuda.to_device(start)
    seen = []
    for _ in steps:
        advance.launch(dtype, 1, 0, place, np.int32(4), np.int32(10))
        moved = place.copy_to_host()
        seen.append([int(moved[k]) for k in COLUMNS])
    expected = [[0, 4, 0], [4, 4, 1], [8, 2, 2]]
    assert seen == [[*e, s] for e, s in zip(expected, steps, strict=True)]
