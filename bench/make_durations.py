"""Measure how long commands take, for `durations.toml`; what is not named stays.

`python -m gradclinic.bench.make_durations [run.quick run.full optimizers.quick ...]`
runs each command in a new folder, scenarios one by one and then all together.
"""

import resource
import subprocess
import sys
import tempfile
from datetime import date
from typing import Any

from .durations import FILE, WHOLE, measured

NAMES = tuple(
    f"{command}.{preset}"
    for command in ("run", "optimizers", "history", "published")
    for preset in ("quick", "full")
)


def seconds_of(command: str, name: str, preset: str) -> float:
    """Processor seconds of a command in a new folder. Raises CalledProcessError."""
    words = [command, *([name] if name != WHOLE else [])]
    words += ["--quick"] if preset == "quick" else []
    with tempfile.TemporaryDirectory() as out:
        line = [sys.executable, "-m", "gradclinic.bench", *words, "--out", out]
        began = spent()
        subprocess.run(line, check=True, stdout=subprocess.DEVNULL)
        return spent() - began


def spent() -> float:
    """Processor seconds of all processes that were started here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def host() -> str:
    """This machine in a few words."""
    from .measurement.machine import machine_facts

    facts = machine_facts()
    return f"{facts['cores']} cores ({facts['cpu']})"


def as_toml(content: dict[str, Any]) -> str:
    """The figures as a TOML file."""
    lines = [
        "# Processor seconds of whole commands in a new folder, kernels compiled; made",
        "# by python -m gradclinic.bench.make_durations.",
        f'host = "{content["host"]}"',
        f'date = "{content["date"]}"',
        *([f"sentinel = {content['sentinel']:.4g}"] if "sentinel" in content else []),
    ]
    tables = {k: v for k, v in content.items() if isinstance(v, dict)}
    for command, presets in sorted(tables.items()):
        for preset, figures in sorted(presets.items()):
            lines += ["", f"[{command}.{preset}]"]
            lines += [f"{name} = {s:.1f}" for name, s in sorted(figures.items())]
    return "\n".join(lines) + "\n"


def main(asked: list[str]) -> None:
    """Measure what is asked, all by default; write the file after each run."""
    from ..scenarios import SCENARIOS
    from .measurement.noise import sentinel_seconds

    content: dict[str, Any] = measured() | {
        "host": host(),
        "date": f"{date.today():%B %Y}",
        "sentinel": sentinel_seconds(),
    }
    for each in asked or NAMES:
        command, _, preset = each.partition(".")
        figures = content.setdefault(command, {}).setdefault(preset, {})
        for name in (*(SCENARIOS if command == "run" else ()), WHOLE):
            figures[name] = seconds_of(command, name, preset)
            FILE.write_text(as_toml(content), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
