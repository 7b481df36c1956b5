"""A training task on which optimizers are compared."""

from dataclasses import dataclass

from .trial import Trial


@dataclass(frozen=True)
class Problem:
    """Data, network and budget that every optimizer gets, and what counts.

    trial: the task; its optimizer, learning rate and hyper-parameters are replaced by
    those compared, and its epochs are the budget. The data are those of seed 0 for all
    runs, as a target must be one number; the seeds of runs draw start and row order.
    What counts is from when on the validation loss stays at a target. quick: part of
    the quick look.
    """

    name: str
    title: str
    summary: str
    trial: Trial
    quick: bool = False
