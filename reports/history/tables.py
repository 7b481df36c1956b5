"""What the tables of the history page say, as text."""

from .. import words

_ABSENT = "–"


def rows(content):
    """[(system, [cell a task])]; a cell: value, interval, and what it took."""
    tasks = content["tasks"]
    return [(system, _cells(system, tasks)) for system in content["systems"]]


def _cells(system, tasks):
    found = {result["task"]: result for result in system["results"]}
    return [_cell(found.get(task["name"]), task["measure"]) for task in tasks]


def _cell(result, measure):
    if result is None:
        return None
    took = f"{words.number(result['parameters'])} parameters"
    if result["seconds"]:
        took += f", {words.duration(result['seconds'])}"
    if result["mean"] is None:
        failed = sum(value is None for value in result["values"])
        return {"value": f"{failed} diverged", "interval": "", "took": took}
    if measure == "accuracy":
        value, low, high = (_percent(result[k]) for k in ("mean", "low", "high"))
        interval = f"{low} to {high}"
        return {"value": f"{value} %", "interval": interval, "took": took}
    value, low, high = (words.number(result[k]) for k in ("mean", "low", "high"))
    return {"value": value, "interval": f"{low} to {high}", "took": took}


def _percent(share):
    """An accuracy's bound in percent, within what an accuracy can be."""
    return f"{100 * min(max(share, 0), 1):.1f}"


def published(content):
    """[(task, [(system, ours, theirs)])] of tasks on which others published."""
    tables = []
    for task in content["tasks"]:
        if not task["published"]:
            continue
        lines = []
        for system in content["systems"]:
            theirs = task["published"].get(system["name"])
            ours = _cells(system, [task])[0]
            if theirs is not None and ours is not None:
                lines.append((system["title"], ours, f"{100 * theirs:.0f} %"))
        tables.append((task, lines))
    return tables
