"""The curves and the end of a training: what every way of training shares.

On a CPU, on a GPU and by a minimiser the same formulas say what an epoch is noted as,
whether the validation loss has improved, and when patience is at its end. They take
numbers of one run, or NumPy arrays of many. Constants are read through this module.
"""

from .jit import formula

# Rows of the curves, and of a run's outcome.
TRAIN_LOSS, VAL_LOSS, TRAIN_METRIC, VAL_METRIC, GRADIENT_NORM, UPDATE_RATIO = range(6)
CURVES = 6
STATUS, EPOCHS, BEST_EPOCH, SECONDS = range(4)
OUTCOMES = 4
OK, DIVERGED, STOPPED_EARLY = 0.0, 1.0, 2.0
# A loss this many times the first epoch's counts as divergence, like NaN and infinity.
DIVERGENCE_BOUND = 10.0


@formula
def note_training(column, line, loss, score, norm, ratio):
    """Write the training of an epoch into its column of the curves, [CURVES, ...].

    line: [2, ...], the metric is line[0] + line[1] score. loss: mean over rows; score:
    sum; norm: mean over steps; ratio: of the last step.
    """
    column[TRAIN_LOSS] = loss
    column[TRAIN_METRIC] = line[0] + line[1] * score
    column[GRADIENT_NORM] = norm
    column[UPDATE_RATIO] = ratio


@formula
def note_validation(column, line, loss, score):
    """Write the validation of an epoch into its column; arguments as before."""
    column[VAL_LOSS] = loss
    column[VAL_METRIC] = line[0] + line[1] * score


@formula
def improved(loss, best, min_delta):
    """Is a validation loss better than the best? Prechelt (1998), section 2."""
    return loss < best - min_delta


@formula
def waited(epoch, best_epoch, patience):
    """Have so many epochs passed since the best? epoch: from 0; best_epoch: from 1."""
    return epoch + 1 - best_epoch >= patience
