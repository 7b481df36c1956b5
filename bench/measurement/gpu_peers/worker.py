"""As `peers.worker`, of the peers on the GPU."""

from ..peers import worker
from . import GPU_PEERS


class GpuWorker(worker.PeerWorker):
    """A peer on the GPU, and its work."""

    peers = GPU_PEERS


def main(descriptor: int) -> None:
    """Answer until the caller has gone."""
    worker.main(descriptor, GpuWorker)
