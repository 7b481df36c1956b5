"""Every schedule against torch's factors, and inside the loop against NumPy."""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from gradclinic.kernels import mlp, train, train_population
from gradclinic.kernels.functions import compiled
from gradclinic.kernels.schedule import MEMORY
from gradclinic.kernels.schedules import SCHEDULES

from .test_training import classification, descend, numpy_steps

REFERENCE = json.loads(
    (Path(__file__).parent / "references" / "schedules.json").read_text()
)


def factors(name, options, losses, steps):
    """The factor at each step; `losses` are observed one a step, where given."""
    schedule, memory = SCHEDULES[name], np.zeros(MEMORY)
    factor = compiled(schedule.rule, "schedule", "float64")
    observe = compiled(schedule.observe, "observe", "float64")
    values, found = schedule.values(options), []
    for step in range(len(losses) or steps):
        found.append(factor(step, steps, values, memory))
        if losses:
            observe(memory, float(losses[step]), values)
    return found


@pytest.mark.parametrize("case", REFERENCE["cases"], ids=lambda case: case["schedule"])
def test_factors_are_those_of_torch(case):
    follows = case["schedule"] == "reduce_on_plateau"
    losses = REFERENCE["losses"] if follows else []
    got = factors(case["schedule"], case["options"], losses, REFERENCE["steps"])
    np.testing.assert_allclose(got, case["factors"], rtol=1e-12, atol=1e-15)


def test_every_schedule_is_compared():
    compared = {case["schedule"] for case in REFERENCE["cases"]}
    assert set(SCHEDULES) == {*compared, "constant"}
    assert factors("constant", {}, [], 5) == [1.0] * 5


@pytest.mark.parametrize("name", SCHEDULES)
def test_what_it_declares(name):
    schedule = SCHEDULES[name]
    assert schedule.name == name
    assert any(character.isdigit() for character in schedule.source)
    assert set(schedule.bounds) == set(schedule.defaults)
    for steps in (1, 2, 7, 1000):
        found = factors(name, {}, [], steps)
        assert np.isfinite(found).all()
        assert 0 <= min(found) <= max(found) <= 1 + 1e-15


@pytest.mark.parametrize("warmup", [0, 5])
@pytest.mark.parametrize("name", sorted(set(SCHEDULES) - {"reduce_on_plateau"}))
def test_the_loop_follows_the_schedule(name, warmup):
    def factor(step, steps):
        rise = (step + 1) / warmup if step < warmup else 1
        return rise * factors(name, {}, [], steps)[step]

    problem = classification()
    wanted, _ = numpy_steps(*problem, 12, 0.1, factor=factor)
    got = descend(problem, schedule=name, warmup=warmup)
    np.testing.assert_allclose(got, wanted, rtol=1e-10)


PLATEAU = {"factor": 0.5, "patience": 1, "cooldown": 1, "min_factor": 0.1}


def plateau(steps, validation, reduce):
    """(parameters, factors used) of full-batch descent, in NumPy."""
    net, params, x, y = classification()
    factor, best, waited, cooling, used = 1.0, np.inf, 0, 0, []
    for _ in range(steps):
        loss, grad = net.loss_and_grad(params, x, y)
        params = params - 0.1 * factor * grad
        used.append(factor)
        loss = net.evaluate(params, *validation)[0] if validation else loss
        if loss < best * (1 - reduce["threshold"]):
            best, waited = loss, 0
        else:
            waited += 1
        if cooling:
            cooling, waited = cooling - 1, 0
        if waited > reduce["patience"]:
            factor = max(factor * reduce["factor"], reduce["min_factor"])
            cooling, waited = reduce["cooldown"], 0
    return params, used


@pytest.mark.parametrize("watched", ["training", "validation"])
def test_a_plateau_lowers_the_rate_from_the_next_epoch_on(watched):
    net, start, x, y = classification()
    held_out = (x[:40], y[:40]) if watched == "validation" else None
    options = {**PLATEAU, "threshold": 0.05}
    wanted, used = plateau(25, held_out, options)
    assert len(set(used)) >= 4  # several drops, down to the lowest
    settings = {"schedule": "reduce_on_plateau", "schedule_options": options}
    got = descend((net, start, x, y), epochs=25, validation=held_out, **settings)
    np.testing.assert_allclose(got, wanted, rtol=1e-9)


def test_a_plateau_is_the_same_for_any_number_of_threads_and_for_populations():
    net = mlp([32, 256, 8], "tanh")
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(600, 32)), rng.integers(0, 8, 600)
    held_out = (rng.normal(size=(200, 32)), rng.integers(0, 8, 200))
    settings = {
        "schedule": "reduce_on_plateau",
        "schedule_options": {"patience": 0},
        "optimizer": "sgd",
        "lr": 0.5,
        "batch_size": 300,
        "epochs": 8,
        "validation": held_out,
    }
    trained = []
    for threads in (1, 2):
        params = net.init(3, np.float64)
        history = train(net, params, x, y, seed=3, threads=threads, **settings)
        trained.append((params, history.update_ratio))
    np.testing.assert_array_equal(trained[0][0], trained[1][0])
    assert min(b / a for a, b in pairwise(trained[0][1])) < 0.2  # the rate did drop
    small = mlp([32, 4, 8], "tanh")
    settings["dtype"] = np.float64
    runs = train_population(small, x, y, [3, 4, 5], threads=2, **settings)
    del settings["dtype"]
    for k, seed in enumerate((3, 4, 5)):
        params = small.init(seed, np.float64)
        train(small, params, x, y, seed=seed, **settings)
        np.testing.assert_array_equal(runs.params[k], params)


@pytest.mark.parametrize(
    ("schedule", "options", "error", "words"),
    [
        ("step", {"gama": 1}, ValueError, "did you mean 'gamma'"),
        ("multi_step", {"milestones": 0.5}, TypeError, "must be a tuple of numbers"),
        ("multi_step", {"milestones": ()}, TypeError, "must be a tuple of numbers"),
        ("multi_step", {"milestones": (3,)}, ValueError, "each of milestones must be"),
        ("cosine_restarts", {"growth": 0.5}, ValueError, "growth must be at least 1"),
        ("cosine_restarts", {"period": 10}, ValueError, "period must be between 0"),
        ("one_cycle", {"pct_start": 30}, ValueError, "pct_start must be between 0"),
        ("one_cycle", {"div_factor": 0}, ValueError, "div_factor must be above 0"),
        ("reduce_on_plateau", {"factor": 2}, ValueError, "factor must be between 0"),
        ("reduce_on_plateau", {"patience": "x"}, TypeError, "patience must be a num"),
        ("polynomial", {"power": -1}, ValueError, "power must be at least 0"),
    ],
)
def test_a_wrong_option_is_one_sentence(schedule, options, error, words):
    problem = classification()
    with pytest.raises(error, match=words) as caught:
        descend(problem, schedule=schedule, schedule_options=options)
    assert "\n" not in str(caught.value)
