"""How often the suite's own judging errs, in studies whose truth is known.

Tiny networks are trained by the hundred thousand, and judged as every scenario is.
"""

import json
from pathlib import Path
from typing import Any

FIGURES = Path(__file__).with_name("figures.json")
COMMAND = "python -m gradclinic.bench.studies.error_rates"


def stored_figures() -> dict[str, Any] | None:
    """What the simulations came to, as pages tell it; None where none were stored."""
    if not FIGURES.exists():
        return None
    return json.loads(FIGURES.read_text(encoding="utf-8")) | {"command": COMMAND}
