"""How noisy the host was while a run was timed: kept among the values of the run."""

from dataclasses import asdict, fields, replace

from ..measurement.noise import Signs
from .record import Run

_PREFIX = "host_"
_NAMES = tuple(column.name for column in fields(Signs))


def with_signs(run: Run, signs: Signs) -> Run:
    """The run, which from now on tells how noisy the host was."""
    told = {_PREFIX + name: value for name, value in asdict(signs).items()}
    return replace(run, values=run.values | told)


def signs_of(run: Run) -> Signs | None:
    """What `with_signs` kept; None where nobody watched the host."""
    steal, others, cores, drift = (run.values.get(_PREFIX + name) for name in _NAMES)
    if cores is None or drift is None:
        return None
    return Signs(steal, others, int(cores), drift)


def was_quiet(run: Run) -> bool:
    """Is it known that the host was quiet while this was timed?"""
    signs = signs_of(run)
    return signs is not None and not signs.noise().noisy
