"""`gradclinic list`: what there is to run and to build with."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from ..completion import completing, everything
from ..errors import UsageError, did_you_mean
from . import options as option

if TYPE_CHECKING:
    from ...scenarios.scenario import Fix, Scenario

# What a name may be, beside a scenario, and what is said of it.
_KINDS = {
    "optimizers": ("optimizer", "source"),
    "minimisers": ("minimiser", "source"),
    "problems": ("problem", "title"),
    "data sets": ("data set", "summary"),
}
FIXES = "fixes"
_NAMES_ONLY = ("schedules", "layers", "activations", "losses")


@click.command()
@click.argument(
    "name", required=False, metavar="[NAME]", shell_complete=completing(everything)
)
@option.as_json
def command(name: str | None, as_json: bool) -> None:
    """List scenarios and fixes, optimizers, problems to study them on, data, layers.

    With a NAME only what is called so, and all that is known of it. The names of
    scenarios and their parts are those that `gradclinic run` takes. `fixes`,
    `optimizers`, `data sets` and the like are names of all of a kind.

    With --json also what each fix claims and the hyper-parameters of each optimizer.
    """
    content: Any = inventory()
    if name is None:
        text = lines(content)
    elif name.casefold() == FIXES:
        content = fixes(content)
        text = _fix_lines(content)
    elif (kind := name.casefold()) in content:
        content = {kind: content[kind]}
        text = lines(content)
    else:
        content = entries(content, name)
        text = about(content)
    if as_json:
        option.print_json(content)
    else:
        click.echo("\n".join(text))


def inventory() -> dict[str, Any]:
    """Return all that was discovered, as plain data."""
    from ...kernels import MINIMISERS, OPTIMIZERS
    from ...kernels.activations import ACTIVATIONS
    from ...kernels.layers import LAYERS
    from ...kernels.losses import LOSSES
    from ...kernels.schedules import SCHEDULES
    from ...scenarios import SCENARIOS
    from ...scenarios.data import SOURCES
    from ...scenarios.problems import PROBLEMS

    return {
        "scenarios": [_scenario(scenario) for scenario in SCENARIOS.values()],
        "optimizers": _rules(OPTIMIZERS),
        "minimisers": _rules(MINIMISERS),
        "problems": [
            {"name": name, "title": problem.title, "summary": problem.summary}
            for name, problem in PROBLEMS.items()
        ],
        "data sets": [
            {"name": name, "summary": source.summary}
            for name, source in SOURCES.items()
        ],
        "schedules": list(SCHEDULES),
        "layers": list(LAYERS),
        "activations": list(ACTIVATIONS),
        "losses": list(LOSSES),
    }


def _rules(known: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"name": name, "source": rule.source, "defaults": rule.defaults}
        for name, rule in known.items()
    ]


def fixes(content: dict[str, Any]) -> list[dict[str, Any]]:
    """Return each fix once, with the `scenarios` and parts that try it."""
    found: dict[str, dict[str, Any]] = {}
    for entry in _named(content):
        if entry["kind"] == "fix":
            about = {k: v for k, v in entry.items() if k not in ("kind", "scenario")}
            row = found.setdefault(entry["name"], about | {"scenarios": []})
            row["scenarios"].append(entry["scenario"])
    return [found[name] for name in sorted(found)]


def _fix_lines(found: list[dict[str, Any]]) -> Iterator[str]:
    width = max(len(fix["name"]) for fix in found)
    for fix in found:
        yield f"{fix['name']:{width}}  {fix['label']}: {', '.join(fix['scenarios'])}"


def entries(content: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Return all that is called `name`, each with its `kind`. Raises UsageError.

    Case does not count: `dropout` is a fix and the layer `Dropout`.
    """
    every = list(_named(content))
    found = [each for each in every if each["name"].casefold() == name.casefold()]
    if not found:
        nearest = did_you_mean(name, {entry["name"] for entry in every})
        raise UsageError(
            f"Nothing is called '{name}'{nearest}; gradclinic list names all there is."
        )
    return found


def _named(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield everything that has a name; a fix once for each scenario that tries it."""
    for scenario in content["scenarios"]:
        for each in (scenario, *scenario["parts"]):
            yield {"kind": "scenario"} | each
            for fix in (*each["fixes"], *each["controls"]):
                kind = "fix" if fix["role"] == "fix" else "control"
                yield {"kind": kind, "scenario": each["name"]} | fix
    for key, (kind, _) in _KINDS.items():
        yield from ({"kind": kind} | entry for entry in content[key])
    for key in _NAMES_ONLY:
        kind = "loss" if key == "losses" else key.removesuffix("s")
        yield from ({"kind": kind, "name": name} for name in content[key])


def about(found: list[dict[str, Any]]) -> Iterator[str]:
    """Yield what is known of each entry, as text."""
    for entry in found:
        kind = entry["kind"]
        if kind == "scenario":
            yield from _scenario_lines(entry)
            yield f"Run it: gradclinic run {entry['name']}"
            continue
        yield f"{entry['name']}, {_article(kind)} {kind}"
        if "scenario" in entry:
            role = "" if kind == "fix" else f" ({entry['role']})"
            yield f"  {entry['label']}{role}, of {entry['scenario']}"
        shown = (entry.get(key) for key in ("title", "source", "summary", "claim"))
        yield from (f"  {text}" for text in shown if text)
        if defaults := entry.get("defaults"):
            yield "  " + ", ".join(f"{key}={value}" for key, value in defaults.items())


def _article(kind: str) -> str:
    return "an" if kind[0] in "aeiou" else "a"


def lines(content: dict[str, Any]) -> Iterator[str]:
    """Yield the inventory as text."""
    for scenario in content.get("scenarios", ()):
        yield from _scenario_lines(scenario)
    for kind, (_, text) in _KINDS.items():
        if kind not in content:
            continue
        yield kind
        width = max(len(each["name"]) for each in content[kind])
        for each in content[kind]:
            yield f"  {each['name']:{width}}  {each[text]}"
        yield ""
    for kind in _NAMES_ONLY:
        if kind in content:
            yield f"{kind}: {', '.join(content[kind])}"


def _scenario_lines(scenario: dict[str, Any]) -> Iterator[str]:
    yield scenario["name"]
    yield f"  {scenario['summary']}"
    tried = scenario["fixes"] + scenario["controls"]
    width = max((len(fix["name"]) for fix in tried), default=0)
    for fix in tried:
        role = "" if fix["role"] == "fix" else f" ({fix['role']} control)"
        yield f"    {fix['name']:{width}}  {fix['label']}{role}"
    yield ""
    for part in scenario["parts"]:
        yield from _scenario_lines(part)


def _scenario(scenario: "Scenario") -> dict[str, Any]:
    controls = scenario.controls
    return {
        "name": scenario.name,
        "title": scenario.title,
        "summary": scenario.summary,
        "fixes": [_fix(fix, "fix") for fix in scenario.fixes],
        "controls": [
            _fix(controls.placebo, "placebo"),
            _fix(controls.wrong_mechanism, "wrong mechanism"),
            _fix(controls.positive, "positive"),
        ],
        "parts": [_scenario(part) for part in scenario.parts],
    }


def _fix(fix: "Fix", role: str) -> dict[str, str]:
    return {
        "name": fix.name,
        "label": fix.label,
        "family": fix.family,
        "claim": fix.claim,
        "role": role,
    }
