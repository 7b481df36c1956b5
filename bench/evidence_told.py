"""The numbers behind one verdict, as a terminal shows them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from .errors import unknown


def check_explained(name: str, curves: bool) -> None:
    """Raise UsageError where nothing of this name is judged, of curves or of a table.

    It is asked before anything runs.
    """
    from .statistics.logged import RULES
    from .studies.diagnose.symptoms import JUDGED

    known = RULES if curves else JUDGED
    if name not in known:
        raise unknown("trouble", name, known)


def verdicts_in(path: Path) -> dict[str, list[dict[str, Any]]]:
    """{trouble: components} of the stored content of a diagnosis."""
    content = json.loads(path.read_text(encoding="utf-8"))
    if content["kind"] == "curves":
        return {t["trouble"]: t["signs"] for t in content["troubles"]}
    return {s["detector"]: s["components"] for s in content["network"]["signs"]}


def evidence_lines(
    name: str, verdicts: Mapping[str, Sequence[Mapping[str, Any]]]
) -> Iterator[str]:
    """Yield a line a sign of the verdict on a trouble.

    verdicts: {trouble: components of its `Detection`, as dicts}.
    """
    signs = verdicts.get(name, [])
    yield f"Behind the verdict on {name.replace('_', ' ')}:"
    if not signs:
        yield "  nothing that it reads was measured."
    width = max((len(sign["name"]) for sign in signs), default=0)
    for sign in signs:
        yield f"  {sign['name']:{width}}  {_number(sign)}, {_limit(sign)}"


def _number(sign):
    unit = f" {sign['unit']}" if sign["unit"] else ""
    if sign["value"] is None:
        return "not a finite number"
    said = f"{sign['value']:.4g}{unit}"
    if sign["low"] is None or sign["high"] is None:
        return f"{said} (no interval)"
    return f"{said} (95 %: {sign['low']:.4g} to {sign['high']:.4g})"


def _limit(sign):
    said = f"alarm where it is surely {sign['comparison']} {sign['threshold']:g}"
    if sign["fires"]:
        return f"{said}: it is"
    return f"{said}: {'it is not' if sign['refuted'] else 'that is open'}"
