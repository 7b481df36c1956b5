"""`gradclinic run --budget`: the scenarios that fit into a time, one after the other.

Before each, what is left is planned again by what those before it really took.
"""

import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from operator import itemgetter
from pathlib import Path
from typing import Any

from joblib import cpu_count

from ...scenarios import SCENARIOS
from ..durations import in_words
from ..errors import UsageError
from ..execution.schedule import missing
from ..execution.store import Store
from ..forecast import (
    CLOSING,
    RULE,
    Choice,
    Need,
    Pace,
    first_pace,
    fitting,
    on_clock,
    run_seconds,
)
from ..progress import Report
from .doses import dose_tasks
from .suite import SuiteOptions, asked_of, question_of, run_suite, tried, worth_timing

_LEAST = 0.1  # processor seconds of a scenario that is not judged yet


@dataclass
class Within:
    """A run within `seconds` from `began`, an instant of `clock`.

    results: of the scenarios that were run, the whole of each in the place of its quick
    look; ran: what each step was expected to take, and took; left_out: what was not
    run, and needs. told: called with a line for the user.
    """

    seconds: float
    began: float
    told: Callable[[str], Any]
    clock: Callable[[], float] = time.monotonic
    results: list[dict] = field(default_factory=list)
    ran: list[tuple[Choice, float]] = field(default_factory=list)
    left_out: list[Need] = field(default_factory=list)

    @property
    def used(self) -> float:
        return self.clock() - self.began

    @property
    def closing(self) -> list[str]:
        """What is said at the end: the time that was used, and what was left out."""
        said = [f"Used {self.used:.0f} s of the {self.seconds:g} s allowed."]
        if self.left_out:
            said.append(
                f"Left out for lack of time: {told_needs(self.left_out)}. The same"
                " command goes on with them."
            )
        return said

    def left(self, pace: Pace, *coming: Choice) -> float:
        """Seconds that are left when all that was run, and `coming`, is drawn."""
        choices = (*(choice for choice, _ in self.ran), *coming)
        drawn = {choice.scenario: CLOSING[choice.quick] for choice in choices}
        return self.seconds - self.used - pace.now * sum(drawn.values())


def run_within(
    options: SuiteOptions,
    within: Within,
    progress: Report,
    run: Callable[[SuiteOptions, Report], list[dict]] = run_suite,
) -> Within:
    """Run what fits, by `forecast.RULE`; returns `within` with what became of it.

    All quick looks come first: a full run begins where time is left behind them.
    Raises UsageError where nothing fits.
    """
    pace = first_pace()
    asked = options.scenarios or tuple(SCENARIOS)
    waiting = {name: work_of(name, options) for name in asked}
    cores = options.jobs or cpu_count()
    begun = False
    while True:
        needs = [_need(name, work, pace, cores) for name, work in waiting.items()]
        plan = fitting(needs, within.left(pace), options.quick)
        if not begun:
            _announce(within, needs, plan, options.quick, cores)
            begun = True
        if not plan:
            break
        chosen = min(plan, key=lambda choice: not choice.quick)  # the first of them
        _run_one(chosen, waiting, options, within, pace, cores, progress, run)
    within.left_out = [need for need in needs if need.next(options.quick) > 0]
    content = content_of(within, cores)
    found = {result["scenario"]: result for result in within.results}
    within.results = [found[n] | {"budget": content} for n in asked if n in found]
    return within


def _run_one(choice, waiting, options, within, pace, cores, progress, run):
    asked = replace(
        options,
        scenarios=(choice.scenario,),
        quick=choice.quick,
        deadline=within.clock() + within.left(pace, choice),
    )
    before = within.clock()
    within.results += run(asked, progress)
    taken = within.clock() - before
    pace.learn(taken, on_clock(waiting[choice.scenario][choice.quick], cores))
    within.ran.append((choice, taken))
    if choice.quick and not options.quick:
        # Runs of the quick look that failed are part of what the whole lacks.
        whole = work_of(choice.scenario, options)[False]
        waiting[choice.scenario] = {True: 0.0, False: whole}
    else:
        del waiting[choice.scenario]


def _need(name, work, pace, cores):
    quick, full = (
        (on_clock(work[preset], cores) + CLOSING[preset]) * pace.now
        if work[preset]
        else 0.0
        for preset in (True, False)
    )
    return Need(name, quick, max(quick, full) if full else 0.0)


def _announce(within, needs, plan, quick, cores):
    if not plan:
        wanted = [need for need in needs if need.next(quick) > 0]
        if not wanted:
            within.told("All of it is in the folder already: nothing is run.")
            return
        name, least = min(((n.scenario, n.least) for n in wanted), key=itemgetter(1))
        raise UsageError(
            f"Nothing fits into --budget {within.seconds:g}, of which starting took"
            f" {within.used:.0f} s: the shortest, {name}, takes about"
            f" {in_words(least)} here; give more."
        )
    each = f"{cores} cores" if cores > 1 else "one core"
    total = in_words(sum(choice.seconds for choice in plan))
    within.told(
        f"Within {within.seconds:g} s on {each}, about {total} of it used:"
        f" {', '.join(map(str, plan))}."
    )
    chosen = {choice.scenario for choice in plan}
    rest = [need for need in needs if need.scenario not in chosen]
    others = [need for need in rest if need.next(quick) > 0]
    if others:
        within.told(f"Left out: {told_needs(others)}.")
    there = [need.scenario for need in rest if need not in others]
    if there:
        within.told(f"In the folder already: {', '.join(there)}.")
    within.told(RULE)


def told_needs(needs: list[Need]) -> str:
    """What the next step of each takes: divergence (9 s), dead_relu in full (40 s)."""
    return ", ".join(
        f"{n.scenario}{'' if n.quick else ' in full'} ({in_words(n.least)})"
        for n in needs
    )


def content_of(within: Within, cores: int) -> dict[str, Any]:
    """The `budget` of a result, see `schemas/scenario.json`."""
    return {
        "seconds": within.seconds,
        "used": within.used,
        "cores": cores,
        "rule": RULE,
        "ran": [
            {
                "scenario": choice.scenario,
                "preset": "quick" if choice.quick else "full",
                "forecast": choice.seconds,
                "seconds": taken,
            }
            for choice, taken in within.ran
        ],
        "left_out": [
            {
                "scenario": need.scenario,
                "title": SCENARIOS[need.scenario].title,
                "quick": need.quick,
                "full": need.full,
            }
            for need in within.left_out
        ],
    }


def work_of(name: str, options: SuiteOptions) -> dict[bool, float]:
    """{quick: processor seconds} of what a scenario lacks; 0 where its page exists.

    A page in full stands for a quick look too.
    """
    preset = page_preset(options.out / f"{name}.json")
    counts = {q: lacking(name, replace(options, quick=q)) for q in (True, False)}
    whole = preset == "full" and not counts[False]
    done = {False: whole, True: whole or (preset == "quick" and not counts[True])}
    return {
        quick: 0.0
        if done[quick]
        else max(_LEAST, run_seconds(name, quick, planned) * count)
        for quick, count in counts.items()
    }


def page_preset(path: Path) -> str | None:
    """`quick` or `full`, as a stored result was run whole; None where there is none."""
    with suppress(OSError, ValueError, AttributeError):
        content = json.loads(path.read_bytes())
        if not content.get("missing_runs"):
            return content.get("preset")
    return None


def planned(name: str, quick: bool) -> int:
    """Runs of a scenario with its usual seeds: to tune, judge, examine and time."""
    return sum(map(_runs, _questions(name, SuiteOptions(quick=quick, device="cpu"))))


def _questions(name, options):
    return [question_of(q, options) for q in asked_of(SCENARIOS[name], options)]


def _runs(question):
    # What a quick look times is not known before; the baseline is timed in any case.
    prices = question.prices(None if question.tuning else ())
    tasks = [*question.tasks(), *question.examinations(), *prices]
    return sum(len(task.seeds) for task in (*tasks, *dose_tasks(question)))


def lacking(name: str, options: SuiteOptions) -> int:
    """Runs of a scenario that are not stored, as far as is known before they are."""
    questions = _questions(name, options)
    path = options.out / "runs.sqlite"
    if not path.exists():
        return sum(map(_runs, questions))
    keys = set()
    with Store(path, force=options.force) as store:

        def count(tasks):
            for task in missing(tasks, store, options.force):
                keys.update(map(task.key, task.seeds))

        found, _ = tried(questions, store, count)
        count([task for question in found for task in question.examinations()])
        count([t for q in found for t in q.prices(worth_timing(q, store))])
    return len(keys)
