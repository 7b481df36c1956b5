"""Our optimizers against stored trajectories of torch.optim and optax."""

import ast
import contextlib
import io
import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from gradclinic.bench.commands import main
from gradclinic.bench.schemas import faults
from gradclinic.bench.studies.parity import stored
from gradclinic.bench.studies.parity.certificate import (
    certificate,
    difference,
    passes,
    row_of,
)
from gradclinic.bench.studies.parity.problems import (
    flat_of,
    problems,
    tensors_of,
)
from gradclinic.bench.studies.parity.references import DERIVED, MODULES, REFERENCES
from gradclinic.kernels import OPTIMIZERS

from ...quick import first_or_exhaustive

ROOT = Path(__file__).parents[3]
ROWS = {
    f"{module}: {reference.optimizer}, {reference.label}": (module, reference)
    for module, references in REFERENCES.items()
    for reference in references
}
TORCH = REFERENCES["torch_optim"]
# Switches and counts have no size to be wrong by.
SWITCHES = {"maximize", "nesterov", "decoupled_weight_decay", "bias_correction", "k"}
SWITCHES |= {"safeguard_warmup", "adjust_lr", "ns_steps"}


@pytest.fixture(scope="module")
def content() -> dict:
    """What the command prints as JSON; made once."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        assert main(["optimizers", "--parity", "--json"]) == 0
    return json.loads(out.getvalue())


def test_the_certificate_is_as_told(content):
    assert list(faults(content, "parity")) == []


@pytest.fixture
def few(monkeypatch):
    """A certificate of two rows."""
    rows = [row for row in REFERENCES["torch_optim"] if row.label == "defaults"]
    rows = tuple(row for row in rows if row.optimizer in ("adam", "sgd"))
    module = "gradclinic.bench.studies.parity.certificate.REFERENCES"
    monkeypatch.setattr(module, {"torch_optim": rows})


# The first row of each optimizer; the others are exhaustive.
FIRST = {reference.optimizer: name for name, (_, reference) in reversed(ROWS.items())}


@pytest.mark.parametrize("name", FIRST.values())
def test_the_first_row_of_an_optimizer_is_within_its_tolerance(name):
    module, reference = ROWS[name]
    row = row_of(reference, *stored.read(module))
    assert row["passes"], row["differences"]


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", ROWS)
def test_every_row_is_within_its_tolerance(name, content):
    module, reference = ROWS[name]
    declared = stored.declared(reference)
    (row,) = (row for row in content["rows"] if declared.items() <= row.items())
    assert row["passes"], row["differences"]
    assert row["differences"].keys() == set(reference.problems)
    assert max(row["differences"].values()) <= reference.tolerance
    assert set(MODULES[module].LIBRARIES) < set(row["versions"])
    assert reference.tolerance <= 1e-9 or reference.reason
    arrays = stored.read(module)[1]
    for name in reference.problems:
        theirs = arrays[reference.key(name)]
        assert len(theirs) == len(stored.STEPS) or reference.ours
        # It moved, and by far more than the tolerance.
        assert np.ptp(theirs, axis=0).max() > 1e-3


@pytest.mark.parametrize("module", REFERENCES)
def test_what_is_stored_is_what_is_declared(module):
    about, arrays = stored.read(module)
    references = REFERENCES[module]
    keys = [reference.key(n) for reference in references for n in reference.problems]
    assert sorted(arrays) == sorted(keys)
    assert about.get("rows", []) == [stored.declared(r) for r in references]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_has_a_reference_or_is_derived(name):
    rows = [row for _, row in ROWS.values() if row.optimizer == name]
    assert bool(rows) != (name in DERIVED)
    if rows:
        # The defaults, and options away from them.
        labels = {row.label for row in rows}
        assert len(labels) > 1
        assert any(label.startswith("defaults") for label in labels)


@pytest.mark.parametrize("name", DERIVED)
def test_what_derives_an_optimizer_is_a_test(name):
    file, _, test = DERIVED[name].partition("::")
    tree = ast.parse((ROOT / file).read_text())
    functions = {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}
    assert test in functions and test.startswith("test_")
    assert name in (ROOT / file).read_text()


# What is seen through the sign of a sum only needs a coarser error to show.
COARSE = {("lion", "beta1"): 0.1, ("lion", "beta2"): 0.01}


def used_options(optimizer):
    """Options of an optimizer that some row takes away from their defaults."""
    rows = [row for _, row in ROWS.values() if row.optimizer == optimizer]
    return {option for row in rows for option in row.options}


@pytest.mark.parametrize("optimizer", sorted({row.optimizer for row in TORCH}))
def test_every_option_is_compared(optimizer):
    assert used_options(optimizer) == OPTIMIZERS[optimizer].defaults.keys()


def caught(optimizer, option):
    """Does a row see that the option is wrong? One answer a row and problem."""
    error = COARSE.get((optimizer, option), 1e-6)
    for module, row in ROWS.values():
        if row.optimizer == optimizer and row.options.get(option, 0) != 0:
            wrong = {option: row.options[option] * (1 + error)}
            arrays = stored.read(module)[1]
            for name in row.problems:
                theirs = arrays[row.key(name)]
                yield difference(row, name, theirs, **wrong) > row.tolerance


@pytest.mark.parametrize(
    "optimizer", first_or_exhaustive(OPTIMIZERS, ("sgd", "adam", "lion"))
)
def test_an_option_wrong_by_a_millionth_is_caught(optimizer):
    for option in sorted(used_options(optimizer) - SWITCHES):
        assert any(caught(optimizer, option)), option


def test_a_rule_wrong_by_a_millionth_is_caught():
    module, row = next(pair for pair in ROWS.values() if pair[1].optimizer == "sgd")

    def ours(problem, options):
        rule, params = OPTIMIZERS["sgd"], problem.start.copy()
        state = rule.init_state(params.size, np.float64)
        for step in range(1, stored.LAST + 1):
            gradient = problem.gradient(params)
            gradient[0] *= 1 + 1e-6
            rule.update(params, gradient, state, step=step, **options)
            yield params.copy()

    about, arrays = stored.read(module)
    found = row_of(replace(row, ours=ours), about, arrays)
    assert not found["passes"]
    assert min(found["differences"].values()) > 1e-9


def test_a_row_stored_for_other_options_does_not_pass():
    module, row = next(iter(ROWS.values()))
    found = row_of(replace(row, options={"lr": 0.5}), *stored.read(module))
    assert (found["passes"], found["fault"]) == (False, "not stored")
    assert set(found["differences"].values()) == {None}


def test_what_diverges_does_not_pass():
    module, row = next(pair for pair in ROWS.values() if pair[1].optimizer == "sgd")

    def ours(problem, options):
        while True:
            yield np.full(problem.start.size, np.nan)

    found = row_of(replace(row, ours=ours), *stored.read(module))
    assert (found["passes"], found["fault"]) == (False, "not finite")
    assert set(found["differences"].values()) == {None}
    theirs = stored.read(module)[1][row.key(row.problems[0])]
    assert math.isinf(difference(row, row.problems[0], theirs, lr=1e300))


@pytest.mark.parametrize("name", problems())
def test_tensors_of_the_references_are_the_parameters(name):
    problem = problems()[name]
    tensors = tensors_of(problem, problem.start)
    assert [t.shape for t in tensors] == [tuple(s) for *_, s in problem.layout]
    np.testing.assert_array_equal(flat_of(tensors), problem.start)
    tensors[0][...] = 9.0  # a copy
    assert not (problem.start == 9.0).any()


def test_the_quadratic_is_ill_conditioned_and_rotated():
    hessian = problems()["quadratic"].hessian
    eigenvalues = np.linalg.eigvalsh(hessian)
    assert eigenvalues[-1] / eigenvalues[0] == pytest.approx(1e3)
    assert np.abs(hessian[~np.eye(len(hessian), dtype=bool)]).min() > 1e-4


@pytest.mark.parametrize("name", problems())
def test_gradients_of_the_problems_are_those_of_their_losses(name):
    # The references differentiate by themselves; a first step apart shows a wrong one.
    problem, step = problems()[name], 1e-6

    def loss(params):
        if name == "network":
            return problem.net.loss_and_grad(params, problem.x, problem.y)[0]
        away = params - problem.minimum
        return away @ problem.hessian @ away / 2

    for k in range(problem.start.size):
        move = step * np.eye(problem.start.size)[k]
        slope = (loss(problem.start + move) - loss(problem.start - move)) / (2 * step)
        assert problem.gradient(problem.start)[k] == pytest.approx(slope, abs=1e-8)


@pytest.mark.exhaustive
def test_the_command_prints_the_certificate(content, capsys, monkeypatch):
    module = "gradclinic.bench.studies.parity.certificate.certificate"
    monkeypatch.setattr(module, lambda: content)
    monkeypatch.setenv("COLUMNS", "120")
    assert main(["optimizers", "--parity"]) == 0
    out = capsys.readouterr().out
    assert "torch.optim.AdamW" in out and f"{len(ROWS)} of {len(ROWS)} rows" in out
    assert len(content["rows"]) == len(ROWS)
    assert content["unproven"] == []


def test_the_command_fails_on_a_difference(few, capsys, monkeypatch):
    wrong = replace(OPTIMIZERS["adam"], defaults={**OPTIMIZERS["adam"].defaults})
    wrong.defaults["eps"] = 1e-3
    monkeypatch.setitem(OPTIMIZERS, "adam", wrong)
    assert main(["optimizers", "--parity"]) == 1
    out = capsys.readouterr().out
    assert "over 1e-09" in out and "1 of 2 rows" in out


def test_an_optimizer_without_a_check_is_named(few, capsys, monkeypatch):
    for name in OPTIMIZERS.keys() - {"adam", "sgd"}:
        monkeypatch.delitem(OPTIMIZERS, name)
    assert main(["optimizers", "--parity"]) == 0
    assert passes(certificate())
    monkeypatch.setitem(OPTIMIZERS, "mine", replace(OPTIMIZERS["adam"], name="mine"))
    capsys.readouterr()
    assert main(["optimizers", "--parity"]) == 1
    assert "Not checked: mine" in " ".join(capsys.readouterr().out.split())
