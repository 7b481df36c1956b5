"""Recurrent layers in plain NumPy and float64, one step and one row at a time.

Slow and obvious on purpose: the compiled layers are compared with them. Weights are
named as in the layout: weight [i, gates h], recurrent [h, gates h], bias, and the GRU's
recurrent_bias [h].
"""

import numpy as np
from scipy.special import expit


def elman(x, p, activation="tanh"):
    """States float[t, h] of a row float[t, i]."""
    function = {"tanh": np.tanh, "relu": lambda z: np.maximum(z, 0)}[activation]
    h, states = np.zeros(len(p["recurrent"])), []
    for each in x:
        h = function(each @ p["weight"] + h @ p["recurrent"] + p["bias"])
        states.append(h)
    return np.array(states)


def lstm(x, p):
    """States float[t, h] of a row float[t, i]."""
    h = c = np.zeros(len(p["recurrent"]))
    states = []
    for each in x:
        z = each @ p["weight"] + h @ p["recurrent"] + p["bias"]
        i, f, g, o = np.split(z, 4)
        c = expit(f) * c + expit(i) * np.tanh(g)
        h = expit(o) * np.tanh(c)
        states.append(h)
    return np.array(states)


def gru(x, p):
    """States float[t, h] of a row float[t, i]."""
    h, states = np.zeros(len(p["recurrent"])), []
    for each in x:
        of_x = np.split(each @ p["weight"] + p["bias"], 3)
        of_h = np.split(h @ p["recurrent"], 3)
        r, z = expit(of_x[0] + of_h[0]), expit(of_x[1] + of_h[1])
        n = np.tanh(of_x[2] + r * (of_h[2] + p["recurrent_bias"]))
        h = (1 - z) * n + z * h
        states.append(h)
    return np.array(states)


def elman_gradient(x, p, slopes, truncate):
    """Gradients of sum(slopes * states), cut every so many steps; a dict, and dx.

    slopes: float[t, h].
    """
    states = np.vstack([np.zeros(len(p["recurrent"])), elman(x, p)])
    grads, dx = {name: np.zeros_like(value) for name, value in p.items()}, 0 * x
    passed = np.zeros(len(p["recurrent"]))
    for t in range(len(x) - 1, -1, -1):
        dz = (slopes[t] + passed) * (1 - states[t + 1] ** 2)
        passed = _collect(grads, dx, p, x, states, dz, dz, t) * (t % truncate > 0)
    return grads, dx


def lstm_gradient(x, p, slopes, truncate):
    """As `elman_gradient`."""
    units = len(p["recurrent"])
    states, cells, gates = [np.zeros(units)], [np.zeros(units)], []
    for each in x:
        z = each @ p["weight"] + states[-1] @ p["recurrent"] + p["bias"]
        i, f, g, o = np.split(z, 4)
        gates.append((expit(i), expit(f), np.tanh(g), expit(o)))
        i, f, g, o = gates[-1]
        cells.append(f * cells[-1] + i * g)
        states.append(o * np.tanh(cells[-1]))
    grads, dx = {name: np.zeros_like(value) for name, value in p.items()}, 0 * x
    passed = dc = np.zeros(units)
    for t in range(len(x) - 1, -1, -1):
        i, f, g, o = gates[t]
        dh, tanh_c = slopes[t] + passed, np.tanh(cells[t + 1])
        dc = dc + dh * o * (1 - tanh_c**2)
        dz = np.concatenate(
            [
                dc * g * i * (1 - i),
                dc * cells[t] * f * (1 - f),
                dc * i * (1 - g**2),
                dh * tanh_c * o * (1 - o),
            ]
        )
        kept = t % truncate > 0
        passed = _collect(grads, dx, p, x, states, dz, dz, t) * kept
        dc = dc * f * kept
    return grads, dx


def gru_gradient(x, p, slopes, truncate):
    """As `elman_gradient`."""
    states = np.vstack([np.zeros(len(p["recurrent"])), gru(x, p)])
    grads, dx = {name: np.zeros_like(value) for name, value in p.items()}, 0 * x
    passed = np.zeros(len(p["recurrent"]))
    for t in range(len(x) - 1, -1, -1):
        of_x = np.split(x[t] @ p["weight"] + p["bias"], 3)
        of_h = np.split(states[t] @ p["recurrent"], 3)
        r, z = expit(of_x[0] + of_h[0]), expit(of_x[1] + of_h[1])
        q = of_h[2] + p["recurrent_bias"]
        n, dh = np.tanh(of_x[2] + r * q), slopes[t] + passed
        dn = dh * (1 - z) * (1 - n**2)
        gates = [dn * q * r * (1 - r), dh * (states[t] - n) * z * (1 - z)]
        dz, dr = np.concatenate([*gates, dn]), np.concatenate([*gates, dn * r])
        grads["recurrent_bias"] += dn * r
        passed = _collect(grads, dx, p, x, states, dz, dr, t) + dh * z
        passed = passed * (t % truncate > 0)
    return grads, dx


def _collect(grads, dx, p, x, states, of_x, of_h, t):
    """Add a step to the gradients; returns what goes to the state before.

    of_x, of_h: deltas that the products with W and with U meet.
    """
    grads["weight"] += np.outer(x[t], of_x)
    grads["recurrent"] += np.outer(states[t], of_h)
    grads["bias"] += of_x
    dx[t] = p["weight"] @ of_x
    return p["recurrent"] @ of_h
