"""Schedule-Free and learning-rate-free rules in plain NumPy, from the papers.

rule(p, g, slots, step from 1, **hyper-parameters) -> new p, where gradients are taken;
slots: a dict, filled by the rule. Schedule-Free keeps its average in slots["x"].
"""

import numpy as np


def _average(y, z, s, lr, beta, power):
    """The new y, from the new z: x is the average of all z, weighted by lr^power."""
    s["largest"] = max(s.get("largest", 0), lr)
    weight = s["largest"] ** power
    s["sum"] = s.get("sum", 0) + weight
    x, c = s.get("x", y), weight / s["sum"]
    s["z"], s["x"] = z, (1 - c) * x + c * z
    return (1 - beta) * z + beta * s["x"]


def schedule_free_sgd(p, g, s, t, lr, momentum, weight_decay, weight_lr_power):
    z = s.get("z", p) - lr * (g + weight_decay * p)
    return _average(p, z, s, lr, momentum, weight_lr_power)


def schedule_free_adamw(
    p, g, s, t, lr, beta1, beta2, eps, weight_decay, weight_lr_power
):
    s["v"] = beta2 * s.get("v", 0) + (1 - beta2) * g**2
    d = g / (np.sqrt(s["v"] / (1 - beta2**t)) + eps) + weight_decay * p
    return _average(p, s.get("z", p) - lr * d, s, lr, beta1, weight_lr_power)


def prodigy(
    p, g, s, t, lr, beta1, beta2, beta3, eps, weight_decay, d0, d_coef, safeguard_warmup
):
    d, start = s.get("d", d0), s.setdefault("p0", p)
    beta3 = beta3 or np.sqrt(beta2)
    rate = d * lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    s["m"] = beta1 * s.get("m", 0) + (1 - beta1) * d * g
    s["v"] = beta2 * s.get("v", 0) + (1 - beta2) * (d * g) ** 2
    s["r"] = beta3 * s.get("r", 0) + d * rate * (g @ (start - p)) / d0
    weight = d if safeguard_warmup else rate
    s["s"] = beta3 * s.get("s", 0) + d * weight * g / d0
    if s["s"].any():
        s["d"] = max(d, d_coef * s["r"] / np.abs(s["s"]).sum())
    m, v = s["m"], s["v"]
    return p - rate * (m / (np.sqrt(v) + s.get("d", d) * eps) + weight_decay * p)


def dadaptation(p, g, s, t, lr, beta1, beta2, eps, weight_decay, d0):
    d, q, zero = s.get("d", d0), np.sqrt(beta2), np.zeros_like(p)
    rate = d * lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    scaled = s.get("s", zero) / (np.sqrt(s.get("v", zero)) + eps)
    s["r"] = q * s.get("r", 0) + (1 - q) * rate * (g @ scaled)
    s["s"] = q * s.get("s", zero) + (1 - q) * rate * g
    s["m"] = beta1 * s.get("m", 0) + (1 - beta1) * rate * g
    s["v"] = beta2 * s.get("v", 0) + (1 - beta2) * g**2
    if s["s"].any():
        s["d"] = max(d, s["r"] / ((1 - q) * np.abs(s["s"]).sum()))
    return p - rate * weight_decay * p - s["m"] / (np.sqrt(s["v"]) + eps)


RULES = {
    "schedule_free_sgd": schedule_free_sgd,
    "schedule_free_adamw": schedule_free_adamw,
    "prodigy": prodigy,
    "dadaptation": dadaptation,
}
