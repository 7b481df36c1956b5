"""The winner by gradclinic's own names."""

from typing import Any

from .code import Recipe, call, power


def our_code(recipe: Recipe) -> str:
    """Code that leaves `net`, `params`, and the training `loss`."""
    t = recipe.trial
    outputs = recipe.classes or 1
    lines = ["import gradclinic as gc", ""]
    if t.layers:
        noise = [f"L.Noise({t.input_noise!r})"] * bool(t.input_noise)
        inside = ", ".join([*noise, *map(layer_code, t.layers), f"L.Dense({outputs})"])
        lines += [
            "L = gc.layers",
            f"net = gc.sequential((x_train.shape[1],), [{inside}], loss={t.loss!r})",
        ]
    else:
        sizes = ", ".join(["x_train.shape[1]", *map(str, t.hidden), str(outputs)])
        more = "".join(
            f", {name}={value!r}"
            for name, value in (("dropout", t.dropout), ("input_noise", t.input_noise))
            if value
        )
        lines.append(
            f"net = gc.mlp([{sizes}], {t.activation!r}, loss={t.loss!r}{more})"
        )
    start = "" if t.initialiser == "auto" else f", initialiser={t.initialiser!r}"
    how = call("", **arguments(t))[1:-1]
    weighed = power(recipe) is not None
    lines += [
        f"params = net.init(seed={recipe.seed}{start})",
        f"history = gc.train(net, params, x_train, y_train, seed={recipe.seed},",
        "                   validation=(x_valid, y_valid),",
        f"                   {how}{', sample_weight=weights' * weighed})",
        "loss, score = net.evaluate(params, x_train, y_train)",
        "print(f'loss {loss:.4g} on training rows; on validation rows',"
        " net.evaluate(params, x_valid, y_valid))",
    ]
    return "\n".join(lines)


def arguments(t) -> dict[str, Any]:
    """Keyword arguments of `gc.train` that are not as usual."""
    usual = {"schedule": "constant", "warmup": 0, "l1": 0.0, "l2": 0.0}
    usual |= {"clip_norm": None, "clip_value": None, "patience": None}
    usual |= {"reduction": "mean"}
    found: dict[str, Any] = {"optimizer": t.optimizer, "lr": t.lr}
    found |= {"batch_size": t.batch_size or 10**9, "epochs": t.epochs}
    found |= {n: getattr(t, n) for n, v in usual.items() if getattr(t, n) != v}
    plan = {"micro_batch": None, "checkpoint": None}
    plan |= {"storage": "native", "in_place": False}
    found |= {
        n: getattr(t.memory, n) for n, v in plan.items() if getattr(t.memory, n) != v
    }
    if t.schedule_options:
        found["schedule_options"] = dict(t.schedule_options)
    return found | dict(t.hyper)


def layer_code(spec) -> str:
    """L.Dense(outputs=64, activation='relu')"""
    inside = [f"[{', '.join(map(layer_code, spec.inside))}]"] * bool(spec.inside)
    given = [*inside, *(f"{name}={value!r}" for name, value in spec.options)]
    return f"L.{spec.name}({', '.join(given)})"
