"""A prescription as TOML: the table, the trial, and back."""

import json
import tomllib
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from .....scenarios import Dataset, LayerSpec, MemoryPlan, Trial
from ....errors import BadData

SCHEMA = 1
# Fields of a trial that a table's training does not use.
_UNUSED = (
    "data",
    "memory",
    "engine",
    "target",
    "restart",
    "shape",
    "deployment",
    "wrapping",
    "decision",
)
# Fields of its data that are written beside those of the trial.
_OF_DATA = ("transforms", "options", "weighting")
_HEAD = "# Train this network on this table: gradclinic run --config FILE\n"
_PLAN = asdict(MemoryPlan())
# Written even where they are as usual: what people change.
_ALWAYS = ("hidden", "activation", "loss", "optimizer", "lr", "batch_size", "epochs")


@dataclass(frozen=True)
class Prescribed:
    """A table and how to train on it, as a file says.

    data: file, target, task, seed, leave_out, and group, time, sample, equal_rows
    (together or not) where they matter; trial: the `Trial`, whose data hold the
    transforms of the inputs and no rows yet.
    """

    data: dict[str, Any]
    trial: Trial


def prescription_toml(data: dict[str, Any], trial: Trial) -> str:
    """The text of a file that `prescribed` reads. data: as of `Prescribed`."""
    usual = Trial(Dataset("file"))
    about = {}
    for field in fields(Trial):
        value = getattr(trial, field.name)
        if field.name in _UNUSED:
            continue
        if field.name in _ALWAYS or value != getattr(usual, field.name):
            about[field.name] = value
    about["transforms"] = trial.data.transforms
    about |= {"options": trial.data.options} if trial.data.options else {}
    about |= {"weighting": trial.data.weighting} if trial.data.weighting else {}
    plan = {k: v for k, v in asdict(trial.memory).items() if v != _PLAN[k]}
    about |= {"memory": plan} if plan else {}
    lines = [_HEAD, f"schema = {SCHEMA}", "", "[data]"]
    lines += [f"{k} = {_written(v)}" for k, v in data.items() if v is not None]
    lines += ["", "[trial]"]
    lines += [f"{k} = {_written(v)}" for k, v in about.items() if v is not None]
    return "\n".join(lines) + "\n"


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, LayerSpec):
        return _written({k: v for k, v in asdict(value).items() if v})
    if isinstance(value, dict):
        inside = ", ".join(
            f"{_written(str(k))} = {_written(v)}" for k, v in value.items()
        )
        return f"{{ {inside} }}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_written(each) for each in value)}]"
    return repr(value)


def prescribed(path: Path) -> Prescribed:
    """Read a file of `prescription_toml`. Raises BadData in one sentence."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise BadData(
            f"There is no file {path}; gradclinic diagnose writes one."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadData(f"{path} is not TOML: {error}.") from error
    data, about = found.get("data"), found.get("trial")
    if not isinstance(data, dict) or not isinstance(about, dict):
        raise BadData(
            f"{path} has no tables [data] and [trial]: it is no prescription of"
            " gradclinic diagnose."
        )
    if found.get("schema") != SCHEMA:
        raise BadData(f"{path} has no schema = {SCHEMA}: write it again by diagnose.")
    for name in ("file", "target"):
        if not isinstance(data.get(name), str):
            raise BadData(f"{path}: [data] needs {name}, a text.")
    return Prescribed(data, _trial(path, about))


def _trial(path: Path, about: dict[str, Any]) -> Trial:
    known = {field.name for field in fields(Trial)} - {*_UNUSED}
    if unknown := set(about) - known - {*_OF_DATA, "memory"}:
        names = ", ".join(sorted(known))
        raise BadData(f"{path}: [trial] has no {unknown.pop()}; there are {names}.")
    about = {name: _frozen(value) for name, value in about.items()}
    rows = {name: about.pop(name, ()) for name in _OF_DATA}
    try:
        if "memory" in about:
            about["memory"] = MemoryPlan(**about["memory"])
        if "layers" in about:
            about["layers"] = tuple(_layer(each) for each in about["layers"])
        return Trial(Dataset("file", **rows), **about)
    except (ValueError, TypeError, KeyError) as error:
        raise BadData(f"{path}: [trial]: {' '.join(str(error).split())}.") from error


def _frozen(value):
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def _layer(spec):
    inside = tuple(_layer(each) for each in spec.get("inside", ()))
    options = tuple((name, _frozen(v)) for name, v in spec.get("options", ()))
    return LayerSpec(spec["name"], options, inside)
