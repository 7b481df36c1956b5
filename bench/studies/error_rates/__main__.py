"""`python -m gradclinic.bench.studies.error_rates [--json FILE]`: simulate all again.

Prints how often a fix that does nothing is said to help, and how often intervals hold
the truth. FILE holds every loss; what it holds already is not trained again. Without
--studies the figures that pages tell are written too.
"""

import argparse
import json
from pathlib import Path

from ...statistics.intervals import wilson_interval
from . import FIGURES
from .record import STUDIES, as_text, made


def told(figures: dict) -> list[str]:
    """The figures in sentences."""
    alarms = [figures[name] for name in ("helped", "studies")]
    _, low, high = wilson_interval(*alarms)
    lines = [
        f"{figures['helped']} of {figures['studies']} studies in which no fix does"
        f" anything find one that helps ({100 * low:.1f} to {100 * high:.1f} %);"
        f" judged on the seeds that chose the doses, {figures['unfair']} would."
    ]
    for kind, counts in figures["coverage"].items():
        middle, low, high = (100 * end for end in wilson_interval(*counts))
        lines.append(
            f"{kind}: {counts[0]} of {counts[1]} intervals of 95 % hold the truth,"
            f" {middle:.1f} % ({low:.1f} to {high:.1f})."
        )
    return [*lines, f"{figures['trainings']:,} trainings stand behind the first."]


def main(arguments: list[str] | None = None) -> int:
    """Simulate, print, and write what is asked for; return 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--studies", type=int, default=STUDIES, help="of each kind")
    parser.add_argument("--jobs", type=int, default=-1, help="processes; one a core")
    parser.add_argument("--json", type=Path, metavar="FILE")
    asked = parser.parse_args(arguments)
    from ....reports.files import write_text
    from ...progress import working

    file, known = asked.json, None
    if file and file.exists():
        known = json.loads(file.read_text(encoding="utf-8"))

    def keep(content):
        if file:
            write_text(file, as_text(content))

    with working() as progress:
        content = made(asked.studies, asked.jobs, progress, known, keep)
    keep(content)
    print("\n".join(told(content["figures"])))
    if asked.studies == STUDIES:
        text = json.dumps(content["figures"], indent=1) + "\n"
        FIGURES.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
