"""Errors a user may cause or meet: one sentence and one exit code each."""

import errno
from collections.abc import Iterable
from difflib import get_close_matches

OK, FAIL_ON_HIT, FAULT, INTERRUPTED = 0, 1, 70, 130
CLOSED_PIPE = 141  # as a shell reports SIGPIPE

_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EACCES: "permission is denied",
    errno.EPERM: "permission is denied",
    errno.EROFS: "the file system is read-only",
    errno.EEXIST: "a file of that name is in the way",
    errno.ENOTDIR: "a part of the path is a file, not a folder",
}


class GradclinicError(Exception):
    """One sentence for the user; `exit_code` is what the command then ends with."""

    exit_code = FAULT


class UsageError(GradclinicError):
    """A name or an option that cannot be."""

    exit_code = 2


class RunsFailed(GradclinicError):
    """Everything was written, but some runs ended in an error."""

    exit_code = 3


class BadData(GradclinicError, ValueError):
    """A file whose content cannot be used."""

    exit_code = 4


class ResourceUnavailable(GradclinicError):
    """A device, a file or memory that this machine does not give."""

    exit_code = 5


def unknown(kind: str, name: str, known: Iterable[str]) -> UsageError:
    """Name what there is, the nearest first: `kind` is `scenario`, `command`, ..."""
    known = sorted(known)
    nearest = did_you_mean(name, known)
    return UsageError(
        f"There is no {kind} '{name}'{nearest}; there are {', '.join(known)}."
    )


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return ` (did you mean run?)`, empty where nothing known is near."""
    close = get_close_matches(name, sorted(known), n=1)
    return f" (did you mean {close[0]}?)" if close else ""


def from_system(error: OSError | MemoryError) -> ResourceUnavailable:
    """Say in one sentence what the operating system refused."""
    if isinstance(error, MemoryError):
        return ResourceUnavailable(f"Out of memory: {error or 'an allocation failed'}.")
    if error.errno is None:
        return ResourceUnavailable(f"The system refused: {error}.")
    reason = _REASONS.get(error.errno, str(error.strerror).lower())
    if not error.filename:
        return ResourceUnavailable(f"The system refused to go on: {reason}.")
    return ResourceUnavailable(f"Cannot use {error.filename}: {reason}.")
