"""The results that a folder holds, whichever command wrote them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ....reports.earlier import modern
from ...errors import BadData
from ...outcome import with_parts
from ...stored_content import SCHEMA, stored_content

_SCENARIO = {"scenario", "metric", "delta", "trial", "data", "symptom", "fixes", "best"}
_MADE = {"seed", "preset", "version", "machine", "command"}
_DIAGNOSIS = {"table", "verdicts", "metric", "delta", "network", "fixes", "settings"}
_TABLE = {"name", "target", "task", "rows", "inputs", "split_by"}
_PLACES = {"comparisons", "optimizers", "problems", "settings", "targets"}
# What a fix must tell; older ones of no other key are filled in by `modern`.
_FIX = {"name", "label", "role", "n", "verdict", "low", "high", "level"}


@dataclass(frozen=True)
class ComparedFolder:
    """A folder's contents. name: as it was typed.

    questions: {key: content} of scenarios, their parts and diagnoses; studies: {key:
    content} of optimizers.
    """

    name: str
    questions: dict[str, dict[str, Any]] = field(default_factory=dict)
    studies: dict[str, dict[str, Any]] = field(default_factory=dict)


_OTHER_FORM = (LookupError, TypeError, AttributeError, ValueError, ArithmeticError)


@contextmanager
def whole(said: str) -> Iterator[None]:
    """Turn what a part of another form leads to into BadData, which begins as said."""
    try:
        yield
    except BadData:
        raise
    except _OTHER_FORM as error:
        raise BadData(
            f"{said}: a part is missing or of another form ({error}); make it again."
        ) from error


def read_folder(path: Path) -> ComparedFolder:
    """Read every JSON file in a folder. Raises BadData in one sentence.

    Files of other commands are passed over.
    """
    if path.is_file():
        raise BadData(
            f"{path} is a file; give the folder that gradclinic run wrote it into."
        )
    if not path.is_dir():
        raise BadData(f"There is no folder {path}.")
    found = ComparedFolder(str(path))
    for file in sorted(path.glob("*.json")):
        content = stored_content(file, "make it again")
        if content.get("schema") == SCHEMA:
            with whole(f"{file} is damaged"):
                _take(found, file, content)
    if not found.questions and not found.studies:
        raise BadData(
            f"{path} holds no results of gradclinic run, optimizers or diagnose: one of"
            " them, given --out, makes some."
        )
    return found


def _take(found: ComparedFolder, file: Path, content: dict) -> None:
    """Put a content where it belongs."""
    kind = content.get("kind")
    if "scenario" in content and kind is None:
        _check(file, content, _SCENARIO | _MADE)
        for part in with_parts([content]):
            _check(file, part, _SCENARIO)
            common = {key: content[key] for key in _MADE}
            question = common | modern(part) | {"kind": "scenario"}
            _check_fixes(file, question)
            found.questions[f"scenario {part['scenario']}"] = question
    elif kind == "diagnose":
        _check(file, content, _DIAGNOSIS)
        _check(file, content["table"], _TABLE)
        _check_fixes(file, content)
        found.questions[f"diagnosis {_table_name(content)}"] = content
    elif kind == "optimizers":
        _check(file, content, _PLACES)
        found.studies["optimizers"] = content


def _table_name(content):
    """Two diagnoses ask the same where table and target are called the same."""
    return f"{Path(content['table']['name']).name}, {content['table']['target']}"


def _check(file, content, keys):
    missing = sorted(keys - set(content if isinstance(content, dict) else ()))
    if missing:
        raise BadData(
            f"{file} is damaged: {', '.join(missing)} is missing; make it again."
        )


def _check_fixes(file, content):
    fixes = content["fixes"]
    if not isinstance(fixes, list) or not all(isinstance(f, dict) for f in fixes):
        raise BadData(f"{file} is damaged: fixes is not a list; make it again.")
    for fix in fixes:
        _check(file, fix, _FIX | {"effect"})
