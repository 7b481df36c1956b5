"""The team hands out every task once, waits for all of them, and changes no result."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import pytest
from gradclinic.kernels import mlp, train
from gradclinic.kernels import split as cuts
from gradclinic.kernels.atomics import add, load, pause
from gradclinic.kernels.jit import jit
from gradclinic.kernels.loop.team import (
    NOTHING,
    OVER,
    WORD,
    claim,
    close_phase,
    dismiss,
    finish_task,
    new_team,
    open_phase,
)
from gradclinic.kernels.split import split
from gradclinic.kernels.threads import available_threads
from hypothesis import given
from hypothesis import strategies as st

PHASES, TASKS, PATIENCE = 300, 7, 1_000_000


@jit
def drive(team, arrived, counts, stale):
    """Open every phase and close it, from when a helper is there, if one comes soon."""
    spins = 0
    while load(arrived, 0) == 0 and spins < PATIENCE:
        spins = pause(spins)
    for phase in range(counts.shape[0]):
        open_phase(team, phase % 4, TASKS)
        while True:
            kind, task = claim(team)
            if kind == NOTHING:
                break
            counts[phase, task] += 1
            finish_task(team)
        close_phase(team, TASKS)
        for task in range(TASKS):
            stale[0] += counts[phase, task] != 1


@jit
def help_out(team, arrived, counts):
    """Take tasks until there are no more phases."""
    add(arrived, 0, 1)
    while True:
        kind, task = claim(team)
        if kind == OVER:
            break
        if kind != NOTHING:
            # The phase of a task taken stays open until the task is done.
            counts[(load(team, WORD) >> 28) - 1, task] += 1
            finish_task(team)


def work_together(team, arrived, counts, stale, threads):
    """counts[phase, task] += 1 for every task done; stale: phases closed too early."""
    with ThreadPoolExecutor(threads) as pool:
        driven = pool.submit(drive, team, arrived, counts, stale)
        helped = [
            pool.submit(help_out, team, arrived, counts) for _ in range(1, threads)
        ]
        driven.result()
        dismiss(team)
    assert [each.result() for each in helped] == [None] * (threads - 1)


@pytest.mark.parametrize("threads", range(1, available_threads() + 1))
def test_every_task_is_done_once_and_before_its_phase_is_closed(threads):
    counts, stale = np.zeros((PHASES, TASKS), np.int64), np.zeros(1, np.int64)
    arrived = np.full(1, threads == 1, np.int64)
    work_together(new_team(threads - 1), arrived, counts, stale, threads)
    assert (counts == 1).all()
    assert stale[0] == 0


@given(
    widths=st.lists(st.integers(1, 700), min_size=2, max_size=5),
    batch=st.integers(2, 3000),
    threads=st.none() | st.integers(1, 9),
)
def test_parts_hold_every_parameter_once_and_in_order(widths, batch, threads):
    net = mlp(widths, loss="mse")
    cut = split(net, batch, threads=threads)
    edges = [(0, 0), *cut.parts[:, 2:].tolist(), (net.n_params, 0)]
    for (_, stop), (start, _) in pairwise(edges):
        assert stop == start
    assert 1 <= cut.spans <= batch
    assert cut.piece == batch


SETTINGS = {
    "adam": {},
    "momentum": {"optimizer": "momentum", "l1": 1e-4, "l2": 1e-3},
    "clipped": {"clip_norm": 0.5, "clip_value": 0.01},
    "dropout": {"dropout": 0.3},
    "drawn targets": {"optimizer": "sophia_g"},
}


@pytest.mark.skipif(available_threads() < 2, reason="needs two threads")
@pytest.mark.parametrize("columns", [False, True])
@pytest.mark.parametrize("name", SETTINGS)
def test_a_shared_step_is_the_serial_one_whoever_does_it(name, columns, monkeypatch):
    monkeypatch.setattr(cuts, "COLUMN_WORK", 1 if columns else 10**12)
    options = dict(SETTINGS[name])
    net = mlp([40, 200, 120, 7], dropout=options.pop("dropout", 0.0))
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(300, 40)), rng.integers(0, 7, 300)
    results = {}
    for cut in ("one", "two", "serial"):
        params = net.init(0, np.float64)
        history = train(
            net,
            params,
            x,
            y,
            batch_size=128,
            epochs=3,
            validation=(x[:90], y[:90]),
            threads=1 if cut == "one" else 2,
            micro_batch=128 if cut == "serial" else None,
            **options,
        )
        results[cut] = (params, history.val_loss, history.gradient_norm)
    assert split(net, 128).spans > 1
    assert (split(net, 128).blocks > 1) == columns
    for one, two, serial in zip(*results.values(), strict=True):
        np.testing.assert_array_equal(one, two)
        np.testing.assert_allclose(one, serial, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("diagnostic", ["sample_norm", "dead_units", "update_ratio"])
def test_diagnostics_do_not_depend_on_how_a_step_is_shared(diagnostic, monkeypatch):
    net = mlp([40, 200, 120, 7])
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(256, 40)), rng.integers(0, 7, 256)
    found = []
    for work in (1, 10**12):
        monkeypatch.setattr(cuts, "COLUMN_WORK", work)
        history = train(
            net,
            net.init(0, np.float64),
            x,
            y,
            batch_size=128,
            epochs=2,
            diagnostics=True,
        )
        found.append(getattr(history.diagnostics, diagnostic))
    np.testing.assert_allclose(*found, rtol=1e-9)


def test_divergence_shows_in_a_shared_step():
    net = mlp([40, 200, 120, 7], "identity", "mse")
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(256, 40)), rng.normal(size=(256, 7))
    history = train(
        net, net.init(0), x, y, optimizer="sgd", lr=1e3, batch_size=128, epochs=50
    )
    assert history.status == "diverged"
    assert not np.isfinite(history.train_loss[-1])
    assert history.epochs < 50
