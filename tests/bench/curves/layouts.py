"""Curves as other programs write them: one function a layout, text from numbers.

A run: {"epoch", "step", "train_loss", "val_loss", maybe "train_accuracy" and
"val_accuracy"}, lists of one length. Numbers are written as each program writes them.
"""

import json
import math


def keras(run):
    """keras.callbacks.CSVLogger: epochs from 0, columns by name, NaN as `nan`."""
    columns = {"accuracy": "train_accuracy", "loss": "train_loss"}
    columns |= {"val_accuracy": "val_accuracy", "val_loss": "val_loss"}
    columns = {name: key for name, key in columns.items() if key in run}
    lines = [",".join(["epoch", *columns])]
    for k, epoch in enumerate(run["epoch"]):
        values = [repr(float(run[key][k])) for key in columns.values()]
        lines.append(",".join([str(epoch - 1), *values]))
    return "\n".join(lines) + "\n"


def lightning(run):
    """lightning.pytorch.loggers.CSVLogger: training and validation on rows apart."""
    train = [key for key in ("train_accuracy", "train_loss") if key in run]
    val = [key for key in ("val_accuracy", "val_loss") if key in run]
    names = {"train_accuracy": "train_acc", "val_accuracy": "val_acc"}
    columns = sorted(["epoch", "step", *train, *val], key=lambda c: names.get(c, c))
    lines = [",".join(names.get(c, c) for c in columns)]
    for k, epoch in enumerate(run["epoch"]):
        for part in (val, train):
            row = {"epoch": str(epoch - 1), "step": str(run["step"][k] - 1)}
            row |= {key: repr(float(run[key][k])) for key in part}
            lines.append(",".join(row.get(column, "") for column in columns))
    return "\n".join(lines) + "\n"


def hugging_face(run):
    """transformers.Trainer's trainer_state.json; its JSON has NaN as it is."""
    history = []
    for k, epoch in enumerate(run["epoch"]):
        place = {"epoch": float(epoch), "step": run["step"][k]}
        history.append({"loss": round_loss(run["train_loss"][k]), **place})
        entry = {"eval_loss": run["val_loss"][k]}
        if "val_accuracy" in run:
            entry["eval_accuracy"] = run["val_accuracy"][k]
        history.append({**entry, "eval_runtime": 0.1, **place})
    summary = {"train_runtime": 9.0, "train_loss": run["train_loss"][0]}
    history.append({**summary, "epoch": float(run["epoch"][-1])})
    state = {"epoch": run["epoch"][-1], "global_step": run["step"][-1]}
    return json.dumps({**state, "log_history": history}, indent=1)


def round_loss(loss):
    """The Trainer logs training losses with four decimals."""
    return round(loss, 4) if math.isfinite(loss) else loss


def plain(run):
    """A table of one's own: tabs, other names, and percents."""
    names = {"epoch": "Epoch", "train_loss": "Loss/train", "val_loss": "Loss/valid"}
    names |= {"train_accuracy": "train acc", "val_accuracy": "valid acc"}
    keys = [key for key in names if key in run]
    lines = ["\t".join(names[key] for key in keys)]
    for k in range(len(run["epoch"])):
        values = [
            100 * run[key][k] if "accuracy" in key else run[key][k] for key in keys
        ]
        lines.append("\t".join(f"{value:.6g}" for value in values))
    return "\n".join(lines) + "\n"


TEXTS = {
    "keras": (keras, ".csv"),
    "lightning": (lightning, ".csv"),
    "hugging_face": (hugging_face, ".json"),
    "plain": (plain, ".tsv"),
}


def tensorboard(run, path):
    """A TensorBoard event file, as torch's SummaryWriter; needs tensorboard."""
    from tensorboard.compat.proto import event_pb2, summary_pb2
    from tensorboard.summary.writer.event_file_writer import EventFileWriter

    names = {"train_loss": "Loss/train", "val_loss": "Loss/val"}
    names |= {"train_accuracy": "Accuracy/train", "val_accuracy": "Accuracy/val"}
    folder = path.parent / f"{path.stem}.folder"
    writer = EventFileWriter(str(folder))
    for k, epoch in enumerate(run["epoch"]):
        for key, tag in names.items():
            if key in run:
                value = summary_pb2.Summary.Value(tag=tag, simple_value=run[key][k])
                writer.add_event(
                    event_pb2.Event(
                        wall_time=float(epoch),
                        step=epoch,
                        summary=summary_pb2.Summary(value=[value]),
                    )
                )
    writer.close()
    (file,) = folder.iterdir()
    file.rename(path)
    folder.rmdir()
