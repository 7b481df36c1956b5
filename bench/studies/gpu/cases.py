"""The networks and batches of the grid."""

from ...measurement.peers.case import Case
from .settings import GpuSettings

# Bytes of a network's rows; where they would be more, an epoch has fewer steps.
MOST_BYTES = 2**26


def cases(settings: GpuSettings) -> list[Case]:
    """The grid, every second network first: what time cuts off is spread over it."""
    found = []
    for width in settings.widths:
        for batch in settings.batches:
            sizes = (width, width, width, 10)
            most = max(2, MOST_BYTES // (4 * width * batch))
            steps = min(settings.steps, most)
            name = "-".join(map(str, sizes))
            found.append(Case(name, "step", sizes, batch, batch * steps))
    found.sort(key=lambda case: case.flops)
    return found[::2] + found[1::2]
