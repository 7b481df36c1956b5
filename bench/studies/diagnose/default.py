"""The network that is trained unless the user asks for another."""

from ....scenarios import Dataset, Trial

HIDDEN, RATE = (64, 64), 1e-3
# Steps that a training is to take, and passes over the rows that it takes for it.
_STEPS, _PASSES = 2500, (10, 300)
_BATCH, _LARGE_BATCH, _LARGE = 32, 128, 20_000


def default_trial(sizes, classes, hidden=None, lr=None, optimizer=None, epochs=None):
    """Two layers of 64 rectifiers, Adam at 0.001: what people begin with.

    sizes: rows of (training, validation, judging). classes: 0 where values are learnt,
    which are scaled to mean 0 and standard deviation 1 on the training rows. Inputs are
    as the table has them. About 2,500 steps of 32 rows, within 10 and 300 passes.
    """
    rows, validation, judged = sizes
    batch = _BATCH if rows < _LARGE else _LARGE_BATCH
    return Trial(
        Dataset("file", rows=rows, validation=validation, test=judged),
        hidden=HIDDEN if hidden is None else tuple(hidden),
        activation="relu",
        loss="cross_entropy" if classes else "mse",
        optimizer=optimizer or "adam",
        lr=lr or RATE,
        batch_size=min(batch, rows),
        epochs=epochs or _passes(rows, batch),
    )


def _passes(rows, batch):
    low, high = _PASSES
    return min(high, max(low, round(_STEPS / -(-rows // batch))))
