"""Does an explanation name what the network uses? Inputs are taken away, and given.

Deletion: inputs become their mean, the most important first; a faithful order makes the
score fall at once. Insertion: all begin as their mean, and come back in that order; it
makes the score rise at once. Source: Petsiuk, Das & Saenko (2018), RISE, BMVC, section
4.1; Samek, Binder, Montavon, Lapuschkin & Müller (2017), Evaluating the visualization
of what a deep neural network has learned, IEEE TNNLS 28. Rows with means in them are
unlike those of training, which is the limit of both (Hooker et al. 2019, NeurIPS).
"""

from dataclasses import dataclass

import numpy as np

POINTS = 16  # of a curve at most


@dataclass(frozen=True)
class Faithfulness:
    """Curves of a score, float[points], over the share of inputs that were moved.

    deletion, insertion: accuracy, or R^2 that is at least 0.
    """

    share: np.ndarray
    deletion: np.ndarray
    insertion: np.ndarray

    @property
    def areas(self) -> tuple[float, float]:
        """Areas under both curves, from 0 to 1; low and high are faithful."""
        deleted, inserted = (
            float(np.trapezoid(curve, self.share))
            for curve in (self.deletion, self.insertion)
        )
        return deleted, inserted

    @property
    def gain(self) -> float:
        """Insertion area minus deletion area: 0 for an order that says nothing."""
        deleted, inserted = self.areas
        return inserted - deleted


def faithfulness(score, x, importances, fill) -> Faithfulness:
    """The curves of an order of inputs.

    score: of float[points, rows, inputs] to float[points]; x: float[rows, inputs];
    importances, fill: float[inputs], the latter what stands for an input that is away.
    Equal importances come in an order that is drawn, the same for every call.
    """
    inputs = x.shape[1]
    counts = np.unique(np.linspace(0, inputs, min(inputs + 1, POINTS)).round())
    place = np.empty(inputs, dtype=int)
    drawn = np.random.default_rng(0).permutation(inputs)
    place[np.lexsort((drawn, -importances))] = np.arange(inputs)
    moved = place < counts[:, None]  # [points, inputs]
    without = np.where(moved[:, None], fill, x)
    within = np.where(moved[:, None], x, fill)
    found = [np.asarray(score(rows.astype(x.dtype))) for rows in (without, within)]
    return Faithfulness(counts / inputs, *found)
