"""Commands: complete help, light start, one sentence and one exit code per error."""

import errno
import json
import os
import shlex
import subprocess
import sys
from dataclasses import make_dataclass
from math import exp, log
from pathlib import Path
from types import SimpleNamespace

import click
import pytest
from gradclinic.bench.commands import cli, main
from gradclinic.bench.errors import BadData
from gradclinic.bench.execution import training, warm
from gradclinic.bench.execution.store import Run, Store
from gradclinic.bench.forecast import Need
from gradclinic.kernels import device, layers, sequential
from gradclinic.kernels.device import DeviceError
from gradclinic.scenarios import SCENARIOS
from gradclinic.scenarios.data import DataError

CONTEXT = click.Context(cli)
COMMANDS = {name: cli.get_command(CONTEXT, name) for name in cli.list_commands(CONTEXT)}


def a_fix(label, verdict, gain, role="fix"):
    """Return what the closing lines read of a fix."""
    ratios = [exp(-gain), exp(-gain - 0.1), exp(0.1 - gain)]
    return {
        "label": label,
        "role": role,
        "verdict": verdict,
        "low": gain - 0.1,
        "effect": {"kind": "ratio", "ratio": ratios},
    }


def result(name: str = "overfitting", **changes) -> dict:
    """Return what the commands read of a scenario's result."""
    fixes = [
        a_fix("L2, of .01", "cured", log(2)),
        a_fix("Dropout", "relieved", log(4 / 3)),
        a_fix("Depth", "inconclusive", 0.1),
        a_fix("Nothing", "too small to matter", 0.0, role="placebo"),
    ]
    return {
        "schema": 1,
        "scenario": name,
        "seed": 0,
        "title": name.capitalize(),
        "metric": {"label": "loss", "unit": "nats", "scale": "log", "better": "lower"},
        "symptom": {"fires": True},
        "best": {"fixes": [], "reason": "", "without_new_data": []},
        "fixes": fixes,
        "controls": [{"behaved": True}],
        "failed_runs": [],
        "missing_runs": 0,
        "machine": {},
        "command": f"gradclinic run {name}",
        "parts": [],
    } | changes


@pytest.fixture
def study(monkeypatch, tmp_path):
    """Stand-ins for suite and pages: set `results` or `error`, read `asked`."""
    study = SimpleNamespace(results=[result()], error=None, asked=None)
    study.out = tmp_path / "out"

    def run_suite(options, progress):
        study.asked = options
        progress(1, 2, "training")
        if study.error:
            raise study.error
        return study.results

    def write_scenario_page(result, out):
        (out / f"{result['scenario']}.json").write_text(json.dumps(result))

    def write_index(results, out, figures, jobs):
        study.indexed = [result["scenario"] for result in results]
        return out / "index.html"

    names = "scenarios out seed seeds quick jobs device force parts"
    options = make_dataclass("SuiteOptions", names.split())
    monkeypatch.setattr("gradclinic.bench.studies.suite.SuiteOptions", options)
    monkeypatch.setattr("gradclinic.bench.studies.suite.run_suite", run_suite)
    monkeypatch.setattr("gradclinic.reports.write_scenario_page", write_scenario_page)
    monkeypatch.setattr("gradclinic.reports.write_index", write_index)
    study.run = lambda *more: main(["run", "--out", str(study.out), *more])
    return study


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_has_help(name):
    command = COMMANDS[name]
    assert command.help and command.get_short_help_str(60).endswith(".")
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.opts[0]}"
        else:
            word = parameter.make_metavar(click.Context(command)).strip("[].")
            assert word in command.help, f"{name} {word}"


@pytest.mark.parametrize(
    "arguments", [["--help"], ["-h"], ["run", "--help"], ["run", "-h"], ["--version"]]
)
def test_help_imports_nothing_heavy(arguments):
    heavy = {"numpy", "numba", "pandas", "matplotlib", "sklearn", "rich", "sqlite3"}
    script = (
        "import sys; from gradclinic.bench.commands import main\n"
        f"code = main({arguments!r}); print(*set(sys.modules) & {heavy!r})\n"
        "sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_short_h_is_help(name, capsys):
    assert main([name, "--help"]) == 0
    whole = capsys.readouterr()
    assert main([name, "-h"]) == 0
    assert capsys.readouterr() == whole and "-h, --help" in whole.out


def test_a_budget_runs_what_fits_and_says_what_it_left_out(study, capsys, monkeypatch):
    def run_within(options, within, progress):
        within.told("Within 60 s: some.")
        within.results = [result()]
        within.left_out = [Need("divergence", 31.0, 80.0)]
        study.asked, study.within = options, within
        return within

    monkeypatch.setattr("gradclinic.bench.studies.within.run_within", run_within)
    assert study.run("overfitting", "divergence", "--budget", "60") == 0
    out, err = capsys.readouterr()
    assert study.asked.scenarios == ("overfitting", "divergence")
    assert study.within.seconds == 60 and study.within.used < 60
    assert "Within 60 s: some." in out.splitlines()
    assert "of the 60 s allowed." in out
    assert "Left out for lack of time: divergence (30 s). The same command" in out
    assert "of processor time" not in out + err  # nothing is said of the whole
    assert study.run("overfitting", "--budget", "60", "--json") == 0
    out, err = capsys.readouterr()
    assert [each["scenario"] for each in json.loads(out)] == ["overfitting"]
    assert "Within 60 s: some." in err and "Left out for lack" in err


def test_run_hands_its_options_on_and_says_where_the_pages_are(study, capsys):
    options = "--seed 7 --seeds 5 --quick --jobs 2 --device cpu --force"
    code = study.run("overfitting", "overfitting", *options.split())
    out, err = capsys.readouterr()
    assert (code, err) == (0, "")
    asked = study.asked
    assert (asked.scenarios, asked.out) == (("overfitting",), study.out)
    assert (asked.seed, asked.seeds, asked.quick) == (7, 5, True)
    assert (asked.jobs, asked.device, asked.force) == (2, "cpu", True)
    assert out.splitlines()[:5] == [
        "Overfitting: symptom confirmed",
        "  cured     L2, of .01  loss x0.50 (.45 to .55)",
        "  relieved  Dropout     loss x0.75 (.68 to .83)",
        "  others: 1 inconclusive",
        "",
    ]
    assert str(study.out / "index.html") in out
    assert typed_in_full(out) == [
        *("run", "overfitting", "--out", str(study.out), "--seed", "7", "--seeds", "5"),
        *("--jobs", "2", "--device", "cpu"),
    ]


def test_a_quick_look_says_how_many_questions_it_left(study, capsys):
    study.results = [result() | {"parts": [], "unasked": ["One", "Two"]}]
    assert study.run("overfitting", "overfitting.label_noise", "--quick") == 0
    out, _ = capsys.readouterr()
    assert study.asked.parts == ("overfitting.label_noise",)
    assert "whose first question is asked with it." in out
    assert "This was the quick look, at 1 of 3 questions. In full: " in out
    assert "of processor time" not in out  # of that part nothing was measured


def test_a_harm_is_said_beside_the_effect(study, capsys):
    study.results[0]["fixes"][0] |= {
        "verdict": "worse",
        "guardrail": "On test rows accuracy falls by over a point (confirmed).",
    }
    assert study.run() == 0
    line = capsys.readouterr().out.splitlines()[1]
    assert "loss x0.50 (.45 to .55); on test rows accuracy falls" in line


def test_the_command_in_full_can_be_typed_whatever_the_folder_is_called(study, capsys):
    study.out = study.out.with_name("it's $HOME & more")
    assert study.run("--quick") == 0
    out, _ = capsys.readouterr()
    assert typed_in_full(out) == ["run", "--out", str(study.out)]


def typed_in_full(out):
    """The words of the command that is said to be the whole study."""
    words = shlex.split(out.partition("In full: ")[2])
    return words[words.index("run") :]


def test_json_is_all_that_is_on_stdout(study, capsys):
    assert study.run("--json") == 0
    out, err = capsys.readouterr()
    assert json.loads(out) == study.results
    assert "index.html" in err


def test_the_index_lists_earlier_results_too(study):
    study.run()
    study.results = [result("underfitting")]
    study.run()
    assert study.indexed == ["overfitting", "underfitting"]


@pytest.mark.parametrize(
    ("condition", "changes"),
    [
        ("uncured", {"fixes": [a_fix("L2", "worse", -1.0)]}),
        ("uncured", {"fixes": [a_fix("x", "cured", 1.0, role="positive")]}),
        ("controls", {"controls": [{"behaved": True}, {"behaved": False}]}),
        ("symptom", {"symptom": {"fires": False}}),
    ],
)
@pytest.mark.parametrize("part", [False, True])
def test_fail_on_exits_with_1(study, capsys, condition, changes, part):
    bad = result(**changes)
    study.results = [result(parts=[bad])] if part else [result("underfitting"), bad]
    assert study.run() == 0
    capsys.readouterr()
    assert study.run("--fail-on", condition) == 1
    assert capsys.readouterr().err.startswith("Overfitting: ")
    others = {"uncured", "controls", "symptom"} - {condition}
    assert study.run(*(word for o in others for word in ("--fail-on", o))) == 0


def test_failed_runs_exit_with_3_after_the_pages_are_written(study, capsys):
    lost = {"fix": "l2", "seed": 3, "reason": "it broke"}
    study.results = [result(failed_runs=[lost, lost])]
    assert study.run() == 3
    out, err = capsys.readouterr()
    assert "index.html" in out
    assert err == "2 runs failed; the pages list them with reasons.\n"


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (BadData("runs.sqlite is corrupt; left."), 4, "runs.sqlite is corrupt; left."),
        (DataError("row 3 of column a is NaN"), 4, "row 3 of column a is NaN"),
        (OSError(errno.ENOSPC, "No space", "d/x.png"), 5, "d/x.png: the disk is full"),
        (PermissionError(errno.EACCES, "no", "d/x"), 5, "d/x: permission is denied"),
        (MemoryError("300 GB"), 5, "Out of memory: 300 GB"),
        (KeyboardInterrupt(), 130, "Interrupted"),
        (DeviceError("The GPU is out of memory."), 5, "The GPU is out of memory."),
        (ImportError("Numba needs NumPy 2"), 5, "loaded here: Numba needs NumPy 2."),
        (ModuleNotFoundError("No module named 'x'", name="x"), 5, "named 'x'."),
        (ImportError("no name", name="gradclinic.kernels"), 70, "ImportError: no name"),
        (ZeroDivisionError("by zero\nmore"), 70, "ZeroDivisionError: by zero (GRAD"),
        (ValueError("no such loss"), 70, "ValueError: no such loss"),
    ],
)
def test_an_error_is_one_sentence_and_its_exit_code(study, capsys, error, code, words):
    study.error = error
    assert study.run() == code
    err = capsys.readouterr().err.strip()
    assert words in err
    assert "\n" not in err


def test_debug_shows_the_traceback(study, capsys, monkeypatch):
    monkeypatch.setenv("GRADCLINIC_DEBUG", "1")
    study.error = ZeroDivisionError("by zero")
    assert study.run() == 70
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ("run overfiting", 2, "'overfiting' (did you mean overfitting?)"),
        ("run --seeds 0", 2, "'--seeds'"),
        ("run --seeds many", 2, "'--seeds'"),
        ("run --seeds 1001", 2, "'--seeds'"),
        ("run --seed -1", 2, "'--seed'"),
        ("run --jobs 0", 2, "'--jobs'"),
        ("run --budget nan", 2, "'--budget'"),
        ("run --budget 0", 2, "'--budget'"),
        ("run --device tpu", 2, "'--device'"),
        ("run --fail-on rain", 2, "'--fail-on'"),
        ("run --nonsense", 2, "--nonsense"),
        ("rnu", 2, "'rnu' (did you mean run?)"),
        ("run --out {file}", 5, "in the way"),
        ("run --out {file}/below", 5, "is a file, not a folder"),
        ("run --out /proc/nothing", 5, "/proc/nothing"),
        ("report {file}/below", 4, "no folder"),
        ("report {folder}", 4, "holds no results"),
    ],
)
def test_wrong_usage_is_one_sentence(study, capsys, tmp_path, arguments, code, words):
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    places = {"file": tmp_path / "file", "folder": tmp_path / "folder"}
    assert main([word.format(**places) for word in arguments.split()]) == code
    out, err = capsys.readouterr()
    assert words in err and err.count("\n") == 1 and not out
    assert study.asked is None


def test_cuda_without_a_gpu_exits_with_5(study, capsys, monkeypatch):
    monkeypatch.setattr(device, "absence", lambda: "There is no GPU here.")
    assert study.run("--device", "cuda") == 5
    out, err = capsys.readouterr()
    assert (out, err) == ("", "There is no GPU here.\n") and study.asked is None
    monkeypatch.setattr(device, "absence", lambda: None)
    assert study.run("--device", "cuda") == 0
    assert study.asked.device == "cuda"


def test_cuda_for_layers_without_a_twin_exits_with_5(tmp_path, capsys, monkeypatch):
    net = sequential(
        (8, 8, 1), [layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(2)]
    )
    monkeypatch.setattr(device, "absence", lambda: None)  # a GPU that is never asked
    monkeypatch.setattr(training, "network", lambda trial, rows: net)
    monkeypatch.setattr(warm, "warm_for_run", lambda *_: None)
    asked = ["run", "divergence", "--quick", "--seeds", "2", "--jobs", "1"]
    assert main([*asked, "--device", "cuda", "--out", str(tmp_path / "pages")]) == 5
    out, err = capsys.readouterr()
    assert err.splitlines()[-1] == (
        "Device 'cuda' does not train layers of kind 'conv2d' in this network; use"
        " 'cpu', or layers one behind the other of activation, dense, dropout, noise."
    )
    assert not out and "Traceback" not in err


def test_report_draws_what_is_stored(study, capsys):
    study.run()
    capsys.readouterr()
    assert main(["report", str(study.out), "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out) == study.results
    assert str(study.out / "index.html") in err


def test_report_on_an_interrupted_run_says_what_finishes_it(tmp_path, capsys):
    with Store(tmp_path / "runs.sqlite") as store:
        store.put([Run("k", "overfitting", "l2", "fix", 0)])
    assert main(["report", str(tmp_path)]) == 4
    assert "holds 1 runs but no finished scenario" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"scenario": "x", ', "is not JSON"),
        ('{"schema": 2}', "newer gradclinic"),
        ('{"schema": 1}', "is not a result"),
        ('["overfitting"]', "is not a result"),
    ],
)
def test_report_names_a_file_it_cannot_read(tmp_path, capsys, content, words):
    (tmp_path / "overfitting.json").write_text(content)
    assert main(["report", str(tmp_path)]) == 4
    assert words in capsys.readouterr().err


def test_a_strange_file_in_the_folder_does_not_cost_the_index(study, capsys):
    study.out.mkdir()
    for name in ("notes.json", "overfitting.json", "underfitting.json"):
        (study.out / name).write_text('{"scenario": "x", ')
    assert study.run() == 0
    assert study.indexed == ["overfitting"]


def test_runs_that_were_not_started_are_said(study, capsys):
    study.results = [result(missing_runs=7)]
    assert study.run() == 3
    assert "7 runs were not started" in capsys.readouterr().err


def test_list_names_everything(capsys):
    assert main(["list", "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert [s["name"] for s in content["scenarios"]] == list(SCENARIOS)
    assert main(["list"]) == 0
    text = capsys.readouterr().out
    for kind in ("scenarios", "optimizers", "minimisers"):
        assert all(item["name"] in text for item in content[kind])
    for kind in ("schedules", "layers", "activations", "losses"):
        assert all(name in text for name in content[kind])


def test_list_fixes_names_each_once_with_all_that_try_it(capsys):
    assert main(["list", "fixes", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    tried = {}
    for scenario in SCENARIOS.values():
        for question in (scenario, *scenario.parts):
            for fix in question.fixes:
                tried.setdefault(fix.name, []).append(question.name)
    assert {fix["name"]: fix["scenarios"] for fix in found} == tried
    assert len(found) == len(tried) and all(fix["claim"] for fix in found)
    assert main(["list", "Fixes"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == sorted(tried)


@pytest.mark.parametrize("kind", ["losses", "problems", "data sets"])
def test_list_names_one_kind_alone(kind, capsys):
    assert main(["list", "--json"]) == 0
    every = json.loads(capsys.readouterr().out)
    assert main(["list", kind, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {kind: every[kind]}
    assert main(["list", kind]) == 0
    assert kind in capsys.readouterr().out


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_output_on_a_full_disk_is_one_sentence():
    script = "import sys; from gradclinic.bench.commands import main; sys.exit(main())"
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-c", script, "list"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 5
    assert done.stderr.count("\n") == 1 and "the disk is full" in done.stderr


START = "import sys; from gradclinic.bench.commands import main; sys.exit(main())"


def started(*arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **settings):
    """gradclinic in a process of its own, with some variables set."""
    return subprocess.Popen(
        [sys.executable, "-c", START, *arguments],
        stdout=stdout,
        stderr=stderr,
        env=os.environ | settings,
    )


@pytest.mark.parametrize(
    "command",
    [
        "list --json",
        "--help",
        "list --help",
        pytest.param("optimizers --parity", marks=pytest.mark.exhaustive),
    ],
)
def test_a_closed_pipe_is_no_verdict(command):
    process = started(*command.split())
    process.stdout.close()
    with process.stderr as errors:
        assert (errors.read(), process.wait()) == (b"", 141)


def test_an_error_that_nobody_reads_keeps_its_exit_code(tmp_path):
    nothing = str(tmp_path / "nothing")
    process = started("report", nothing, stdout=subprocess.DEVNULL)
    process.stderr.close()
    assert process.wait() == 4


@pytest.mark.parametrize("closed", [1, 2])
def test_a_stream_that_was_closed_before_is_no_fault(closed):
    script = f"exec '{sys.executable}' -c '{START}' list --json {closed}>&-"
    done = subprocess.run(["sh", "-c", script], capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
    assert (done.stdout == b"") == (closed == 1)


def test_nothing_is_drawn_where_stderr_is_no_terminal_and_ascii_will_do():
    """Variables that hint at colours, and a stream that has no arrows."""
    hints = {"FORCE_COLOR": "1", "TTY_COMPATIBLE": "1", "PYTHONIOENCODING": "ascii"}
    process = started("doctor", **hints)
    out, err = process.communicate()
    assert process.returncode in (0, 5) and out.isascii()
    assert b"training" in out and b"\x1b" not in err and b"Traceback" not in err


def test_told_to_compile_nothing_commands_say_so():
    sentence = b"NUMBA_DISABLE_JIT=1 switches off: unset NUMBA_DISABLE_JIT."
    process = started("list", NUMBA_DISABLE_JIT="1")
    out, err = process.communicate()
    assert (process.returncode, out, err.count(b"\n")) == (5, b"", 1)
    assert sentence in err
    process = started("doctor", "--json", NUMBA_DISABLE_JIT="1")
    checks = json.loads(process.communicate()[0])["checks"]
    assert process.returncode == 5
    (training,) = (check for check in checks if check["name"] == "training")
    assert training["verdict"] == "fail" and sentence.decode() in training["found"]
