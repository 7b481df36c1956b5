"""From what a user asked for to what the study runs."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ....kernels import OPTIMIZERS
from ....kernels.threads import chosen_threads
from ....scenarios.problems import PROBLEMS
from ...errors import UsageError, unknown
from ...execution.entrant import Entrant, registered
from ...typed import OUT, typed
from .own import load
from .settings import BUDGETS, QUICK_BUDGETS, QUICK_SEEDS, SEEDS, StudySettings


@dataclass(frozen=True)
class StudyOptions:
    """The options of `gradclinic optimizers`; None and () are the defaults.

    optimizers: names, and files of a user's own, which then stand beside all others
    unless names say which. budget: trials of the largest search.
    """

    optimizers: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    budget: int | None = None
    seeds: int | None = None
    seed: int = 0
    quick: bool = False
    threads: int | None = None
    out: Path = OUT
    force: bool = False

    def settings(self) -> StudySettings:
        """What to run. Raises GradclinicError on a name or a file that cannot be."""
        budgets = QUICK_BUDGETS if self.quick else BUDGETS
        most = self.budget or budgets[-1]
        smaller = tuple(budget for budget in budgets if budget < most)
        few: dict[str, Any] = (
            {"confirm": (3, 3), "decide": (3, 7)} if self.quick else {}
        )
        return StudySettings(
            entrants=self._entrants(),
            problems=tuple(PROBLEMS[name] for name in self._problems()),
            budgets=(*smaller, most),
            seeds=self.seeds or (QUICK_SEEDS if self.quick else SEEDS),
            master=self.seed,
            threads=chosen_threads(self.threads),
            quick=self.quick,
            out=self.out,
            force=self.force,
            command=self.command,
            **few,
        )

    @property
    def command(self) -> str:
        """The command that runs the same study."""
        names = ("seeds", "seed", "threads", "out")
        return typed(
            "gradclinic",
            "optimizers",
            optimizer=self.optimizers,
            problem=self.problems,
            quick=self.quick,
            trials=self.budget,
            **{name: getattr(self, name) for name in names},
        )

    def _problems(self) -> tuple[str, ...]:
        for name in self.problems:
            if name not in PROBLEMS:
                raise unknown("problem", name, PROBLEMS)
        every = (name for name, p in PROBLEMS.items() if p.quick or not self.quick)
        return tuple(dict.fromkeys(self.problems or every))

    def _entrants(self) -> tuple[Entrant, ...]:
        asked = tuple(dict.fromkeys(self.optimizers))
        files = [name for name in asked if is_file(name)]
        names = [name for name in asked if name not in files]
        for name in names:
            if name not in OPTIMIZERS:
                raise unknown("optimizer", name, OPTIMIZERS)
        own = [load(Path(name)) for name in files]
        if len({entrant.name for entrant in own}) < len(own):
            raise UsageError("Two files declare an optimizer of the same name.")
        return (*(registered(name) for name in names or OPTIMIZERS), *own)


def is_file(name: str) -> bool:
    """Does an --optimizer name a file rather than an optimizer?"""
    return name.endswith(".py") or "/" in name
