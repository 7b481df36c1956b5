"""From a trial and its data to the network and the arguments of `kernels.train`."""

from ...kernels import OPTIMIZERS, mlp
from ...kernels.memory import StepMemory, predicted_bytes

# Mixed into a run's training seed, so that a restart shares the data but no draw.
_RESTART = 1_000_003


def network(trial, split):
    """The `Network` of a trial for the shapes of a split."""
    sizes = [split.x_train.shape[1], *trial.hidden, split.outputs]
    if trial.loss in ("binary_cross_entropy", "hinge") and split.outputs == 2:
        sizes[-1] = 1  # two classes, one logit
    return mlp(
        sizes,
        trial.activation,
        trial.loss,
        dropout=trial.dropout,
        input_noise=trial.input_noise,
    )


def options(trial):
    """Keyword arguments of `train` and `train_population` that a trial fixes."""
    return {
        "optimizer": trial.optimizer,
        "batch_size": trial.batch_size,
        "epochs": trial.epochs,
        "schedule": trial.schedule,
        "schedule_options": dict(trial.schedule_options),
        "warmup": trial.warmup,
        "l1": trial.l1,
        "l2": trial.l2,
        "clip_norm": trial.clip_norm,
        "clip_value": trial.clip_value,
        "reduction": trial.reduction,
        "patience": trial.patience,
        "micro_batch": trial.memory.micro_batch,
        "checkpoint": trial.memory.checkpoint,
        "storage": trial.memory.storage,
        **dict(trial.hyper),
    }


def training_seed(trial, seed):
    """Key of start, row order, dropout and noise; the data have the seed itself."""
    return seed + _RESTART * trial.restart


def batch_rows(trial, rows):
    """Rows of a step: all of them for the full batch."""
    if trial.batch_size is None or OPTIMIZERS[trial.optimizer].full_batch:
        return rows
    return min(trial.batch_size, rows)


def piece_rows(trial, rows):
    """Rows computed at once: the whole batch unless the trial accumulates gradients.

    `train` would cut a large batch in pieces by itself; a trial says what it holds.
    """
    return trial.memory.micro_batch or batch_rows(trial, rows)


def ledger(trial, net, rows):
    """The predicted `Ledger` of a trial on `rows` training rows, loaded or streamed."""
    return predicted_bytes(
        net,
        OPTIMIZERS[trial.optimizer],
        batch_rows(trial, rows),
        piece_rows=piece_rows(trial, rows),
        plan=StepMemory(trial.memory.checkpoint, trial.memory.storage),
        early_stopping=trial.patience is not None,
        data_rows=0 if trial.memory.stream else rows,
        itemsize=4 if trial.precision == "float32" else 8,
    )
