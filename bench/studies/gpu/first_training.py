"""A fresh process that trains a network twice on the GPU, and says what it took.

`python -m gradclinic.bench.studies.gpu.first_training '{"sizes": [...], "batch": N}'`
"""

import json
import sys

from ...measurement.peers.work import make_work
from .whole_training import whole


def main(text: str) -> None:
    """Print {compile_seconds}: the first training's less the second's.

    That is all that a first training waits for: beside compiling, the import of
    numba-cuda, the driver's context and the loading of cuBLAS.
    """
    request = json.loads(text)
    sizes, batch = tuple(request["sizes"]), request["batch"]
    work = make_work("step", sizes, batch, 2 * batch, 1, 1, epochs=1)
    first, later = (whole(work, 1)[1] for _ in range(2))
    print(json.dumps({"compile_seconds": max(0.0, first - later)}))


if __name__ == "__main__":
    main(sys.argv[1])
