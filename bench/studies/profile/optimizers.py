"""How near an optimizer's update comes to the memory's speed.

The share can exceed 1: an update writes where it has read, while the triad's target
must be fetched before it is overwritten, which STREAM does not count.
"""

import numpy as np

from ....kernels import OPTIMIZERS
from ....kernels.threads import one_blas_thread
from ...measurement.ceilings import UPDATE_BYTES, triad_gb
from ...measurement.timing import timed
from .settings import ProfileSettings

REPEATS = 5


def measure(settings: ProfileSettings, progress) -> list[dict]:
    """The `optimizers` of a profile, on 50 million parameters (quick: 10)."""
    size, rows = 10_000_000 if settings.quick else 50_000_000, []
    params, grad = np.zeros(size, np.float32), np.full(size, 1e-3, np.float32)
    for done, (name, count) in enumerate(UPDATE_BYTES.items()):
        progress(done, len(UPDATE_BYTES), f"Update of {size:,} parameters: {name}")
        rule = OPTIMIZERS[name]
        state = rule.init_state(size)

        def update(rule=rule, state=state):
            rule.update(params, grad, state, step=3, threads=settings.threads)

        update()
        with one_blas_thread():
            seconds = min(timed(update, 1) for _ in range(REPEATS))
        speed = size * count / seconds / 1e9
        rows.append(
            {
                "optimizer": name,
                "parameters": size,
                "bytes_per_parameter": count,
                "threads": settings.threads,
                "seconds": seconds,
                "gb_per_second": speed,
                "share_of_triad": speed / triad_gb(settings.threads),
            }
        )
    return rows
