"""A training's steps on a device, each recorded once and replayed."""

import numpy as np

from . import batch_place, norms
from .launches import Launches
from .magnitude import added
from .record import Recorded


class Steps:
    """What is replayed: a step, one at drawn targets before it, a batch's evaluation.

    All work is put on `stream`; launches: what is recorded, and its arrays. (What a
    `Recorded` holds must not hold this, or both would wait for Python's collector.)
    """

    def __init__(self, space, job, stream):
        self.space, self.stream = space, stream
        self.launches = launches = Launches(space, job)
        self.step = Recorded(launches.step, stream)
        if job.optimizer.sampled_every:
            self.sampled_step = Recorded(launches.sampled_step, stream)
            self.step_again = Recorded(launches.gradient_and_update, stream)
        if launches.new_rows:
            self.evaluate = Recorded(launches.evaluate, stream)

    def begin(self, first):
        """Put `place` before the first batch of an epoch.

        first: steps made before it, or -1 where nothing is drawn.
        """
        place = np.zeros(batch_place.PLACES, dtype=np.int32)
        place[batch_place.FIRST] = first
        place[batch_place.NEXT] = place[batch_place.INDEX] = 0
        self.space.place.copy_to_device(place, stream=self.stream)

    def validation(self):
        """(sum of losses, sum of scores) over the validation rows."""
        self.begin(-1)
        for _ in range(self.launches.pieces):
            self.evaluate.replay()
        totals = self.launches.new_totals.copy_to_host(stream=self.stream)
        self.stream.synchronize()
        sums = totals.sum(axis=1, dtype=np.float64)
        return float(sums[norms.LOSS]), float(sums[norms.SCORE])

    def sound(self):
        """Is every number that the optimizer keeps finite?"""
        space = self.space
        if not space.state.shape[0]:
            return True
        norms.unsound.launch(
            space.dtype, space.partial.size, self.stream, space.partial, space.state
        )
        counts = space.partial.copy_to_host(stream=self.stream)
        self.stream.synchronize()
        return not counts.any()

    def moved(self):
        """|last step| / |parameters before it|, of float64."""
        space, blocks = self.space, norms.blocks_of(self.space.params.size)
        norms.moved.launch(
            space.dtype, blocks, self.stream, space.both, space.before, space.params
        )
        both = space.both.copy_to_host(stream=self.stream)
        self.stream.synchronize()
        sums = both.reshape(2, 2, blocks).sum(axis=2, dtype=np.float64)
        step, size = added(*sums.T)
        return float(np.sqrt(step) / max(np.sqrt(size), 1e-30))
