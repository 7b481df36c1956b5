"""Modules that are run as programs: what they take from the command line."""

import json
import os
import runpy
import sys
from importlib import import_module
from multiprocessing import Pipe
from pathlib import Path
from threading import Thread
from types import ModuleType

import pytest
from gradclinic.bench.studies.gpu import first_training
from gradclinic.bench.studies.optimizers import rates, settings, study
from gradclinic.bench.studies.profile.updates import libraries
from gradclinic.bench.studies.profile.updates.worker import UpdateWorker
from gradclinic.kernels import device
from gradclinic.kernels.device import DeviceError

STUDIES = "gradclinic.bench.studies"


@pytest.fixture
def run(monkeypatch, capsys):
    """Run a module as `python -m` does: (what ended it, what it printed)."""

    def run(module, *arguments):
        monkeypatch.setattr(sys, "argv", [f"{module}.py", *map(str, arguments)])
        # Not what is imported already: it runs anew, as a program.
        monkeypatch.delitem(sys.modules, module, raising=False)
        monkeypatch.delitem(sys.modules, f"{module}.__main__", raising=False)
        ended = None
        try:
            runpy.run_module(module, run_name="__main__")
        except BaseException as error:
            ended = error
        return ended, capsys.readouterr()

    return run


def test_an_audit_is_of_the_folder_named(run, tmp_path):
    ended, said = run(f"{STUDIES}.audit", tmp_path)
    assert isinstance(ended, SystemExit) and ended.code == 4
    assert str(tmp_path) in said.err


def test_what_is_compiled_is_the_part_and_dtype_named(run):
    ended, _ = run("gradclinic.bench.execution.warm", "nothing", "float32")
    assert isinstance(ended, KeyError) and ended.args == ("nothing",)
    ended, _ = run("gradclinic.bench.execution.warm", "passes", "no such dtype")
    assert isinstance(ended, (TypeError, ValueError))
    assert "no such dtype" in str(ended)


def test_references_are_made_for_the_modules_named(run):
    ended, _ = run(f"{STUDIES}.parity.make", "nobody")
    assert isinstance(ended, KeyError) and ended.args == ("nobody",)


def test_targets_are_made_for_the_problems_named(run):
    ended, _ = run(f"{STUDIES}.optimizers.make_targets", "nobody")
    assert isinstance(ended, KeyError) and ended.args == ("nobody",)


@pytest.mark.parametrize("named", [True, False])
def test_the_comparison_with_torch_is_written_where_it_is_asked(
    run, monkeypatch, tmp_path, named
):
    torch = ModuleType("torch_training")
    torch.RULES, torch.torch_trained = {}, None
    module = f"{STUDIES}.optimizers.torch_training"
    monkeypatch.setitem(sys.modules, module, torch)
    real, written = settings.StudySettings, []
    monkeypatch.setattr(
        settings, "StudySettings", lambda entrants, problems, **how: real((), (), **how)
    )
    monkeypatch.setattr(Path, "write_text", lambda path, *_, **__: written.append(path))
    path = tmp_path / "result.json"
    ended, _ = run(f"{STUDIES}.optimizers.beside_torch", *([path] if named else []))
    assert isinstance(ended, SystemExit) and ended.code == 0
    (found,) = written
    assert (
        found == path if named else found.parts[-2:] == ("results", "torch-tuned.json")
    )


@pytest.mark.parametrize("named", [True, False])
def test_checks_keep_their_runs_where_it_is_asked(run, monkeypatch, tmp_path, named):
    monkeypatch.setattr(rates, "convergence_rates", lambda: [])

    class Stopped(Exception):
        pass

    def run_study(settings, progress):
        raise Stopped(settings.out)

    monkeypatch.setattr(study, "run_study", run_study)
    ended, _ = run(f"{STUDIES}.optimizers.checks", *([tmp_path] if named else []))
    assert isinstance(ended, Stopped)
    assert ended.args == ((tmp_path if named else Path("gradclinic-checks")),)


def test_a_gpu_is_measured_as_the_command_line_says(run, monkeypatch):
    def none(asked):
        raise DeviceError("There is none.")

    monkeypatch.setattr(device, "chosen_device", none)
    ended, said = run(f"{STUDIES}.gpu", "--check")
    assert isinstance(ended, SystemExit) and ended.code == 5
    assert said.err == "There is none.\n"


def asked(module, request, *commands):
    """What a worker's `main` answers at the other end of its pipe."""
    ours, theirs = Pipe()
    main = import_module(f"{STUDIES}.{module}").main
    worker = Thread(target=main, args=(os.dup(theirs.fileno()),))
    worker.start()
    ours.send(request)
    answers = []
    for command in commands:
        ours.send(command)
        answers.append(ours.recv())
    for end in (ours, theirs):
        end.close()
    worker.join(30)
    assert not worker.is_alive()
    return answers


def test_a_worker_of_the_processor_answers_on_its_pipe():
    answers = asked("gpu.cpu_worker", {}, ["forget"], ["sample", "nobody"])
    assert answers[0] == {} and "KeyError" in answers[1]["reason"]


def test_a_first_training_is_of_the_network_named(monkeypatch):
    seen = []

    def whole(work, epochs):
        seen.append((work.sizes, work.batch, epochs))
        return work, 1.0

    monkeypatch.setattr(first_training, "whole", whole)
    request = {"sizes": [5, 4, 3], "batch": 8}
    assert asked("gpu.first_training", request, ["seconds"]) == [{"seconds": 0.0}]
    assert seen == 2 * [((5, 4, 3), 8, 1)]


def test_a_worker_of_updates_holds_the_library_that_is_asked(monkeypatch):
    monkeypatch.setitem(libraries.LIBRARIES, "mine", None)
    request = {"threads": 1, "seed": 0, "library": "mine"}
    answers = asked("profile.updates.worker", request, ["nothing"], ["sample"])
    assert [set(answer) for answer in answers] == [{"reason"}, {"reason"}]
    with pytest.raises(KeyError, match="nobody"):
        UpdateWorker(request | {"library": "nobody"})


def test_the_readme_gets_the_table_of_the_stored_result(run, monkeypatch, tmp_path):
    from gradclinic.bench.studies.profile.readme import RESULT, with_table

    root = Path(__file__).parents[2]
    text = (root / "README.md").read_text(encoding="utf-8")
    text = text.replace("faster", "slower")
    stored = (root / RESULT).read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    RESULT.parent.mkdir(parents=True)
    RESULT.write_text(stored, encoding="utf-8")
    Path("README.md").write_text(text, encoding="utf-8")
    ended, _ = run(f"{STUDIES}.profile.readme")
    assert ended is None
    found = Path("README.md").read_text(encoding="utf-8")
    assert found == with_table(text, json.loads(stored)) != text
