"""The contents that gradclinic writes: a file here is the JSON Schema of one.

JSON Schema 2020-12, as other programs read it too. `gpu` is checked where a file is
read; tests check that the commands write what the others say.
"""

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

_KINDS = {
    "object": "an object",
    "array": "a list",
    "string": "text",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
}


@cache
def schema(name: str) -> dict[str, Any]:
    """The schema of a content: `scenario`, `optimizers`, `profile`, `gpu`, ..."""
    file = files(__name__).joinpath(f"{name}.json")
    return json.loads(file.read_text(encoding="utf-8"))


def faults(content: Any, name: str) -> Iterator[str]:
    """What is wrong with a content, a phrase each that begins with the place."""
    from jsonschema import Draft202012Validator

    for error in Draft202012Validator(schema(name)).iter_errors(content):
        while error.context:  # of several forms, the one that fits furthest
            error = max(error.context, key=lambda each: len(each.absolute_path))
        yield _said(error)


def _said(error: Any) -> str:
    steps = [f"[{s}]" if isinstance(s, int) else f".{s}" for s in error.absolute_path]
    place, wanted = "".join(steps).lstrip("."), error.validator_value
    if error.validator == "required":
        missing = error.message.split("'")[1]
        return f"{place}.{missing} is missing".lstrip(".")
    if error.validator == "type":
        kinds = [wanted] if isinstance(wanted, str) else wanted
        return f"{place or 'it'} is not {_KINDS[kinds[0]]}"
    if error.validator == "additionalProperties":
        strange = next(k for k in error.instance if k not in error.schema["properties"])
        return f"{place}.{strange} has no place there".lstrip(".")
    return f"{place} is {error.instance!r:.60}, which cannot be"
