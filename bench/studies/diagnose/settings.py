"""What a diagnosis is asked for."""

from dataclasses import dataclass

from ...errors import UsageError
from .checks import CHECKS
from .rate import LARGE, SMALL
from .reading.task import TASKS
from .symptoms import SIGNS

# Seeds of a master seed, and where those of the tuning folds begin among them.
STRIDE, TUNING_AT = 1000, 500
CODES = (*CHECKS, *sorted([LARGE, SMALL, *(sign.code for sign in SIGNS.values())]))


@dataclass(frozen=True)
class DiagnoseSettings:
    """target, group, time: columns. budget: s; memory: bytes; sample: rows at most.

    network: widths of the hidden layers; lr, optimizer, epochs: of the network, None
    for those of `default_trial`. splits: judging folds, None for 10, or 6 where a
    training is long. mute: codes of checks and signs that are not asked. threads: runs
    at a time.
    """

    target: str | None = None
    task: str | None = None
    metric: str | None = None
    group: str | None = None
    time: str | None = None
    budget: float | None = None
    network: tuple[int, ...] | None = None
    lr: float | None = None
    optimizer: str | None = None
    epochs: int | None = None
    memory: int | None = None
    sample: int | None = None
    seed: int = 0
    splits: int | None = None
    mute: tuple[str, ...] = ()
    threads: int = 1

    def __post_init__(self) -> None:
        for code in self.mute:
            if code not in CODES:
                raise UsageError(
                    f"--mute {code}: there is no such check; there are"
                    f" {', '.join(CODES)}."
                )
        if self.task not in (None, *TASKS):
            raise UsageError(f"--task {self.task}: it is one of {', '.join(TASKS)}.")

    @property
    def first_seed(self) -> int:
        return self.seed * STRIDE
