"""What a command stored as JSON, read again: damaged or newer files in a sentence."""

import json
from pathlib import Path

from .errors import BadData

SCHEMA = 1  # of a scenario, a profile, a study, a diagnosis
_OTHERS = {"history": 2}


def newest_schema(kind: str | None) -> int:
    """The schema that this version writes of a content of a kind."""
    return _OTHERS.get(kind or "", SCHEMA)


def stored_content(path: Path, again: str) -> dict:
    """The object in a file, empty where it holds something else; again: what to do.

    Raises BadData where it is no JSON, or a newer version wrote it.
    """
    try:
        found = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise BadData(
            f"{path} is not JSON ({error}); remove it, or {again}."
        ) from error
    if not isinstance(found, dict):
        return {}
    schema, kind = found.get("schema"), found.get("kind")
    known = newest_schema(kind if isinstance(kind, str) else None)
    if isinstance(schema, int) and schema > known:
        raise BadData(
            f"{path} was written by a newer gradclinic (schema {schema}, this one knows"
            f" {known}): upgrade gradclinic."
        )
    return found
