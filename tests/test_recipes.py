"""The recipes of CONTRIBUTING.md and README.md, followed in a copy of the tree."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from .mutants.copies import Copy

ROOT = Path(__file__).parents[1]
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text()
README = (ROOT / "README.md").read_text()
LAYERS = re.findall(r"```python\n(.*?)```", CONTRIBUTING, re.DOTALL)
FIX, OPTIMIZER = re.findall(r"```python\n(.*?)```", README, re.DOTALL)[-2:]
SCENARIO = '''"""A scenario as another, under a name of its own."""

from dataclasses import replace

from .divergence import SCENARIO as DIVERGENCE

SCENARIO = replace(
    DIVERGENCE, name="recipe", title="Recipe", summary="What a recipe declares.",
    parts=(),
)
'''
DETECTOR = '''"""Saturated units: so far out that no gradient passes through them."""

from .detection import any_of, component, measured

READS = ("saturated_fraction",)


def detect(values, test_over_train=None):
    """Over 50 % of a layer's activations without slope.

    values: saturated_fraction, the largest of any layer. Source: Glorot & Bengio
    (2010), section 3.
    """
    return any_of(
        component(
            "activations without slope of the worst layer",
            100.0 * measured(values, "saturated_fraction"),
            ">",
            50.0,
            "%",
            test_over_train=test_over_train,
        )
    )
'''
# What its two test files get, each behind a line that is there.
CASES = """
    ("saturated_units", {"saturated_fraction": 0.52}, True),
    ("saturated_units", {"saturated_fraction": 0.49}, False),"""
NETWORKS = """def saturated(seed):
    def enlarge(net, params):
        params *= 50

    return examined(mlp([8, 16, 2], "tanh"), seed, enlarge)


def unsaturated(seed):
    return examined(mlp([8, 16, 2], "tanh"), seed)


"""
PLANTED = """
    "saturated_units": (saturated, unsaturated),"""
COMMAND = '''"""A command that says hello."""

import click


@click.command()
def command() -> None:
    """Say hello."""
    click.echo("hello")
'''
# As the README's, which is a user's own, with what those built in declare beside.
BUILT_IN = OPTIMIZER.replace(
    "from gradclinic.kernels import Optimizer",
    "from ..bounds import USUAL\nfrom ..optimizer import Optimizer",
).replace("    source=", "    bounds=USUAL,\n    source=")
FILES = {
    "kernels/layers/gain.py": LAYERS[0],
    "kernels/layers/branches.py": LAYERS[1],
    "kernels/optimizers/signum.py": BUILT_IN,
    "scenarios/fixes/followed_recipe.py": FIX,
    "scenarios/recipe.py": SCENARIO,
    "bench/statistics/detectors/saturated_units.py": DETECTOR,
    "bench/commands/hello.py": COMMAND,
}
OF_DETECTORS = "tests/bench/statistics/test_detectors.py"
OF_EXAMINATIONS = "tests/bench/test_examination.py"
# (file, line that is there, what is put before it, and behind it).
ADDED = [
    (OF_DETECTORS, "CASES = [", "", CASES),
    (OF_EXAMINATIONS, "def table(seed, columns=4):", NETWORKS, ""),
    (OF_EXAMINATIONS, "PLANTED = {", "", PLANTED),
]
ROWS = {
    "a fix": FIX,
    "an optimizer": BUILT_IN,
    "a layer with weights": LAYERS[0],
    "a layer with a skip": LAYERS[1],
    "a scenario": SCENARIO,
    "a detector": DETECTOR,
    "a command": COMMAND,
}


@pytest.fixture(scope="module")
def followed(tmp_path_factory):
    """A copy of the repository in which each recipe was followed."""
    copy = Copy(ROOT, tmp_path_factory.mktemp("recipes") / "copy")
    for name, text in FILES.items():
        assert not (copy.folder / name).exists()
        (copy.folder / name).write_text(text)
    for name, line, before, behind in ADDED:
        file = copy.folder / name
        assert file.read_text().count(f"\n{line}\n") == 1
        added = file.read_text().replace(line, before + line + behind, 1)
        file.write_text(added)
    return copy.folder


def run(folder, *command):
    """What a command of Python prints, run in the copy."""
    around = {**os.environ, "PYTHONPATH": str(folder)}
    around = {k: v for k, v in around.items() if not k.startswith("PYTEST_")}
    done = subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env=around,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_what_is_put_there_is_found(followed):
    found = json.loads(run(followed, "-m", "gradclinic.bench", "list", "--json"))
    assert {"Gain", "Branches"} <= set(found["layers"])
    assert "signum" in {each["name"] for each in found["optimizers"]}
    scenarios = {each["name"]: each for each in found["scenarios"]}
    assert "recipe" in scenarios
    (fix,) = re.findall(r'name="(\w+)"', FIX)
    assert any(fix in str(scenario) for scenario in scenarios.values())
    assert run(followed, "-m", "gradclinic.bench", "hello") == "hello\n"


TESTS = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-k")


def test_the_tests_of_detectors_test_it(followed):
    said = run(followed, *TESTS, "saturated_units or every_detector", OF_DETECTORS)
    assert int(re.search(r"(\d+) passed", said)[1]) > 10


@pytest.mark.exhaustive
def test_a_detector_meets_its_planted_networks(followed):
    said = run(followed, *TESTS, "saturated_units", OF_EXAMINATIONS)
    assert int(re.search(r"(\d+) passed", said)[1]) == 3


@pytest.mark.exhaustive
def test_the_contract_tests_test_it(followed):
    said = run(
        followed,
        *TESTS,
        "(Gain or Branches or signum) and not reference",
        "tests/kernels/test_layers.py",
        "tests/kernels/test_optimizers.py",
    )
    assert int(re.search(r"(\d+) passed", said)[1]) > 40


def test_the_table_says_how_long_they_are():
    table = dict(
        re.findall(r"^\| (an? [\w ]+) \| [^|]+ \| (\d+) \|", CONTRIBUTING, re.M)
    )
    assert {name: int(lines) for name, lines in table.items()} == {
        name: len(text.strip().splitlines()) for name, text in ROWS.items()
    }
