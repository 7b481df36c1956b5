"""What a row of the certificate declares: our optimizer beside another library's."""

from collections.abc import Callable
from dataclasses import dataclass, field

PROBLEMS = ("quadratic", "network")


@dataclass(frozen=True)
class Reference:
    """Our optimizer, with options, and the same in another library.

    optimizer: our name; label: what is special about the options; source: the other's
    full name, such as `torch.optim.Adam`; options: ours by name, {} for the defaults.
    steps: `steps(problem)` yields, without end, the other's parameters float64[n] after
    each step. tolerance: largest difference in parts of the largest parameter; looser
    than 1e-9 needs a reason. averaged: the parameters compared are those to predict
    with (`Optimizer.average`). problems: on which they are. ours: yields ours likewise,
    `ours(problem, options)`, for what is no rule of `OPTIMIZERS`.
    """

    optimizer: str
    label: str
    source: str
    options: dict
    steps: Callable
    tolerance: float = 1e-9
    reason: str = ""
    averaged: bool = False
    problems: tuple = PROBLEMS
    ours: Callable | None = field(default=None)

    def key(self, problem):
        """Name of its stored array."""
        return f"{self.optimizer}/{self.label}/{problem}"
