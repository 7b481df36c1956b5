"""Twenty trainings, ten healthy and ten with a planted trouble, logged as files.

`python tests/bench/curves/make_files.py SET OUT [NAME...]` trains by our kernels and by
PyTorch (the extra `peers`; tensorboard for its layout). SET: `tuning`, `trial` and
`check`, on which the thresholds were set; `first` and `evidence`, other data and other
seeds, on which they were not. The files of `evidence` are in `files/`.

A planted trouble is a cause: few rows with wrong labels, a network that is too small,
steps that are too short, too long, or far too long. It counts where it takes hold:
where its cure (rows of right labels, width, longer or shorter steps) brings the
validation loss down by over a tenth, beside what it was at first.
"""

import itertools
import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from layouts import TEXTS, tensorboard
from planted import read_runs
from problems import DATA, NUMBERS
from sklearn.preprocessing import scale

HERE = Path(__file__).parent


def rows_of(run):
    """(x, y, x_val, y_val) of a run, inputs on one scale, in an order of its seed."""
    rng = np.random.default_rng(run.seed)
    x, y = DATA[run.data](run.seed)
    order = rng.permutation(len(x))
    x, y = scale(x)[order].astype(np.float32), y[order]
    rows = min(run.rows, len(x) * 2 // 3)
    new = min(500, len(x) - rows)
    train_y, classes = y[:rows].copy(), len(np.unique(y))
    if run.wrong:
        drawn = rng.random(rows) < run.wrong
        train_y[drawn] = rng.integers(0, classes, int(drawn.sum()))
    if run.data in NUMBERS:
        train_y, y = train_y.astype(np.float32)[:, None], y.astype(np.float32)[:, None]
    return x[:rows], train_y, x[rows : rows + new], y[rows : rows + new]


def train_ours(run):
    """The curves of a training by our kernels."""
    from gradclinic import mlp, train

    x, y, x_val, y_val = rows_of(run)
    numeric = run.data in NUMBERS
    outputs = 1 if numeric else len(np.unique(y_val))
    net = mlp(
        [x.shape[1], *run.hidden, outputs],
        "relu",
        "mse" if numeric else "cross_entropy",
    )
    history = train(
        net,
        net.init(run.seed),
        x,
        y,
        run.optimizer,
        run.lr,
        run.batch,
        run.epochs,
        run.seed,
        (x_val, y_val),
        patience=run.patience,
        device="cpu",
        **run.options,
    )
    found = {
        "train_loss": history.train_loss,
        "val_loss": history.val_loss,
        "train_accuracy": history.train_metric,
        "val_accuracy": history.val_metric,
    }
    return {key: values.tolist() for key, values in found.items()}


def train_torch(run):
    """The curves of a training by PyTorch."""
    import torch

    torch.manual_seed(run.seed)
    torch.set_num_threads(1)
    x, y, x_val, y_val = map(torch.from_numpy, rows_of(run))
    numeric = run.data in NUMBERS
    outputs = 1 if numeric else len(torch.unique(y_val))
    sizes, layers = [x.shape[1], *run.hidden], []
    for i, o in itertools.pairwise(sizes):
        layers += [torch.nn.Linear(i, o), torch.nn.ReLU()]
    net = torch.nn.Sequential(*layers, torch.nn.Linear(sizes[-1], outputs))
    loss_of = torch.nn.MSELoss() if numeric else torch.nn.CrossEntropyLoss()
    kind = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}[run.optimizer]
    rule = kind(net.parameters(), lr=run.lr, **run.options)
    curves = {
        k: [] for k in ("train_loss", "val_loss", "train_accuracy", "val_accuracy")
    }
    best, waited = float("inf"), 0
    for _ in range(run.epochs):
        total, right = 0.0, 0
        for part in torch.randperm(len(x)).split(run.batch):
            rule.zero_grad()
            out = net(x[part])
            loss = loss_of(out, y[part])
            loss.backward()
            rule.step()
            total += loss.item() * len(part)
            right += 0 if numeric else int((out.argmax(1) == y[part]).sum())
        with torch.no_grad():
            out = net(x_val)
            new = loss_of(out, y_val).item()
            hits = 0 if numeric else int((out.argmax(1) == y_val).sum())
        values = (total / len(x), new, right / len(x), hits / len(x_val))
        for key, value in zip(curves, values, strict=True):
            curves[key].append(value)
        best, waited = (new, 0) if new < best else (best, waited + 1)
        if not np.isfinite(values).all() or waited == run.patience:
            break
    return curves


CURES = {
    "overfitting": lambda run: replace(run, rows=1000, wrong=0.0),
    "underfitting": lambda run: replace(run, hidden=(32,)),
    "slow_training": lambda run: replace(run, lr=30 * run.lr),
    "divergence": lambda run: replace(run, lr=run.lr / 30),
    "oscillation": lambda run: replace(run, lr=run.lr / 5),
}


def trained(run):
    """The curves of a training with a given rate."""
    return {"ours": train_ours, "torch": train_torch}[run.by](run)


def diverges(curves):
    """Is a loss not finite, or over 10 times its first value?"""
    losses = np.array(curves["train_loss"])
    return not np.isfinite(losses).all() or losses[-1] > 10 * losses[0]


def takes_hold(run, curves):
    """Does what was planted show, and does its cure bring the loss on new rows down?

    A loss that jumps changes by over a tenth from epoch to epoch, in the second half;
    three times the epochs do not help a network that is too small.
    """
    if not run.trouble:
        return True
    if run.trouble == "underfitting":
        longer = replace(run, trouble="slow_training", epochs=3 * run.epochs)
        longer, first = trained(longer)["val_loss"][-1], curves["val_loss"][0]
        if longer + 0.05 * first < 0.95 * (curves["val_loss"][-1] + 0.05 * first):
            return False
    if run.trouble == "divergence":
        return diverges(curves)
    after, before = trained(CURES[run.trouble](run))["val_loss"][-1], curves["val_loss"]
    half = np.array(before[len(before) // 2 :])
    if run.trouble == "oscillation" and np.abs(np.diff(np.log(half))).mean() < 0.1:
        return False
    scale = 0.05 * min(curves["train_loss"][0], before[0])
    return bool(after + scale < 0.9 * (before[-1] + scale))


def planted_curves(run):
    """(run with its rate, its curves): see `PlantedRun.lr`."""
    if not isinstance(run.lr, str):
        return run, trained(run)
    found = None
    for power in range(28):
        tried = replace(run, lr=0.025 * 2 ** (power / 2))
        curves = trained(tried)
        if diverges(curves):
            return (tried, curves) if run.lr == "beyond" else found
        if run.lr == "edge" and (found is None or takes_hold(tried, curves)):
            found = tried, curves
    return found


def curves_of(run):
    """(run with its rate, what it logs: its curves with epochs and steps)."""
    run, found = planted_curves(run)
    if run.data in NUMBERS:
        found = {k: v for k, v in found.items() if "loss" in k}
    count = len(found["train_loss"])
    steps = -(-min(run.rows, 10**6) // run.batch)
    epochs = list(range(1, count + 1))
    return run, {"epoch": epochs, "step": [e * steps for e in epochs], **found}


def main(which, out, names=()):
    """Train all runs of a set, and write a file each, and what was planted in each.

    names: of the runs to make again; all by default.
    """
    out.mkdir(parents=True, exist_ok=True)
    planted = {}
    for run in read_runs(HERE / "runs.txt")[which]:
        if names and run.name not in names:
            ending = TEXTS[run.layout][1] if run.layout in TEXTS else ".tfevents"
            planted[run.name + ending] = run.trouble
            continue
        run, curves = curves_of(run)
        if run.layout == "tensorboard":
            name = f"{run.name}.tfevents"
            tensorboard(curves, out / name)
            # Beside it the same as text, for where tensorboard is not installed.
            twin = TEXTS["keras"][0](curves)
            (out / f"{run.name}.csv").write_text(twin, encoding="utf-8")
        else:
            write, ending = TEXTS[run.layout]
            name = run.name + ending
            (out / name).write_text(write(curves), encoding="utf-8")
        planted[name] = run.trouble
        held = "takes hold" if takes_hold(run, curves) else "DOES NOT TAKE HOLD"
        print(
            f"{name}: {len(curves['epoch'])} epochs, rate {run.lr:g},",
            run.trouble,
            held,
            flush=True,
        )
    text = json.dumps(planted, indent=1) + "\n"
    (out / "planted.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:])
