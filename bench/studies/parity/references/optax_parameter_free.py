"""optax.contrib: Schedule-Free, and the rules that find their own learning rate."""

from typing import Any

from ..jax_steps import optax_steps
from ..reference import Reference

LIBRARIES = ("jax", "optax")
# Away from the defaults, and such that each of them shows.
SGD = {"lr": 0.05, "momentum": 0.8, "weight_decay": 0.07}
ADAMW = {"lr": 0.01, "beta1": 0.7, "beta2": 0.95, "eps": 1e-2, "weight_decay": 0.07}
FREE = {**ADAMW, "lr": 0.2, "eps": 0.1, "d0": 1e-3}
PRODIGY = {**FREE, "beta3": 0.9, "d_coef": 0.8}
SMOOTH = {
    "problems": ("quadratic",),
    "reason": "on the network steps this long multiply rounding by 1e5 and more; see"
    " smaller steps",
}
NAMES = {
    "lr": "learning_rate",
    "momentum": "b1",
    "d0": "estim_lr0",
    "d_coef": "estim_lr_coef",
}


def contrib_options(options, pair):
    """Our options under the names of optax.contrib; `betas` as one where pair."""
    theirs: dict[str, Any] = {}
    for name, value in options.items():
        theirs[NAMES[name] if name in NAMES else name] = value
    if "beta1" in theirs and pair:
        theirs["betas"] = (theirs.pop("beta1"), theirs.pop("beta2"))
    elif "beta1" in theirs:
        theirs["b1"], theirs["b2"] = theirs.pop("beta1"), theirs.pop("beta2")
    if "safeguard_warmup" in theirs:
        theirs["safeguard_warmup"] = bool(theirs["safeguard_warmup"])
    return theirs


def averages(optax, state, params):
    """x, which Schedule-Free predicts with."""
    return optax.contrib.schedule_free_eval_params(state, params)


def row(optimizer, name, label="defaults", options=None, shown=None, **more):
    """A `Reference`: optax.contrib gets our options under its names."""
    theirs = contrib_options(options or {}, pair=not name.startswith("schedule_free"))
    return Reference(
        optimizer,
        label,
        f"optax.contrib.{name}",
        options or {},
        optax_steps(lambda optax: getattr(optax.contrib, name)(**theirs), shown),
        averaged=shown is not None,
        **more,
    )


REFERENCES = (
    row("schedule_free_sgd", "schedule_free_sgd"),
    row("schedule_free_sgd", "schedule_free_sgd", "weight decay", SGD),
    row("schedule_free_sgd", "schedule_free_sgd", "averages", SGD, averages),
    row("schedule_free_adamw", "schedule_free_adamw"),
    row("schedule_free_adamw", "schedule_free_adamw", "weight decay", ADAMW),
    row("schedule_free_adamw", "schedule_free_adamw", "averages", ADAMW, averages),
    row("prodigy", "prodigy", **SMOOTH),
    row("prodigy", "prodigy", "smaller steps", {"lr": 0.1}),
    row("prodigy", "prodigy", "weight decay", PRODIGY),
    row("prodigy", "prodigy", "safeguard", {**PRODIGY, "safeguard_warmup": 1.0}),
    row("dadaptation", "dadapt_adamw", **SMOOTH),
    row("dadaptation", "dadapt_adamw", "smaller steps", {"lr": 0.2}),
    row("dadaptation", "dadapt_adamw", "weight decay", FREE),
)
