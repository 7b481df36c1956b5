"""The winner by scikit-learn's MLPClassifier or MLPRegressor."""

from textwrap import fill, indent

from .....scenarios import MemoryPlan
from .code import Recipe, power

_ACTIVATIONS = {"relu": "relu", "tanh": "tanh", "sigmoid": "logistic"}
_ACTIVATIONS["identity"] = "identity"
_WIDTH = 76
_SOLVERS = ("adam", "sgd", "momentum", "nesterov")


def lacking(trial) -> list[str]:
    """What the winner has and scikit-learn's networks do not."""
    found = {
        "dropout": trial.dropout > 0,
        "noise on the inputs": trial.input_noise > 0,
        "normalisation or skips between layers": bool(trial.layers),
        f"the activation {trial.activation}": trial.activation not in _ACTIVATIONS
        and not trial.layers,
        f"the optimizer {trial.optimizer}": trial.optimizer not in _SOLVERS,
        "an L1 penalty": trial.l1 > 0,
        f"the schedule {trial.schedule}": trial.schedule != "constant",
        "a warm-up": trial.warmup > 0,
        "clipping": trial.clip_norm is not None or trial.clip_value is not None,
        "a plan to save memory": trial.memory != MemoryPlan(),
        f"the start {trial.initialiser}": trial.initialiser != "auto",
    }
    return [name for name, there in found.items() if there]


def sklearn_code(recipe: Recipe) -> str:
    """Code that leaves `model` and the training `loss`; what it lacks is told."""
    t = recipe.trial
    kind = "MLPClassifier" if recipe.classes else "MLPRegressor"
    widths = t.hidden or tuple(
        dict(s.options)["outputs"] for s in t.layers if s.name == "Dense"
    )
    batch = min(t.batch_size or recipe.rows, recipe.rows)
    solver = t.optimizer if t.optimizer == "adam" else "sgd"
    # scikit-learn halves the squared error, and with it the gradient of SGD.
    rate = t.lr if recipe.classes or solver == "adam" else 2 * t.lr
    # Its penalty is a half alpha |w|^2 over the rows of a batch, of half our loss.
    alpha = t.l2 * batch * (1 if recipe.classes else 0.5)
    given = {
        "hidden_layer_sizes": tuple(widths),
        "activation": _ACTIVATIONS.get(t.activation, "relu"),
        "solver": solver,
        "learning_rate_init": rate,
        "alpha": alpha,
        "batch_size": batch,
        "max_iter": t.epochs,
        "random_state": recipe.seed,
    }
    if solver == "sgd":
        given |= {"momentum": dict(t.hyper).get("momentum", 0.0)}
        given |= {"nesterovs_momentum": t.optimizer == "nesterov"}
    if t.patience:
        given |= {"early_stopping": True, "validation_fraction": 0.2, "tol": 0.0}
        given |= {"n_iter_no_change": t.patience}
    else:
        given |= {"tol": 0.0, "n_iter_no_change": t.epochs}
    said = ", ".join(f"{name}={value!r}" for name, value in given.items())
    inside = fill(said, _WIDTH, break_long_words=False)
    y = "y_train" if recipe.classes else "y_train.ravel()"
    y += ", sample_weight=weights" * (power(recipe) is not None)
    fit = f"model = {kind}(\n{indent(inside, '    ')}).fit(x_train, {y})"
    return "\n".join([*_head(t, kind), fit, *_loss(recipe), "print('loss', loss)"])


def _head(t, kind):
    missing = lacking(t)
    note = [f"# scikit-learn has no {n}: this goes without." for n in missing]
    stop = ["# It stops by a fifth of the training rows."] if t.patience else []
    return [*note, *stop, f"from sklearn.neural_network import {kind}", ""]


def _loss(recipe):
    if recipe.classes:
        return [
            "p = model.predict_proba(x_train)",
            "loss = -np.log(p[np.arange(len(p)), y_train].clip(1e-15)).mean()",
        ]
    return ["loss = ((model.predict(x_train) - y_train.ravel()) ** 2).mean()"]
