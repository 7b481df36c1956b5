"""`gradclinic list`: what there is to run and to build with."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from ...scenarios.scenario import Fix, Scenario


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def command(as_json: bool) -> None:
    """List scenarios and fixes, optimizers, problems to study them on, layers.

    With --json also what each fix claims and the hyper-parameters of each optimizer.
    """
    content = inventory()
    if as_json:
        click.echo(json.dumps(content, indent=1))
    else:
        click.echo("\n".join(lines(content)))


def inventory() -> dict[str, Any]:
    """Return all that was discovered, as plain data."""
    from ...kernels import MINIMISERS, OPTIMIZERS
    from ...kernels.activations import ACTIVATIONS
    from ...kernels.layers import KINDS
    from ...kernels.losses import LOSSES
    from ...kernels.schedules import SCHEDULES
    from ...scenarios import SCENARIOS
    from ...scenarios.problems import PROBLEMS

    return {
        "scenarios": [_scenario(scenario) for scenario in SCENARIOS.values()],
        "optimizers": [
            {"name": name, "source": optimizer.source, "defaults": optimizer.defaults}
            for name, optimizer in OPTIMIZERS.items()
        ],
        "minimisers": [
            {"name": name, "source": minimiser.source, "defaults": minimiser.defaults}
            for name, minimiser in MINIMISERS.items()
        ],
        "problems": [
            {"name": name, "title": problem.title, "summary": problem.summary}
            for name, problem in PROBLEMS.items()
        ],
        "schedules": list(SCHEDULES),
        "layers": list(KINDS),
        "activations": list(ACTIVATIONS),
        "losses": list(LOSSES),
    }


def lines(content: dict[str, Any]) -> Iterator[str]:
    """Yield the inventory as text."""
    for scenario in content["scenarios"]:
        yield from _scenario_lines(scenario)
    columns = {"optimizers": "source", "minimisers": "source", "problems": "title"}
    for kind, text in columns.items():
        yield kind
        width = max(len(each["name"]) for each in content[kind])
        for each in content[kind]:
            yield f"  {each['name']:{width}}  {each[text]}"
        yield ""
    for kind in ("schedules", "layers", "activations", "losses"):
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
