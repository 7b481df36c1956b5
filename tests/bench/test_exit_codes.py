"""Every exit code of every command, as README.md lists them; what is heavy is faked."""

import json
import re
from pathlib import Path

import click
import pytest
from gradclinic.bench.commands import cli, main
from gradclinic.bench.errors import (
    BadData,
    ResourceUnavailable,
    RunsFailed,
    UsageError,
)
from gradclinic.bench.measurement.checkup.check import Check
from gradclinic.bench.outcome import CONDITIONS, outcome
from gradclinic.kernels.device import DeviceError
from gradclinic.scenarios.data import DataError

from .compare import made

CONTEXT = click.Context(cli)
COMMANDS = {name: cli.get_command(CONTEXT, name) for name in cli.list_commands(CONTEXT)}
README = Path(__file__).parents[2] / "README.md"
# What may end any command, and the code that it then ends with.
ERRORS = [
    (UsageError("No."), 2),
    (click.UsageError("No."), 2),
    (RunsFailed("No."), 3),
    (BadData("No."), 4),
    (DataError("No."), 4),
    (ResourceUnavailable("No."), 5),
    (DeviceError("No."), 5),
    (OSError(28, "No", "f"), 5),
    (PermissionError(), 5),
    (MemoryError(), 5),
    (ValueError("No."), 70),
    (ZeroDivisionError(), 70),
    (KeyboardInterrupt(), 130),
    (click.Abort(), 130),
]


def a_result(**changes):
    """What decides on the exit code of `run`: all is well."""
    return {
        "schema": 1,
        "scenario": "s",
        "title": "S",
        "symptom": {"fires": True},
        "metric": {"label": "l", "unit": "", "scale": "log", "better": "lower"},
        "fixes": [
            {
                "label": "L2",
                "role": "fix",
                "verdict": "cured",
                "low": 0.4,
                "effect": {"kind": "ratio", "ratio": [0.5, 0.4, 0.6]},
            }
        ],
        "best": {"fixes": [], "reason": "", "without_new_data": []},
        "controls": [{"behaved": True}, {"behaved": None}],
        "failed_runs": [],
        "missing_runs": 0,
        "parts": [],
        "seed": 0,
    } | changes


LOST = {"failed_runs": [{"fix": "l2", "seed": 0, "reason": "it broke"}]}
UNCURED = {"fixes": [a_result()["fixes"][0] | {"verdict": "relieved"}]}
ASTRAY = {"controls": [{"behaved": False}]}
HEALTHY = {"symptom": {"fires": False}}
PAIR = {"optimizer": "sgd", "problem": "wine", "reason": "it broke"}
# (command, what it finds) -> exit code; the stubs below say where it is put.
CURVES = {
    "source": {"name": "log.csv", "notes": []},
    "verdict": "divergence",
    "sentence": "It ran away.",
    "troubles": [
        {
            "trouble": "divergence",
            "title": "Divergence",
            "verdict": "found",
            "sentence": "It ran away.",
            "next_step": "Lower the rate.",
        }
    ],
    "needs": [{"title": "Dead ReLU"}],
}
COMPARED = {
    "changed": True,
    "pairs": [
        {
            "before": "a",
            "after": "b",
            "circumstances": [],
            "questions": [],
            "places": [{"comparable": True, "other": [], "tables": []}],
            "only_before": [],
            "only_after": [],
        }
    ],
}
ENDS = [
    ("run", a_result(), 0),
    ("run --fail-on controls", a_result(), 0),
    ("run --fail-on uncured", a_result(**UNCURED), 1),
    ("run --fail-on controls", a_result(**ASTRAY), 1),
    ("run --fail-on symptom", a_result(**HEALTHY), 1),
    ("run --fail-on symptom", a_result(parts=[a_result(**HEALTHY)]), 1),
    ("run --fail-on uncured --fail-on symptom", a_result(**HEALTHY), 1),
    ("run", a_result(**UNCURED, **ASTRAY, **HEALTHY), 0),
    ("run nowhere", a_result(), 2),
    ("run underfitting.digits", a_result(), 0),
    ("run underfitting.nowhere", a_result(), 2),
    ("run --seed 0 --out {whole}", a_result(), 0),
    ("run --seed 1 --out {whole}", a_result(), 2),
    ("run --seed 1 --out {whole} --force", a_result(), 0),
    ("run slow_training --seed 1 --out {whole}", a_result(), 0),
    ("run", a_result(**LOST), 3),
    ("run", a_result(missing_runs=1), 3),
    ("run", a_result(parts=[a_result(**LOST)]), 3),
    ("run", a_result(parts=[a_result(missing_runs=1)]), 3),
    ("run --fail-on symptom", a_result(**HEALTHY, missing_runs=1), 3),
    ("run", BadData("The store is damaged."), 4),
    ("run", ResourceUnavailable("The disk is full."), 5),
    ("run --out {file}", a_result(), 5),
    ("run", ArithmeticError(), 70),
    ("run", KeyboardInterrupt(), 130),
    ("run", BrokenPipeError(), 141),
    ("optimizers", {"failed": []}, 0),
    ("optimizers --parity", True, 0),
    ("optimizers --parity", False, 1),
    ("optimizers --optimizer nothing", {"failed": []}, 2),
    ("optimizers --problem nothing", {"failed": []}, 2),
    ("optimizers --budget 8", {"failed": []}, 2),
    ("optimizers --trials 0", {"failed": []}, 2),
    ("optimizers --trials 8", {"failed": []}, 0),
    ("optimizers --seed 1 --out {whole}", {"failed": []}, 2),
    ("optimizers --seed 1 --out {whole} --force", {"failed": []}, 0),
    ("optimizers", {"failed": [PAIR]}, 3),
    ("optimizers", BadData("The rule does not descend."), 4),
    ("optimizers --optimizer {bad}", {"failed": []}, 4),
    ("optimizers --optimizer {file}/none.py", {"failed": []}, 4),
    ("optimizers --out {file}", {"failed": []}, 5),
    ("optimizers", ArithmeticError(), 70),
    ("optimizers", KeyboardInterrupt(), 130),
    ("optimizers", BrokenPipeError(), 141),
    ("profile", {"peers": [], "gpu_missing": None}, 0),
    ("profile", {"peers": [], "gpu_missing": "There is no GPU."}, 0),
    ("profile --case nothing", None, 2),
    ("profile --case 64-64-10", None, 2),
    ("profile --import {bad}", None, 4),
    ("profile --out {file}", None, 5),
    ("profile", ArithmeticError(), 70),
    ("profile", KeyboardInterrupt(), 130),
    ("profile", BrokenPipeError(), 141),
    ("history", {"schema": 1}, 0),
    ("history --task xor --quick", {"schema": 1}, 0),
    ("history --task nothing", None, 2),
    ("history --seeds 1", None, 2),
    ("history --out {file}", None, 5),
    ("history", ArithmeticError(), 70),
    ("history", KeyboardInterrupt(), 130),
    ("history", BrokenPipeError(), 141),
    ("detectors", {"schema": 1}, 0),
    ("detectors --trouble overfitting --quick", {"schema": 1}, 0),
    ("detectors --trouble nothing", None, 2),
    ("detectors --out {file}", None, 5),
    ("detectors", ArithmeticError(), 70),
    ("detectors", KeyboardInterrupt(), 130),
    ("detectors", BrokenPipeError(), 141),
    ("published", {"schema": 1}, 0),
    ("published --result spiral --quick", {"schema": 1}, 0),
    ("published --result nothing", None, 2),
    ("published --out {file}", None, 5),
    ("published", ArithmeticError(), 70),
    ("published", KeyboardInterrupt(), 130),
    ("published", BrokenPipeError(), 141),
    ("diagnose --curves {log}", CURVES, 0),
    ("diagnose --curves {log} --json --fail-on trouble", CURVES, 1),
    ("diagnose --curves {file}", None, 4),
    ("diagnose --curves {log} --out {file}", None, 5),
    ("diagnose --curves {log}", ArithmeticError(), 70),
    ("diagnose --curves {log}", KeyboardInterrupt(), 130),
    ("diagnose --curves {log}", BrokenPipeError(), 141),
    ("diagnose wine", 0, 0),
    ("diagnose wine --fail-on trouble", 1, 1),
    ("diagnose", 0, 2),
    ("diagnose wine --network wide", 0, 2),
    ("diagnose wine --network 0", 0, 2),
    ("diagnose wine", BadData("There is no file."), 4),
    ("diagnose wine --out {file}", 0, 5),
    ("diagnose wine", ArithmeticError(), 70),
    ("diagnose wine", KeyboardInterrupt(), 130),
    ("diagnose wine", BrokenPipeError(), 141),
    ("compare {one} {other}", COMPARED, 0),
    ("compare {one} {other} --fail-on changed", COMPARED, 1),
    ("compare {one} {other} --fail-on shown", COMPARED, 0),
    ("compare {one}", COMPARED, 2),
    ("compare {one} {one}", COMPARED, 2),
    ("compare {one} {folder}", COMPARED, 4),
    ("compare {one} {other} --out {file}", COMPARED, 5),
    ("compare {one} {other}", ArithmeticError(), 70),
    ("compare {one} {other}", KeyboardInterrupt(), 130),
    ("compare {one} {other}", BrokenPipeError(), 141),
    ("report {whole}", None, 0),
    ("report", None, 2),
    ("report {folder}", None, 4),
    ("report {folder}/none", None, 4),
    ("report {whole}", ResourceUnavailable("The disk is full."), 5),
    ("report {whole}", ArithmeticError(), 70),
    ("report {whole}", KeyboardInterrupt(), 130),
    ("report {whole}", BrokenPipeError(), 141),
    ("doctor", [Check("a", "ok", "Fine.")], 0),
    ("doctor", [Check("a", "warn", "Slow.")], 0),
    ("doctor --nothing", [], 2),
    ("doctor", [Check("a", "ok", "Fine."), Check("b", "fail", "No.")], 5),
    ("doctor --json", [Check("b", "fail", "No.")], 5),
    ("doctor", ArithmeticError(), 70),
    ("doctor", KeyboardInterrupt(), 130),
    ("doctor", BrokenPipeError(), 141),
    ("explain overfitting", None, 0),
    ("explain nothing_of_this_name", None, 2),
    ("explain overfitting --out {broken}", None, 4),
    ("explain overfitting", OSError(28, "No space"), 5),
    ("explain overfitting", ArithmeticError(), 70),
    ("explain overfitting", KeyboardInterrupt(), 130),
    ("explain overfitting", BrokenPipeError(), 141),
    ("list", None, 0),
    ("list --json", None, 0),
    ("list dropout", None, 0),
    ("list adamw --json", None, 0),
    ("list nothing_of_this_name", None, 2),
    ("list", OSError(28, "No space"), 5),
    ("list", ArithmeticError(), 70),
    ("list", KeyboardInterrupt(), 130),
    ("list", BrokenPipeError(), 141),
]
# Where what a command finds comes from, and what else would take long.
SOURCES = {
    "diagnose": "gradclinic.bench.diagnosed.diagnose_file",
    "run": "gradclinic.bench.studies.suite.run_suite",
    "optimizers": "gradclinic.bench.studies.optimizers.study.study",
    "profile": "gradclinic.bench.studies.profile.study.profile",
    "history": "gradclinic.bench.studies.history.study.history",
    "published": "gradclinic.bench.studies.published.study.published",
    "detectors": "gradclinic.bench.studies.detectors.study.detectors",
    "--curves": "gradclinic.bench.curves_told.curves_content",
    "compare": "gradclinic.bench.studies.compare.compared",
    "report": "gradclinic.bench.commands.report.draw",
    "doctor": "gradclinic.bench.measurement.checkup.checkup",
    "list": "gradclinic.bench.commands.list.inventory",
    "explain": "gradclinic.bench.commands.explain.read_results",
}
DONE = {
    "gradclinic.bench.execution.warm.warm_for_run": None,
    "gradclinic.reports.optimizers.terminal.print_summary": None,
    "gradclinic.bench.studies.parity.certificate.certificate": {
        "rows": [],
        "derived": {},
        "unproven": [],
        "steps": 200,
    },
    "gradclinic.reports.write_optimizer_pages": "optimizers.html",
    "gradclinic.reports.write_profile_page": "profile.html",
    "gradclinic.reports.write_compare_page": Path("compare.html"),
    "gradclinic.reports.write_history_page": "history.html",
    "gradclinic.reports.write_published_page": "published.html",
    "gradclinic.reports.write_detectors_page": "detectors.html",
    "gradclinic.bench.curves_told.write_curves_page": Path("curves.html"),
}


@pytest.fixture
def places(tmp_path):
    """Paths that the arguments name."""
    for name in ("folder", "whole", "out", "broken"):
        (tmp_path / name).mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "bad.py").write_text("this is no Python, and no JSON\n")
    (tmp_path / "log.csv").write_text("loss\n" + "1\n" * 9)
    stored = a_result(scenario="overfitting", machine={}, command="c")
    (tmp_path / "whole" / "overfitting.json").write_text(json.dumps(stored))
    (tmp_path / "broken" / "overfitting.json").write_text("no JSON")
    study = {"schema": 1, "kind": "optimizers", "settings": {"seed": 0}}
    (tmp_path / "whole" / "optimizers.json").write_text(json.dumps(study))
    for name in ("one", "other"):
        made.stored(tmp_path / name, made.result())
    names = ("folder", "whole", "out", "broken", "file", "one", "other")
    more = {"bad": tmp_path / "bad.py", "log": tmp_path / "log.csv"}
    return {name: tmp_path / name for name in names} | more


def fake(found):
    def give(*arguments, **options):
        if isinstance(found, BaseException):
            raise found
        return found

    return give


@pytest.mark.parametrize(("words", "found", "code"), ENDS, ids=str)
def test_a_command_ends_with_its_code(monkeypatch, capsys, places, words, found, code):
    command, *arguments = (word.format(**places) for word in words.split())
    for target, value in DONE.items():
        monkeypatch.setattr(target, fake(value))
    monkeypatch.setattr(
        "gradclinic.bench.commands.report.draw", fake(places["out"] / "index.html")
    )
    if "--parity" in arguments:
        monkeypatch.setattr(
            "gradclinic.bench.studies.parity.certificate.passes", fake(found)
        )
    elif command != "report" or found is not None:
        if command == "run" and isinstance(found, dict):
            found = [found]
        if command not in ("list", "explain") or found is not None:
            source = "--curves" if "--curves" in arguments else command
            monkeypatch.setattr(SOURCES[source], fake(found))
    if (
        command
        in (
            "run",
            "optimizers",
            "profile",
            "history",
            "published",
            "detectors",
            "diagnose",
            "explain",
        )
        and "--out" not in arguments
    ):
        arguments += ["--out", str(places["out"])]
    assert main([command, *arguments]) == code
    out, err = capsys.readouterr()
    assert "Traceback" not in err
    assert code in (0, 1, 141) or (out + err).strip()


def test_every_command_is_tried_with_every_code_it_can_end_with():
    """Wrong usage, a fault, an interruption, a closed pipe may end any command."""
    tried = {}
    for words, _, code in ENDS:
        tried.setdefault(words.split()[0], set()).add(code)
    always = {0, 2, 5, 70, 130, 141}
    assert tried == {
        "run": always | {1, 3, 4},
        "optimizers": always | {1, 3, 4},
        "profile": always | {4},
        "history": always,
        "published": always,
        "detectors": always,
        "diagnose": always | {1, 4},
        "compare": always | {1, 4},
        "report": always | {4},
        "doctor": always,
        "list": always,
        "explain": always | {4},
    }
    assert set(tried) == set(COMMANDS) == set(SOURCES) - {"--curves"}


def test_the_codes_are_those_of_the_readme_and_of_help():
    known = {code for _, _, code in ENDS}
    table = re.findall(r"^\| (\d+) \|", README.read_text(), re.MULTILINE)
    assert {int(code) for code in table} == known
    said = re.search(r"Exit codes: (.*)\. With", " ".join(cli.help.split()))[1]
    assert {int(code) for code in re.findall(r"\b\d+\b", said)} == known


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize(("error", "code"), ERRORS, ids=repr)
def test_an_error_has_the_same_code_in_every_command(
    monkeypatch, capsys, tmp_path, name, error, code
):
    monkeypatch.setattr(COMMANDS[name], "callback", fake(error))
    given = {
        "report": [str(tmp_path)],
        "explain": ["overfitting"],
        "compare": ["a", "b"],
    }.get(name, [])
    assert main([name, *given]) == code
    err = capsys.readouterr().err.strip()  # click ends the line of a ^C
    assert err and "\n" not in err


@pytest.mark.parametrize("behaved", [True, None])
def test_a_control_that_was_not_run_did_not_misbehave(behaved):
    result = a_result(controls=[{"behaved": behaved}, {"behaved": True}])
    assert outcome([result], tuple(CONDITIONS)) == 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"missing_runs": 2, "parts": [a_result(missing_runs=3)]}, "5 runs were not"),
        (LOST | {"parts": [a_result(**LOST)]}, "2 runs failed"),
        (LOST | {"missing_runs": 4}, "1 runs failed"),
    ],
)
def test_what_is_missing_is_counted_over_all_parts(changes, words):
    with pytest.raises(RunsFailed, match=words):
        outcome([a_result(**changes)], ())
