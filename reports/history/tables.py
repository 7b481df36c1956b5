"""What the tables of the history page say, as text."""

from .. import words
from ..sortable import Sortable

NEAR = 3  # points within which a value counts as the published one


def single(content):
    """The tasks that stand alone, each a column of the table of results."""
    return [task for task in content["tasks"] if not task["family"]]


def rows(content, tasks):
    """[(system, [cell a task])]; a cell: value, interval, and what it took.

    Systems that were trained on none of the tasks are left out.
    """
    found = [(system, _cells(system, tasks)) for system in content["systems"]]
    return [(system, cells) for system, cells in found if any(cells)]


def families(content):
    """[(tasks of a family by their length, rows)], in the order of the tasks."""
    names = {task["family"]: None for task in content["tasks"] if task["family"]}
    found = []
    for name in names:
        tasks = [task for task in content["tasks"] if task["family"] == name]
        tasks.sort(key=lambda task: task["length"])
        found.append((tasks, rows(content, tasks)))
    return found


def _cells(system, tasks):
    found = {result["task"]: result for result in system["results"]}
    return [_cell(found.get(task["name"]), task["measure"]) for task in tasks]


def _cell(result, measure):
    if result is None:
        return None
    seeds = len(result["values"])
    took = [f"{words.number(result['parameters'])} parameters"]
    if result["seconds"]:
        took.append(words.duration(result["seconds"]))
    about = {"took": ", ".join([*took, f"{seeds} seeds"]), "seeds": seeds}
    if result["mean"] is None:
        failed = sum(value is None for value in result["values"])
        return about | {"value": f"{failed} diverged", "interval": ""}
    shown = _percent if measure == "accuracy" else _error
    value, low, high = (shown(result[k]) for k in ("mean", "low", "high"))
    unit = " %" if measure == "accuracy" else ""
    value = Sortable(f"{value}{unit}", result["mean"])
    return about | {"value": value, "interval": f"{low} to {high}"}


def _percent(share):
    """An accuracy's bound in percent, within what an accuracy can be."""
    return f"{100 * min(max(share, 0), 1):.1f}"


def _error(value):
    """A mean squared error's bound, which is never below zero."""
    return words.number(max(value, 0.0))


def published(content):
    """[(task, [(system, ours, theirs, how near)])] of tasks on which others published.

    How near: is our mean within 3 points of theirs?
    """
    tables = []
    for task in content["tasks"]:
        lines = []
        for system in content["systems"]:
            theirs = task["published"].get(system["name"])
            ours = _cells(system, [task])[0]
            if theirs is not None and ours is not None:
                near = _near(system, task["name"], theirs)
                said = Sortable(f"{100 * theirs:.0f} %", theirs)
                lines.append((system["title"], ours, said, near))
        if lines:
            tables.append((task, lines))
    return tables


def _near(system, task, theirs):
    """In words: yes, or no with the difference in points."""
    ours = next(r["mean"] for r in system["results"] if r["task"] == task)
    if ours is None:
        return words.MISSING
    apart = round(100 * (ours - theirs), 1)
    said = words.signed(apart)
    return f"yes, {said}" if abs(apart) <= NEAR else f"no, {said}"
