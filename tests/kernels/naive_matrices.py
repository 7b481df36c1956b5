"""Rules for matrices in plain NumPy, from the papers; the rest is one vector.

rule(p, g, slots, step from 1, layout, **hyper-parameters) -> new p. layout: (offset,
inputs, outputs) of each matrix; slots: a dict, filled by the rule.
"""

import numpy as np


def _pieces(p, layout):
    """(slice, shape) of each matrix, and of what lies between them (shape None)."""
    done = 0
    for start, i, o in layout:
        yield slice(done, start), None
        yield slice(start, start + i * o), (i, o)
        done = start + i * o
    yield slice(done, len(p)), None


def _adamw(p, g, s, t, lr, beta1, beta2, eps, weight_decay):
    s["m"] = beta1 * s.get("m", 0) + (1 - beta1) * g
    s["v"] = beta2 * s.get("v", 0) + (1 - beta2) * g**2
    m, v = s["m"] / (1 - beta1**t), s["v"] / (1 - beta2**t)
    return (1 - lr * weight_decay) * p - lr * m / (np.sqrt(v) + eps)


def _power(a, exponent, floor=0.0):
    values, q = np.linalg.eigh(a)
    return q @ np.diag(np.maximum(values, floor) ** exponent) @ q.T


def _muon_matrix(w, g, s, lr, weight_decay, momentum, nesterov, eps, adjust_lr, ns):
    steps, a, b, c = ns
    s["m"] = momentum * s.get("m", 0) + (1 - momentum) * g
    d = momentum * s["m"] + (1 - momentum) * g if nesterov else s["m"]
    x = d / max(np.linalg.norm(d), eps)
    for _ in range(int(steps)):
        gram = x @ x.T
        x = a * x + b * gram @ x + c * gram @ gram @ x
    i, o = w.shape
    scale = {
        0: np.sqrt(max(1, o / i)),
        1: 0.2 * np.sqrt(max(i, o)),
        2: np.sqrt(o / i),
        3: 1.0,
    }[int(adjust_lr)]
    return (1 - lr * weight_decay) * w - scale * lr * x


def muon(
    p,
    g,
    slots,
    t,
    layout=(),
    *,
    lr,
    beta1,
    beta2,
    adam_eps,
    weight_decay,
    momentum,
    nesterov,
    eps,
    ns_steps,
    ns_a,
    ns_b,
    ns_c,
    adjust_lr,
):
    p, ns = p.copy(), (ns_steps, ns_a, ns_b, ns_c)
    for k, (part, shape) in enumerate(_pieces(p, layout)):
        s = slots.setdefault(k, {})
        if shape is None:
            adam = (lr, beta1, beta2, adam_eps, weight_decay)
            p[part] = _adamw(p[part], g[part], s, t, *adam)
        else:
            w, d = p[part].reshape(shape), g[part].reshape(shape)
            p[part] = _muon_matrix(
                w, d, s, lr, weight_decay, momentum, nesterov, eps, adjust_lr, ns
            ).ravel()
    return p


def _factored(shape, max_dim):
    """Which sides of a matrix are small enough, as letters."""
    if shape is None:
        return ""
    return "".join(s for s, n in zip("LR", shape, strict=True) if n <= max_dim)


def shampoo(
    p, g, slots, t, layout=(), *, lr, momentum, weight_decay, eps, interval, max_dim
):
    p = p.copy()
    for k, (part, shape) in enumerate(_pieces(p, layout)):
        s, d = slots.setdefault(k, {}), g[part]
        sides = _factored(shape, max_dim)
        if sides:
            d = d.reshape(shape)
            grams = {"L": d @ d.T, "R": d.T @ d}
            for side in sides:
                start = eps * np.eye(len(grams[side]))
                s[side] = s.get(side, start) + grams[side]
                if t <= interval or t % interval == 0:
                    s["root", side] = _power(s[side], -1 / (2 * len(sides)), eps)
            d = s["root", "L"] @ d if "L" in sides else d
            d = d @ s["root", "R"] if "R" in sides else d
            d = d.ravel()
        else:
            s["h"] = s.get("h", eps) + d**2
            d = d / np.sqrt(s["h"])
        s["v"] = momentum * s.get("v", 0) + d
        p[part] = (1 - lr * weight_decay) * p[part] - lr * s["v"]
    return p


def _soap_matrix(w, g, s, t, sides, adam, interval):
    """A step of a matrix; the first only starts the bases."""
    beta1, beta2 = adam[1:3]
    grams = {"L": g @ g.T, "R": g.T @ g}
    if t > 1:
        eye = {side: np.eye(len(gram)) for side, gram in grams.items()}
        ql, qr = s.get("QL", eye["L"]), s.get("QR", eye["R"])
        s["M"] = beta1 * s.get("M", 0) + (1 - beta1) * g
        s["V"] = beta2 * s.get("V", 0) + (1 - beta2) * (ql.T @ g @ qr) ** 2
        m, v = s["M"] / (1 - beta1 ** (t - 1)), s["V"] / (1 - beta2 ** (t - 1))
        turned = (ql.T @ m @ qr) / (np.sqrt(v) + adam[3])
        w = (1 - adam[0] * adam[4]) * w - adam[0] * ql @ turned @ qr.T
    for side in sides:
        s[side] = beta2 * s.get(side, 0) + (1 - beta2) * grams[side]
        if t == 1:
            s["Q" + side] = np.linalg.eigh(s[side])[1][:, ::-1]
        elif (t - 1) % interval == 0:
            s["Q" + side] = np.linalg.qr(s[side] @ s["Q" + side])[0]
    return w


def soap(
    p, g, slots, t, layout=(), *, lr, beta1, beta2, eps, weight_decay, interval, max_dim
):
    p, adam = p.copy(), (lr, beta1, beta2, eps, weight_decay)
    for k, (part, shape) in enumerate(_pieces(p, layout)):
        s, sides = slots.setdefault(k, {}), _factored(shape, max_dim)
        if sides:
            w, d = p[part].reshape(shape), g[part].reshape(shape)
            p[part] = _soap_matrix(w, d, s, t, sides, adam, interval).ravel()
        else:
            p[part] = _adamw(p[part], g[part], s, t, *adam)
    return p


RULES = {"muon": muon, "shampoo": shampoo, "soap": soap}
