"""That long work lives, on stderr: a bar on a terminal, else a line now and then."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import Event, Thread

Report = Callable[[int, int, str], None]
EVERY = 5.0  # s between two lines


@contextmanager
def progress_bar(doing: str) -> Iterator[Report]:
    """Show how far the block is; the yielded call takes done, total and a text.

    doing: the text until the first call.
    """
    with (_bar if on_terminal() else _lines)(doing) as report:
        yield report


def working() -> AbstractContextManager[Report]:
    """The progress of a command; it says first where kernels are to be compiled."""
    import click

    from .execution.warm import compiling_notice

    if notice := compiling_notice():
        click.echo(notice, err=True)
    return progress_bar("Compiling kernels" if notice else "Starting")


def on_terminal() -> bool:
    """Is stderr a terminal that can draw? Asked of itself, whatever variables hint."""
    return sys.stderr.isatty() and os.environ.get("TERM") not in ("dumb", "unknown")


@contextmanager
def _bar(doing: str) -> Iterator[Report]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeElapsedColumn as Elapsed

    text = TextColumn("{task.description}", markup=False)
    columns = (text, BarColumn(), MofNCompleteColumn(), Elapsed())
    console = Console(stderr=True, force_terminal=True)
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(doing, total=None)

        def report(done: int, total: int, what: str) -> None:
            bar.update(task, completed=done, total=total, description=what)

        yield report


@contextmanager
def _lines(doing: str) -> Iterator[Report]:
    began, ended, stream = time.monotonic(), Event(), sys.stderr
    state = (0, 0, doing)

    def tell() -> None:
        try:
            while not ended.wait(EVERY):
                print(_line(*state, time.monotonic() - began), file=stream, flush=True)
        except (OSError, ValueError):
            return  # nobody reads any more

    def report(done: int, total: int, what: str) -> None:
        nonlocal state
        state = (done, total, what)

    teller = Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield report
    finally:
        ended.set()
        teller.join()


def _line(done: int, total: int, what: str, seconds: float) -> str:
    """`Compiling kernels ... 12 s`, or `Training: 37 of 80, 25 s`."""
    if not total:
        return f"{what} ... {seconds:.0f} s"
    return f"{what}: {done} of {total}, {seconds:.0f} s"
