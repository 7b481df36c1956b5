"""The content of a study with what pages look up in it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..files import file_name, finite
from ..labels import optimizer_label, problem_label
from .earlier import completed

# What came to the content later, or may be left out of it.
_OPTIONAL = {
    "rules": {},
    "parity": {"steps": None, "rows": [], "derived": {}, "unproven": []},
    "updates": {"parameters": None, "threads": None, "rows": []},
    "surfaces": {"functions": [], "paths": {}, "undrawn": {}},
    "noise": {"noisy": None, "reasons": []},
    "theory": [],
    "warnings": [],
    "failed": [],
    "seconds": None,
    "created": None,
    "version": None,
    "machine": {},
}
# What a comparison of one optimizer lacks.
_ALONE = {
    "improvement": {"better": [[False]], "needed": 0.75},
    "standings": [{"low": 1, "high": 1, "tied": []}],
    "tie_groups": [[0]],
    "sign_flip": {"holm": [[None]]},
}
# Lines of one picture at most; where an optimizer has the same look in all of them.
LINES = 8
_BASELINES, _OWN = (1, 2, 3, 4), (6, 7, 5)


@dataclass(frozen=True)
class StudyContent:
    """A whole content; optimizers are known by their names, in order of their rank."""

    content: dict[str, Any]

    @classmethod
    def of(cls, content: dict[str, Any]) -> "StudyContent":
        """The study of a content; numbers that are not finite become None."""
        known = {k: v for k, v in finite(content).items() if v is not None}
        return cls(_OPTIONAL | completed(known))

    def __getitem__(self, part: str) -> Any:
        return self.content[part]

    @cached_property
    def indices(self) -> dict[str, int]:
        """{optimizer: its number in the lists of the content}."""
        return {o["name"]: i for i, o in enumerate(self["optimizers"])}

    @cached_property
    def optimizers(self) -> dict[str, dict]:
        return {o["name"]: o for o in self["optimizers"]}

    @cached_property
    def problems(self) -> dict[str, dict]:
        return {p["name"]: p for p in self["problems"]}

    @cached_property
    def pairs(self) -> dict[tuple[str, str], dict]:
        """{(problem, optimizer): its result}."""
        return {(r["problem"], r["optimizer"]): r for r in self["results"]}

    @property
    def goal(self) -> str:
        """Which target counts first: `value`, or `easy` in a quick look."""
        return self["main"]["target"]

    @property
    def goal_words(self) -> str:
        """What the page calls that target."""
        return {"value": "the target", "easy": "the easy target"}[self.goal]

    @cached_property
    def main(self) -> dict:
        """The comparison to show first; of one optimizer alone without a pair."""
        found = self.comparison("evaluations", self.goal)
        return _ALONE | found if len(self.indices) == 1 else found

    def comparison(self, clock: str, target: str, budget: int | None = None) -> dict:
        """The comparison on a clock, of the largest budget where none is given.

        Empty where there is none: by seconds on a noisy host.
        """
        budget = self.budget if budget is None else budget
        wanted = (budget, clock, target)
        found = (
            c
            for c in self["comparisons"]
            if (c["budget"], c["clock"], c["target"]) == wanted
        )
        return next(found, {})

    @property
    def budget(self) -> int:
        """Trials of the largest search."""
        return self["settings"]["budgets"][-1]

    @cached_property
    def order(self) -> list[str]:
        """Names by rank; equal ranks by what their scores may be at best."""
        return self.ordered(self.main)

    def ordered(self, comparison: dict) -> list[str]:
        """Names by their rank in a comparison."""
        ranks, scores = comparison["ranks"], comparison["profile_score"]
        return sorted(
            self.indices,
            key=lambda name: (
                ranks[self.indices[name]]["first"],
                -(scores[self.indices[name]][2] or 0.0),
            ),
        )

    @cached_property
    def baselines(self) -> list[str]:
        """The baselines that take part."""
        return [n for n in self["targets"].get("baselines", ()) if n in self.indices]

    @cached_property
    def own(self) -> list[str]:
        """Those of a user's files, by rank."""
        return [n for n in self.order if self.optimizers[n].get("file")]

    def highlights(self, order: list[str]) -> dict[str, int]:
        """{name: look} of the lines of a picture: the first, one's own, the baselines.

        All others too where they are few. Baselines and one's own look the same in all
        pictures.
        """
        own = self.own[: len(_OWN)]
        looks = dict(zip(self.baselines, _BASELINES, strict=False))
        looks |= dict(zip(own, _OWN, strict=False))
        chosen = dict.fromkeys([order[0], *own, *self.baselines])
        if len(order) <= LINES:
            chosen |= dict.fromkeys(order)
        free = iter(sorted(set(range(LINES)) - set(looks.values())))
        return {name: looks[name] if name in looks else next(free) for name in chosen}

    def banded(self, order: list[str]) -> set[str]:
        """Those whose wide bands a picture shows: the first, and one's own."""
        return {order[0], *self.own}

    @cached_property
    def best_group(self) -> list[str]:
        """Those that may be the best, by rank: their interval of places holds 1."""
        found = self.main["best_group"]
        return [name for name in self.order if self.indices[name] in found]

    @cached_property
    def by_seconds(self) -> dict | None:
        """The comparison by seconds; None where the host was too noisy for one."""
        if self["seconds_measured"]["noisy"]:
            return None
        return self.comparison("seconds", self.goal)

    def withheld(self, problem: str, name: str) -> str | None:
        """Why a pair has no place, None where it has one."""
        return self.winner(problem, name)["withheld"]

    def withheld_of(self, name: str) -> list[str]:
        """The problems on which an optimizer has no place."""
        return [problem for problem in self.problems if self.withheld(problem, name)]

    @cached_property
    def withheld_pairs(self) -> list[tuple[str, str]]:
        """[(problem, optimizer)] without a place, optimizers by rank."""
        return [
            (p, n) for p in self.problems for n in self.order if self.withheld(p, n)
        ]

    def winner(self, problem: str, name: str) -> dict:
        """The fresh runs of the best trial of the largest budget."""
        return self.pairs[problem, name]["budgets"][-1]

    def label(self, name: str) -> str:
        """An optimizer's name as one writes it; that of a user's file as it is."""
        own = self.optimizers.get(name, {}).get("file")
        return name if own else optimizer_label(name)

    def labels(self, names) -> list[str]:
        return [self.label(name) for name in names]

    def numbered(self, numbers) -> list[str]:
        """Labels of optimizers by their numbers in the content."""
        names = list(self.indices)
        return [self.label(names[i]) for i in numbers]

    def at(self, name: str, column: str, comparison: dict | None = None) -> Any:
        """An optimizer's entry in a list of a comparison."""
        return (comparison or self.main)[column][self.indices[name]]


def optimizer_page(name: str) -> str:
    """The file of an optimizer's page."""
    return f"optimizer-{file_name(name)}.html"


def problem_page(name: str) -> str:
    """The file of a problem's page."""
    return f"problem-{file_name(name)}.html"


def short(problem: str) -> str:
    """A problem's name as a column has it."""
    return problem_label(problem)
