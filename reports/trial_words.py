"""A trial in words, for the box that says what was trained."""

import re

_LOSSES = {"mse": "mean squared error"}
_DECISIONS = {"balanced": "by a threshold chosen on validation rows"}
_STEPS = {
    "min_max": "scaled to 0 to 1",
    "standardise": "standardised",
    "whitened": "principal components of standard deviation 1",
    "ranked": "by their ranks, as normal numbers",
    "pca": "first {0:g} principal components",
    "polynomial": "products of up to {0:g} inputs",
    "two_units": "every second one times {0:g}",
    "badly_scaled": "multiplied by 1 to {0:g}, each input by another factor",
    "permuted": "in another order, the same for all rows",
    "fourier": "{0:g} random waves of the inputs",
    "most_informative": "the {0:g} that tell most of the class",
    "sparse_model": "the {0:g} that a sparse linear model keeps",
    "shifts": "copies moved by up to {0:g} pixels",
    "jitter": "copies with noise of standard deviation {0:g}",
    "mixup": "blends of two rows, alpha {0:g}",
    "label_smoothing": "labels smoothed by {0:g}",
    "shifted": "moved by {0:g}, all to one side",
    "own_scales": "each part standardised by itself",
    "oversample": "the rarest class repeated to a share of {0:g}",
    "undersample": "others left out until the rarest class has a share of {0:g}",
    "minority": "the rarest class has a share of {0:g} in every part",
    "minority_seen": "{0:g} in training rows",
    "shift": "training rows from one side, the others from the other, strength {0:g}",
    "new_rows": "{0:g} training rows as those others",
    "class_weights": "by inverse frequency of the class, power {0:g}",
    "density_ratio": "by likeness to validation inputs, power {0:g}",
}

# What computes a step that is timed, where the key of an engine says too little.
_ENGINES = {
    "python": "plain Python",
    "numpy": "NumPy",
    "csv": "NumPy, its rows read from a CSV file at each step",
}


def trial_words(trial):
    """{setting: value in words} of all that matters about a trial."""
    hidden = "-".join(map(str, trial.hidden)) or "none (a linear model)"
    if len(set(trial.hidden)) == 1 and len(trial.hidden) > 3:
        hidden = f"{len(trial.hidden)} layers of {trial.hidden[0]}"
    if trial.layers:
        hidden = None
    data = trial.data
    lines = {
        "Data": f"{data.name.replace('_', ' ')}: {_rows(data)} rows",
        "Rows are": " x ".join(map(str, trial.shape)) or None,
        "Layers": ", ".join(map(_layer, trial.layers)) or None,
        "Hidden units": hidden,
        "Activation": trial.activation if trial.hidden else None,
        "Loss": _LOSSES.get(trial.loss, trial.loss.replace("_", " ")),
        "Optimizer": f"{trial.optimizer.replace('_', ' ')}, learning rate {trial.lr:g}"
        + "".join(
            f", {name.replace('_', ' ')} {value:g}" for name, value in trial.hyper
        ),
        "Schedule": None
        if trial.schedule == "constant"
        else trial.schedule.replace("_", " "),
        "Batch": f"{trial.batch_size} rows" if trial.batch_size else "all rows",
        "Epochs": f"{trial.epochs:,}",
        "Label noise": f"{100 * data.label_noise:.0f} % of training and validation"
        " labels wrong"
        if data.label_noise
        else None,
        "Selection": ", ".join(_step(*step) for step in data.selection) or None,
        "Inputs": ", ".join(_step(*step) for step in data.transforms) or None,
        "Training rows": ", ".join(_step(*step) for step in data.augment) or None,
        "Row weights": ", ".join(_step(*step) for step in data.weighting) or None,
        "Answer": _DECISIONS.get(trial.decision),
        "Networks": f"{trial.members}, averaged" if trial.members > 1 else None,
        "Explained by": _explanation(trial),
        "Start": f"weights times {trial.gain:g}" if trial.gain != 1 else None,
        "Warm start": ", ".join(f"{name} {value:g}" for name, value in trial.warm_start)
        or None,
        "L1 penalty": f"{trial.l1:g}" if trial.l1 else None,
        "L2 penalty": f"{trial.l2:g}" if trial.l2 else None,
        "Dropout": f"{trial.dropout:.0%}" if trial.dropout else None,
        "Gradient": "summed over rows" if trial.reduction == "sum" else None,
        "Target": None if trial.target is None else f"validation loss {trial.target:g}",
        "Precision": trial.precision,
        "Memory budget": f"{trial.memory.budget / 1e6:.3g} MB"
        if trial.memory.budget
        else None,
        "Around the optimizer": ", ".join(
            f"{name.replace('_', ' ')} {value:g}" for name, value in trial.wrapping
        )
        or None,
        **_deployment(trial.deployment),
        "Computed by": None if trial.engine == "numba" else _engine(trial.engine),
    }
    return {name: value for name, value in lines.items() if value}


def _engine(name):
    """What computes the step, where it is not Numba on one thread."""
    return _ENGINES.get(name, name.replace("_", " "))


def _deployment(plan):
    """What is said of the file that a trained network goes into."""
    if plan is None:
        return {}
    done = ", ".join(
        f"{name.replace('_', ' ')} {value:g}" for name, value in plan.compression
    )
    tuned = f", then trained for {plan.fine_tuning} epochs" * bool(plan.fine_tuning)
    numbers = "" if plan.numbers == "native" else plan.numbers.replace("_", " by ")
    parts = [numbers, "sparse matrices" if plan.sparse else ""]
    return {
        "File budget": f"{plan.budget / 1e3:.3g} kB" if plan.budget else None,
        "Compression": done + tuned if done else None,
        "File holds": ", ".join(part for part in parts if part) or None,
    }


def _explanation(trial):
    """How the network is explained: integrated gradients, steps 16."""
    if trial.explanation is None:
        return None
    said = (
        f", {name}" if value is True else f", {name} {value:g}"
        for name, value in trial.explanation_options
    )
    return trial.explanation.replace("_", " ") + "".join(said)


def _layer(spec):
    """A layer in words: its name, its arguments, what it is put around."""
    inside = " and ".join(map(_layer, spec.inside))
    said = ", ".join(
        value if isinstance(value, str) else f"{name.replace('_', ' ')} {value}"
        for name, value in spec.options
        if value is not False
    )
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", spec.name).lower()
    return name + f" around {inside}" * bool(inside) + f" ({said})" * bool(said)


def _rows(data):
    """How many rows each part has; a part without any is not named."""
    parts = {"training": data.rows, "validation": data.validation, "test": data.test}
    return ", ".join(f"{count:,} {name}" for name, count in parts.items() if count)


def _step(name, argument):
    """What is done to the inputs, for one who has not read `transforms`."""
    if name in _STEPS:
        return _STEPS[name].format(argument)
    words = name.replace("_", " ")
    return f"{words} ({argument:g})" if argument else words
