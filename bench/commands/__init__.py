"""The command line: one file here is one command, and every error is one sentence.

Any module but `options`, which holds what they share, defines `command`, a click
command that parses and calls one plain function; it imports what is heavy inside, so
that `gradclinic --help` answers at once. A command returns its exit code, None for 0.
"""

import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from io import TextIOWrapper
from pkgutil import iter_modules
from typing import Any

import click

from ..errors import (
    CLOSED_PIPE,
    FAULT,
    INTERRUPTED,
    GradclinicError,
    ResourceUnavailable,
    from_system,
    unknown,
)

DEBUG = "GRADCLINIC_DEBUG"
HELP = ["-h", "--help"]  # of every command
_PACKAGE = __name__.partition(".")[0]


class ClosedPipe(Exception):
    """Whoever read the output has gone."""


@contextmanager
def _telling_of_closed_pipes() -> Iterator[None]:
    """Raise ClosedPipe for what click and rich end with 1, which means otherwise."""
    try:
        yield
    except BrokenPipeError as error:
        raise ClosedPipe from error
    except SystemExit as error:
        if isinstance(error.__context__, BrokenPipeError):
            raise ClosedPipe from error
        raise


class CommandFiles(click.Group):
    """The commands are the modules of this folder, imported when asked for."""

    def make_context(self, *arguments, **options) -> click.Context:
        with _telling_of_closed_pipes():
            return super().make_context(*arguments, **options)

    def invoke(self, ctx: click.Context) -> Any:
        with _telling_of_closed_pipes():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        names = {module.name for module in iter_modules(__path__)}
        return sorted(names - {"options"})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name.startswith("-"):
            return None
        if cmd_name not in self.list_commands(ctx):
            if ctx.resilient_parsing:  # a shell completes: nobody is told anything
                return None
            raise unknown("command", cmd_name, self.list_commands(ctx))
        return import_module(f".{cmd_name}", __name__).command


@click.group(cls=CommandFiles, context_settings={"help_option_names": HELP})
@click.version_option(package_name="gradclinic", message="%(prog)s %(version)s")
def cli() -> None:
    """Break the training of neural networks on purpose, and measure what mends it.

    Exit codes: 0 all is well, 1 a --fail-on condition is met, 2 wrong usage, 3 some
    runs failed, 4 data that cannot be used, 5 a device, file or memory that cannot be
    had, 70 a fault of gradclinic itself, 130 interrupted, 141 a closed pipe. With
    GRADCLINIC_DEBUG=1 an error shows its traceback.
    """


def main(arguments: list[str] | None = None) -> int:
    """Run one command line (default: the process's own); return its exit code."""
    _prepare_streams()
    try:
        code = cli.main(arguments, prog_name="gradclinic", standalone_mode=False)
        sys.stdout.flush()
        return code or 0
    except (ClosedPipe, BrokenPipeError):
        _drop_unwritten_output()
        return CLOSED_PIPE
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        _say("Interrupted; runs stored so far stay, and are not run again.")
        return INTERRUPTED
    except Exception as error:
        if os.environ.get(DEBUG):
            traceback.print_exc()
        sentence, code = explained(error)
        _say(sentence)
        return code


def explained(error: Exception) -> tuple[str, int]:
    """Return the sentence a user reads for `error`, and the exit code."""
    if isinstance(error, click.UsageError):
        path = error.ctx.command_path if error.ctx else "gradclinic"
        return f"{error.format_message()} (See {path} --help.)", error.exit_code
    if isinstance(error, click.ClickException):
        return error.format_message(), error.exit_code
    if isinstance(error, (OSError, MemoryError)):
        error = from_system(error)
    if isinstance(error, GradclinicError):
        return str(error), error.exit_code
    if isinstance(error, ImportError) and not (error.name or "").startswith(_PACKAGE):
        return f"Cannot be loaded here: {error}.", ResourceUnavailable.exit_code
    if known := _bad_data(error) or _no_device(error):
        return known
    first_line = str(error).partition("\n")[0]
    return (
        f"A fault of gradclinic itself: {type(error).__name__}: {first_line} "
        f"({DEBUG}=1 shows the traceback.)",
        FAULT,
    )


def _bad_data(error: Exception) -> tuple[str, int] | None:
    """Return sentence and exit code of a data set's own error, which is no fault."""
    if not isinstance(error, ValueError):
        return None
    from ...scenarios.data import DataError
    from ..errors import BadData

    if not isinstance(error, DataError):
        return None
    return f"The data cannot be used: {error}.", BadData.exit_code


def _no_device(error: Exception) -> tuple[str, int] | None:
    """Return sentence and exit code of a GPU's error, which is no fault either."""
    if not isinstance(error, RuntimeError):
        return None
    from ...kernels.device import DeviceError
    from ..errors import ResourceUnavailable

    if not isinstance(error, DeviceError):
        return None
    return str(error), ResourceUnavailable.exit_code


def _prepare_streams() -> None:
    """A character that a stream has no code for is a question mark, not an error.

    A stream that was closed before we began takes everything and keeps nothing.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))
        elif isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def _say(sentence: str) -> None:
    """Print the sentence a command ends with, where anybody reads it."""
    with suppress(OSError):
        click.echo(sentence, err=True)
    _drop_unwritten_output()


def _drop_unwritten_output() -> None:
    """Keep Python from failing again, at exit, on output that was not taken."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
