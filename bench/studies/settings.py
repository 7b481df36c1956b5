"""A trial in words, for the box that says what was trained."""


def settings(trial):
    """{setting: value in words} of all that matters about a trial."""
    hidden = "-".join(map(str, trial.hidden)) or "none (a linear model)"
    if len(set(trial.hidden)) == 1 and len(trial.hidden) > 3:
        hidden = f"{len(trial.hidden)} layers of {trial.hidden[0]}"
    data = trial.data
    lines = {
        "Data": f"{data.name}: {data.rows} training, {data.validation} validation,"
        f" {data.test} test rows",
        "Hidden units": hidden,
        "Activation": trial.activation if trial.hidden else None,
        "Loss": trial.loss.replace("_", " "),
        "Optimizer": f"{trial.optimizer.replace('_', ' ')}, learning rate {trial.lr:g}"
        + "".join(f", {name} {value:g}" for name, value in trial.hyper),
        "Schedule": None if trial.schedule == "constant" else trial.schedule,
        "Batch": f"{trial.batch_size} rows" if trial.batch_size else "all rows",
        "Epochs": str(trial.epochs),
        "Label noise": f"{data.label_noise:.0%} of training and validation labels wrong"
        if data.label_noise
        else None,
        "Inputs": ", ".join(_step(*step) for step in data.transforms) or None,
        "L1 penalty": f"{trial.l1:g}" if trial.l1 else None,
        "L2 penalty": f"{trial.l2:g}" if trial.l2 else None,
        "Dropout": f"{trial.dropout:.0%}" if trial.dropout else None,
        "Gradient": "summed over rows" if trial.reduction == "sum" else None,
        "Target": None if trial.target is None else f"validation loss {trial.target:g}",
        "Precision": trial.precision,
        "Memory budget": f"{trial.memory.budget / 1e6:.3g} MB"
        if trial.memory.budget
        else None,
        "Computed by": None if trial.engine == "numba" else trial.engine,
    }
    return {name: value for name, value in lines.items() if value}


def _step(name, argument):
    words = name.replace("_", " ")
    return f"{words} ({argument:g})" if argument else words
