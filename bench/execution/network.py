"""From a trial and its data to the network and the arguments of `kernels.train`."""

from dataclasses import replace

from ...kernels import (
    MINIMISERS,
    OPTIMIZERS,
    averaging,
    layers,
    max_norm,
    mlp,
    sequential,
)
from ...kernels.memory import StepMemory, predicted_bytes
from ...kernels.weighted import PREFIX
from ...scenarios.data.augmentation import copies

# Mixed into a run's training seed, so that a restart shares the data but no draw.
RESTART = 1_000_003


def network(trial, split):
    """The `Network` of a trial for the shapes of a split; weighted where its rows are.

    ValueError where a loss takes no weights.
    """
    net = _plain(trial, split)
    return replace(net, loss=PREFIX + net.loss) if trial.data.weighting else net


def _plain(trial, split):
    outputs = split.outputs
    if trial.loss in ("binary_cross_entropy", "hinge") and outputs == 2:
        outputs = 1  # two classes, one logit
    features = split.x_train.shape[1]
    if trial.layers:
        parts = [_layer(spec) for spec in trial.layers]
        noise = [layers.Noise(trial.input_noise)] * (trial.input_noise > 0)
        return sequential(
            trial.shape or (features,),
            [*noise, *parts, layers.Dense(outputs)],
            trial.loss,
        )
    sizes = [features, *trial.hidden, outputs]
    return mlp(
        sizes,
        trial.activation,
        trial.loss,
        dropout=trial.dropout,
        input_noise=trial.input_noise,
    )


def _layer(spec):
    """The layer of the kernels that a `LayerSpec` names."""
    inside = [_layer(each) for each in spec.inside]
    return getattr(layers, spec.name)(*([inside] * bool(inside)), **dict(spec.options))


def layer_files(trial):
    """Names of the modules of the layers that a trial names, each once."""
    seen, left = {}, list(trial.layers)
    while left:
        spec = left.pop(0)
        seen[layers.LAYERS[spec.name].__module__.rpartition(".")[2]] = None
        left += spec.inside
    return list(seen)


def options(trial):
    """Keyword arguments of `train` and `train_population` that a trial fixes."""
    return {
        "optimizer": wrapped(trial),
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
        "in_place": trial.memory.in_place,
        **dict(trial.hyper),
    }


def wrapped(trial):
    """The optimizer of a trial: its key, or the rule with what is put around it.

    ValueError in one sentence on what cannot be put around a rule.
    """
    if not trial.wrapping:
        return trial.optimizer
    rule = OPTIMIZERS[trial.optimizer]
    # Averages stand outside: what is averaged are the weights that are trained.
    for name, argument in reversed(trial.wrapping):
        if name not in _WRAPPERS:
            known = " and ".join(_WRAPPERS)
            raise ValueError(f"unknown wrapping {name!r}; there are {known}")
        rule = _WRAPPERS[name](trial, rule, argument)
    return rule


def _limited(trial, rule, limit):
    return max_norm(rule, limit=limit)


def _averaged(trial, rule, epoch):
    """Averaged from the first step of an epoch, counted from 1."""
    rows = trial.data.rows * copies(trial.data.augment)
    steps = -(-rows // batch_rows(trial, rows))
    return averaging(rule, start=(int(epoch) - 1) * steps + 1)


_WRAPPERS = {"averaging": _averaged, "max_norm": _limited}


def training_seed(trial, seed):
    """Key of start, row order, dropout and noise; the data have the seed itself."""
    return seed + RESTART * trial.restart


def batch_rows(trial, rows):
    """Rows of a step: all of them for the full batch."""
    whole = trial.optimizer in MINIMISERS or OPTIMIZERS[trial.optimizer].full_batch
    if trial.batch_size is None or whole:
        return rows
    return min(trial.batch_size, rows)


def _rule(trial):
    """The rule of a trial, with what it sets of a minimiser as the defaults."""
    rule = wrapped(trial)
    if isinstance(rule, str) and rule in MINIMISERS:
        minimiser = MINIMISERS[rule]
        return replace(minimiser, defaults=minimiser.options(dict(trial.hyper)))
    return OPTIMIZERS[rule] if isinstance(rule, str) else rule


def piece_rows(trial, rows):
    """Rows computed at once: the whole batch unless the trial accumulates gradients.

    `train` would cut a large batch in pieces by itself; a trial says what it holds.
    """
    return trial.memory.micro_batch or batch_rows(trial, rows)


def ledger(trial, net, rows):
    """The predicted `Ledger` of a trial on `rows` training rows, loaded or streamed."""
    return predicted_bytes(
        net,
        _rule(trial),
        batch_rows(trial, rows),
        piece_rows=piece_rows(trial, rows),
        plan=StepMemory(
            trial.memory.checkpoint,
            trial.memory.storage,
            in_place=trial.memory.in_place,
        ),
        early_stopping=trial.patience is not None,
        data_rows=0 if trial.memory.stream else rows,
        itemsize=4 if trial.precision == "float32" else 8,
    )
