"""Files that are whole or absent: written beside their place, then moved into it."""

import json
import math
import os
import re
from pathlib import Path
from typing import Any


def write_text(path: Path, text: str) -> Path:
    """Write UTF-8 text and return its path. Raises OSError."""
    return write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes) -> Path:
    """Write bytes and return their path. Raises OSError."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        beside.write_bytes(content)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return path


def as_json(result: dict) -> str:
    """Return a finite result as JSON text."""
    return json.dumps(result, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def finite(value: Any) -> Any:
    """The same data in plain Python types, with None for NaN and the infinities.

    NumPy scalars and arrays become numbers and lists; tuples become lists.
    """
    if isinstance(value, dict):
        return {str(key): finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    if hasattr(value, "tolist"):
        return finite(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def file_name(scenario: str) -> str:
    """Return a scenario's name as it is safe in the name of a file or an id."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", scenario).lstrip(".") or "scenario"
