"""Measure how long commands take, for `durations.toml`; what is not named stays.

`python -m gradclinic.bench.make_durations [run.quick run.full optimizers.quick ...]`
runs each command in a new folder, scenarios one by one, on an otherwise idle machine.
"""

import subprocess
import sys
import tempfile
import time
from datetime import date
from typing import Any

from .durations import FILE, WHOLE, measured

NAMES = ("run.quick", "run.full", "optimizers.quick", "optimizers.full")


def seconds_of(command: str, name: str, preset: str) -> float:
    """Wall seconds of one command in a new folder. Raises CalledProcessError."""
    words = [command, *([name] if name != WHOLE else [])]
    words += ["--quick"] if preset == "quick" else []
    with tempfile.TemporaryDirectory() as out:
        line = [sys.executable, "-m", "gradclinic.bench", *words, "--out", out]
        began = time.perf_counter()
        subprocess.run(line, check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - began


def host() -> str:
    """This machine in a few words, and how much else it did."""
    from .measurement.machine import machine_facts
    from .measurement.noise import HostWatch

    with HostWatch() as watch:
        facts = machine_facts()
    busy = ", busy with other work" if watch.noise.noisy else ""
    return f"{facts['cores']} cores ({facts['cpu']}{busy})"


def as_toml(content: dict[str, Any]) -> str:
    """The figures as a TOML file."""
    lines = [
        "# Wall seconds of whole commands in a new folder, with kernels compiled; made",
        "# by python -m gradclinic.bench.make_durations on an idle machine.",
        f'host = "{content["host"]}"',
        f'date = "{content["date"]}"',
    ]
    tables = {k: v for k, v in content.items() if isinstance(v, dict)}
    for command, presets in sorted(tables.items()):
        for preset, figures in sorted(presets.items()):
            lines += ["", f"[{command}.{preset}]"]
            lines += [f"{name} = {s:.1f}" for name, s in sorted(figures.items())]
    return "\n".join(lines) + "\n"


def main(asked: list[str]) -> None:
    """Measure what is asked, all by default, and write the file after each."""
    from ..scenarios import SCENARIOS

    content: dict[str, Any] = measured() | {
        "host": host(),
        "date": f"{date.today():%B %Y}",
    }
    for each in asked or NAMES:
        command, _, preset = each.partition(".")
        names = list(SCENARIOS) if command == "run" else [WHOLE]
        figures = {name: seconds_of(command, name, preset) for name in names}
        content.setdefault(command, {})[preset] = figures
        FILE.write_text(as_toml(content), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
