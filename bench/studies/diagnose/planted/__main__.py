"""`python -m gradclinic.bench.studies.diagnose.planted`: is what was planted found?

Each table is diagnosed at master seeds 0 to 4; its trouble must be named first, on the
clean ones none. Exits with 1 where at some seed fewer than 11 of 12 are, or a clean
table has a trouble.
"""

import sys
import time

import click

from .tables import CLEAN, PLANTED, TABLES, named

LEAST = 11


@click.command(help=__doc__)
@click.option("--seeds", default=5, show_default=True, help="Master seeds, from 0.")
@click.option("--table", "tables", multiple=True, help="Only tables of such a name.")
@click.option("--threads", default=1, show_default=True, help="Runs at a time.")
def main(seeds: int, tables: tuple[str, ...], threads: int) -> None:
    """Diagnose all tables and print a line each."""
    chosen = [t for t in TABLES if not tables or any(n in t.name for n in tables)]
    failures = 0
    for seed in range(seeds):
        right = {table.name: _told(table, seed, threads) for table in chosen}
        planted = sum(right[t.name] for t in chosen if t in PLANTED)
        clean = sum(right[t.name] for t in chosen if t in CLEAN)
        click.echo(
            f"seed {seed}: planted trouble first in {planted} of"
            f" {sum(t in PLANTED for t in chosen)}, none named in {clean} of"
            f" {sum(t in CLEAN for t in chosen)} clean tables"
        )
        missed = sum(t in PLANTED for t in chosen) - planted
        failures += missed > len(PLANTED) - LEAST
        failures += clean < sum(t in CLEAN for t in chosen)
    sys.exit(failures > 0)


def _told(table, seed, threads) -> bool:
    """Is the table's trouble first, or none named where there is none?"""
    began = time.perf_counter()
    found = named(table, seed, threads)
    right = bool(found) and found[0] in table.names if table.names else not found
    mark = "ok  " if right else "MISS"
    took = time.perf_counter() - began
    click.echo(
        f"{mark} seed {seed}  {table.name:28} {', '.join(found)}  ({took:.0f} s)"
    )
    return right


if __name__ == "__main__":
    main()
