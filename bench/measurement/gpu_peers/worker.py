"""As `peers.worker`, of the peers on the GPU."""

import sys

from ..held import answering
from ..peers.worker import Worker, serve
from . import GPU_PEERS


class GpuWorker(Worker):
    """A peer on the GPU, and its work."""

    peers = GPU_PEERS


if __name__ == "__main__":
    serve(iter(sys.stdin), answering(), GpuWorker)
