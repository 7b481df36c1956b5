"""What README.md says is so: its example works, its tables name what there is."""

import re
import sys
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import click
from gradclinic.bench import errors
from gradclinic.bench.commands import cli
from gradclinic.bench.studies.optimizers.gate import gate
from gradclinic.bench.studies.optimizers.own import load
from gradclinic.scenarios import SCENARIOS, Trial

README = (Path(__file__).parents[1] / "README.md").read_text()
# Training, layers, tokens, thresholds, an estimator, a fix, an optimizer, in order.
EXAMPLES = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def test_the_example_of_a_training_trains(capsys):
    source, *_ = EXAMPLES
    exec(source, found := {})
    assert found["history"].status == "ok"
    assert found["history"].train_loss[-1] < 0.5 * found["history"].train_loss[0]
    assert capsys.readouterr().out.startswith("ok 0.")
    assert found["runs"].status == ["ok"] * 8


def test_the_example_of_layers_trains(capsys):
    _, source, *_ = EXAMPLES
    exec(source, found := {})
    assert found["history"].status == "ok"
    assert found["history"].train_metric[-1] > 0.9
    assert "conv2d" in capsys.readouterr().out


def test_the_example_of_tokens_trains(capsys):
    source = EXAMPLES[2]
    exec(source, found := {})
    assert found["history"].status == "ok"
    assert found["history"].train_metric[-1] > 0.95
    assert "Attention" in source and capsys.readouterr().out


def test_the_example_of_thresholds_computes_what_it_says(capsys):
    exec(EXAMPLES[3], found := {})
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("True ") and said[0].endswith("[0 0 0 1]")
    assert said[1:] == ["False", "[0. 1. 1. 0.]"]
    assert found["unit"].mistakes[-1] == 0


def test_the_example_of_an_estimator_searches(capsys):
    exec(EXAMPLES[4], found := {})
    assert found["search"].best_score_ > 0.9
    assert "hidden_layer_sizes" in capsys.readouterr().out


def test_the_example_of_a_fix_is_a_fix():
    *_, source, _ = EXAMPLES
    (name,) = re.findall(r"`scenarios/fixes/(\w+)\.py`", README)
    assert f"gradclinic.scenarios.fixes.{name}" not in sys.modules
    module = module_from_spec(
        spec_from_loader(f"gradclinic.scenarios.fixes.{name}", None)
    )
    exec(source, module.__dict__)
    (fix,) = module.FIXES
    assert fix.name == name and fix.claim.endswith(".")
    for treated in fix.treats:
        baseline = SCENARIOS[treated].baseline
        mended = fix.treated(baseline)
        assert isinstance(mended, Trial) and mended != baseline


def test_the_example_of_an_optimizer_is_short_and_passes_the_gate(tmp_path):
    *_, source = EXAMPLES
    assert len(source.strip().splitlines()) < 25
    (name,) = re.findall(r"whole of a file `(\w+)\.py`", README)
    (tmp_path / f"{name}.py").write_text(source)
    entrant = load(tmp_path / f"{name}.py")
    assert entrant.name == name
    assert gate(entrant, threads=1)["deterministic"]


def test_the_commands_are_those_there_are():
    named = re.findall(r"^\| `gradclinic (\w+)", README, re.MULTILINE)
    assert sorted(set(named)) == cli.list_commands(click.Context(cli))


def test_the_exit_codes_are_those_there_are():
    named = {int(code) for code in re.findall(r"^\| (\d+) \|", README, re.MULTILINE)}
    kinds = errors.GradclinicError.__subclasses__()
    fixed = {errors.OK, errors.FAIL_ON_HIT, errors.FAULT, errors.INTERRUPTED}
    kept = fixed | {errors.CLOSED_PIPE}
    assert named == kept | {kind.exit_code for kind in kinds}
