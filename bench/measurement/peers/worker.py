"""One process that holds one peer and does what it is told, see `worker_process`.

It is given `Case.request`, then commands: `losses`
(with a number of networks: those of the first epochs, to compare), `ready` (warm up and
choose how long a sample lasts) and `sample` (seconds a step).
"""

import time
from functools import partial

import numpy as np

from ..timing import timed
from ..worker_process import serve
from . import PEERS
from .work import Work, make_work

CHECKED_EPOCHS, SHOWN_ROWS = 3, 20
# Long enough that setting up a call, which some do for every call, does not count.
SAMPLE_SECONDS = 0.1


class PeerWorker:
    """A peer, one of `peers`, and its work; sample_seconds: of a sample, at least."""

    peers, sample_seconds = PEERS, SAMPLE_SECONDS

    def __init__(self, request: dict) -> None:
        self.peer = self.peers[request.pop("peer")]
        self.work = make_work(**request)
        most = getattr(self.peer, "MOST_NETWORKS", self.work.networks)
        self.networks = min(self.work.networks, most)

    def losses(self, networks: int) -> dict:
        """Losses of the first epochs (or some rows of the output), and first call."""
        values = {**vars(self.work), "starts": self.work.starts[:networks]}
        began = time.perf_counter()
        run = self.peer.prepare(Work(**values))
        found = np.asarray(run(CHECKED_EPOCHS))
        first = time.perf_counter() - began
        later = timed(partial(run, CHECKED_EPOCHS), 1)
        return {
            "losses": found[:SHOWN_ROWS].tolist(),
            "compile_seconds": max(0.0, first - later),
        }

    def ready(self) -> dict:
        """Warm up and calibrate: epochs a sample."""
        self.run = self.peer.prepare(self.work)
        self.epochs, seconds = 1, timed(partial(self.run, 1), 1)
        while seconds < self.sample_seconds:
            more = int(self.epochs * min(10, 1.3 * self.sample_seconds / seconds))
            self.epochs = max(self.epochs + 1, more)
            self.run(self.epochs)  # some compile anew for another length
            seconds = timed(partial(self.run, self.epochs), 1)
        return {"epochs": self.epochs}

    def sample(self) -> dict:
        """Seconds a step, of one network."""
        steps = self.work.steps * self.networks // self.work.networks
        seconds = timed(partial(self.run, self.epochs), 1)
        return {"seconds": seconds / (self.epochs * steps)}


def main(descriptor: int, kind: type[PeerWorker] = PeerWorker) -> None:
    """Answer until the caller has gone; BLAS has as many threads as the work says."""
    from threadpoolctl import threadpool_limits

    def limited(request: dict) -> PeerWorker:
        worker = kind(request)
        threadpool_limits(worker.work.threads, user_api="blas")  # to the end
        return worker

    serve(descriptor, limited)
