"""Pictures of systems: they show what the trained networks compute."""

from dataclasses import replace

import numpy as np
import pytest
from gradclinic.bench.studies.history import pictures
from gradclinic.bench.studies.history.parts import front, part
from gradclinic.bench.studies.history.pictures import depth, maps, planes, states
from gradclinic.bench.studies.history.systems import SYSTEMS
from gradclinic.bench.studies.history.training import Trained, set_by_hand, trained
from gradclinic.scenarios.trial import Dataset


def untrained(trial, seed=0):
    """A network of a trial after one pass over a few rows."""
    data = replace(trial.data, rows=40, validation=10, test=30)
    return trained(replace(trial, data=data, epochs=1), seed)


def panels_of(name):
    return pictures.PICTURES[name](0)["panels"]


def test_every_system_has_its_picture():
    assert set(pictures.PICTURES) == set(SYSTEMS)


def test_hidden_units_part_the_corners_of_xor_and_a_line_does_not():
    side = planes.POINTS
    upper, lower = side // 5, side - 1 - side // 5
    for name, most in (("threshold", 1.0), ("mlp", 0.9)):
        picture = pictures.PICTURES[name](0)
        panels = {p["label"]: np.array(p["values"]) for p in picture["panels"]}
        answer = panels["alike" if name == "threshold" else "answer"]
        assert answer.shape == (side, side)
        assert min(answer[upper, lower], answer[lower, upper]) >= most
        assert max(answer[upper, upper], answer[lower, lower]) <= 1 - most
    for panel in (p for n in ("perceptron", "logistic") for p in panels_of(n)):
        answer = np.array(panel["values"]) > 0.5
        corners = answer[[upper, lower, upper, lower], [lower, upper, upper, lower]]
        assert (corners != [True, True, False, False]).any()


def test_the_marks_of_xor_stand_at_its_corners():
    marks = pictures.PICTURES["threshold"](0)["marks"]
    at = {(mark["x"] > 0.5, mark["y"] > 0.5): mark["text"] for mark in marks}
    assert {at[False, False], at[True, True]} == {"alike"}
    assert {at[False, True], at[True, False]} == {"differ"}


def test_the_front_of_a_network_hands_on_what_the_whole_does():
    net, params = set_by_hand()
    x = planes.places()[::97]
    whole, same = front(net, params, len(net.nodes))
    np.testing.assert_array_equal(whole.predict(same, x), net.predict(params, x))
    first, beginning = front(net, params, 1)
    w, b = (part(net, params, f"layer0.{name}") for name in ("weight", "bias"))
    np.testing.assert_allclose(first.predict(beginning, x), x @ w + b, atol=1e-6)


@pytest.mark.parametrize("name", ["lstm", "gru"])
def test_gates_lead_from_one_state_to_the_next(name):
    after = untrained(states.shorter(name))
    x, before, now, w, u, b = states._known(after, 3)
    gates = list(states.gates(after, 3).values())
    h = now.shape[1]
    if name == "lstm":
        cell = np.zeros(h)
        for t, (i, f) in enumerate(zip(*gates, strict=True)):
            z = x[t] @ w + before[t] @ u + b
            cell = f * cell + i * np.tanh(z[2 * h : 3 * h])
            state = np.tanh(cell) / (1 + np.exp(-z[3 * h :]))
            np.testing.assert_allclose(state, now[t], atol=1e-5)
    else:
        c = part(after.net, after.params, "layer0.recurrent_bias")
        for t, (r, z) in enumerate(zip(*gates, strict=True)):
            q = before[t] @ u[:, 2 * h :] + c
            n = np.tanh(x[t] @ w[:, 2 * h :] + b[2 * h :] + r * q)
            np.testing.assert_allclose((1 - z) * n + z * before[t], now[t], atol=1e-5)


def test_states_end_in_what_the_network_reads():
    after = untrained(states.shorter("elman"))
    x = after.rows.x_test
    first, beginning = front(after.net, after.params, 1)
    last = states.states(after, x)[:, -1]
    np.testing.assert_array_equal(last, first.predict(beginning, x))


def test_nothing_is_left_where_a_state_forgets_at_once():
    after = untrained(states.shorter("elman"))
    params = after.params.copy()
    part(after.net, params, "layer0.recurrent")[:] = 0
    forgets = Trained(after.net, params, after.rows, after.history, 0.0)
    told = states.told_of_the_first(forgets)
    assert len(told) == states.STEPS // 2 + 1
    assert told[0] > 0.9 and told[1:].max() < 0.3


def test_attention_takes_as_much_as_the_layer_does():
    """The map gives back what the attention hands on, from its values."""
    trial = SYSTEMS["attention"].trials[maps._TASK]
    data = Dataset("copying", 40, 10, 30, options=maps._OPTIONS)
    after = untrained(replace(trial, data=data, shape=(maps.STEPS,)))
    net, params, x = after.net, after.params, after.rows.x_test
    node = next(k for k, n in enumerate(net.nodes) if n.kind.name == "attention")
    share = maps.looked_at(after, node, x)
    np.testing.assert_allclose(share.sum(axis=3), 1, atol=1e-5)
    before, beginning = front(net, params, node)
    tokens = before.predict(beginning, x).reshape(len(x), maps.STEPS, -1)
    value, output = (part(net, params, f"layer{node}.{n}") for n in ("value", "output"))
    biases = [part(net, params, f"layer{node}.{n}_bias") for n in ("value", "output")]
    v = (tokens @ value + biases[0]).reshape(len(x), maps.STEPS, len(share), -1)
    context = np.einsum("hbij,bjhs->bihs", share, v).reshape(tokens.shape)
    behind, its = front(net, params, node + 1)
    found = behind.predict(its, x).reshape(tokens.shape)
    np.testing.assert_allclose(context @ output + biases[1], found, atol=1e-5)


def test_gradients_shrink_through_sigmoids_and_not_through_skips():
    picture = depth.residual(0)
    sizes = {s["label"].partition(":")[0]: s["y"] for s in picture["series"]}
    assert [len(y) - depth.DEPTH for y in sizes.values()] == [1, 1, 2]
    ratio = {name: y[0] / y[-1] for name, y in sizes.items()}
    assert ratio["plain, sigmoid"] < 1e-6
    assert ratio["ten blocks with skips"] > 1e-2
