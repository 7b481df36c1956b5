"""How long a command is expected to take, from what it took where it was measured.

`durations.toml` holds the processor seconds of whole commands in a new folder, with
kernels compiled, for other programs change these less than the time on the clock;
`python -m gradclinic.bench.make_durations` measures and writes it.
"""

import os
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("durations.toml")
PRESETS = {True: "quick", False: "full"}
WHOLE = "whole"  # the name of a command that is not divided


def expected(
    command: str, quick: bool, names: Iterable[str] = (WHOLE,), cores: int | None = None
) -> list[str]:
    """One sentence, or none where any of `names` has not been measured.

    names: what the command is to run, whose seconds add up. cores: that share the work,
    all by default.
    """
    content = measured()
    taken = content.get(command, {}).get(PRESETS[quick], {})
    seconds = [taken.get(name) for name in names]
    if not seconds or None in seconds:
        return []
    cores = cores or os.cpu_count() or 1
    each = f"{cores} cores" if cores > 1 else "one core"
    return [
        f"This takes about {in_words(sum(seconds) / cores)} on {each}:"
        f" {in_words(sum(seconds))} of processor time, as measured on"
        f" {content['host']}, {content['date']}; less where runs are stored."
    ]


def measured() -> dict[str, Any]:
    """The stored figures; empty where there are none."""
    return tomllib.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}


def in_words(seconds: float) -> str:
    """Coarsely, for machines differ: 20 s, 90 s, 4 min, 1.5 h."""
    if seconds < 100:
        return f"{max(10, round(seconds, -1)):.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
