"""A measurement of a GPU that was stored as JSON: read, and checked before it is used.

Files come from other machines and may be cut off, edited or of another version.
"""

import json
from pathlib import Path
from typing import Any

from ...errors import BadData, from_system
from ...schemas import faults, schema

_AGAIN = "measure again by bench/gpu.sh"


def load(path: Path) -> dict[str, Any]:
    """The measurement in a file. Raises BadData, or ResourceUnavailable."""
    try:
        # NaN and Infinity, which JSON has not, become text: no number.
        content = json.loads(path.read_text(encoding="utf-8"), parse_constant=str)
    except OSError as error:
        raise from_system(error) from error
    except (ValueError, RecursionError) as error:
        raise BadData(f"{path} is not whole JSON ({error}): {_AGAIN}.") from error
    known = schema("gpu")["properties"]["schema"]["const"]
    if not isinstance(content, dict) or content.get("schema") != known:
        raise BadData(f"{path} {_not_ours(content, known)}")
    for fault in faults(content, "gpu"):
        raise BadData(f"{path} cannot be used: {fault}; {_AGAIN}.")
    return content


def _not_ours(content: Any, known: str) -> str:
    given = content.get("schema") if isinstance(content, dict) else None
    if isinstance(given, str) and given.startswith("gradclinic gpu "):
        return f"has schema '{given}', and only '{known}' can be read: {_AGAIN}."
    return f"is not a measurement of a GPU, as bench/gpu.sh writes it: {_AGAIN}."
