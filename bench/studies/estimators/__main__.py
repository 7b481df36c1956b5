"""`python -m gradclinic.bench.studies.estimators`: score and time beside scikit-learn.

One thread each. Prints a table; with --json FILE its numbers too.
"""

import argparse
import json
import os
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    """Compare on the data sets that are named; return 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--data", nargs="*", help="names of data sets; all by default")
    parser.add_argument("--dtype", nargs="*", default=["float64", "float32"])
    parser.add_argument("--json", type=Path, metavar="FILE")
    asked = parser.parse_args(arguments)
    os.environ["NUMBA_NUM_THREADS"] = "1"  # before numba is imported, which reads it
    from threadpoolctl import threadpool_limits

    from ...measurement.machine import machine_facts
    from ...progress import working
    from . import beside

    with threadpool_limits(1), working() as progress:
        results = [
            beside.compared(data, asked.seeds, beside.SETTINGS, dtype, progress)
            for dtype in asked.dtype
            for data in asked.data or beside.DATA
        ]
    print("\n".join(beside.table(results)))
    if asked.json:
        content = {"machine": machine_facts(), "results": results}
        text = json.dumps(content, indent=1, allow_nan=False)
        asked.json.write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
