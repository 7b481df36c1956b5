"""The winner in Keras 3."""

from .....scenarios import MemoryPlan
from .code import Recipe, power
from .in_torch import OPTIMIZERS as KNOWN

_ACTIVATIONS = {"hard_tanh": "hard_tanh", "sigmoid": "sigmoid"}
_STARTS = {"unit_normal": "RandomNormal(stddev=1.0)"}
_STARTS["small_normal"] = "RandomNormal(stddev=0.01)"
_RECTIFIERS = ("relu", "leaky_relu", "elu", "gelu", "silu", "softplus")


def keras_code(recipe: Recipe) -> str:
    """Code that leaves `net` and the training `loss`."""
    t = recipe.trial
    loss = (
        "keras.losses.SparseCategoricalCrossentropy(from_logits=True)"
        if recipe.classes
        else '"mse"'
    )
    stop = (
        [
            "stop = keras.callbacks.EarlyStopping(patience="
            f"{t.patience}, restore_best_weights=True)"
        ]
        if t.patience
        else []
    )
    weighed = " sample_weight=weights," * (power(recipe) is not None)
    lines = [
        *(f"# This code goes without {name}." for name in _lacking(t)),
        "import keras",
        "",
        f"keras.utils.set_random_seed({recipe.seed})",
        *_how(t),
        f"net = keras.Sequential([{', '.join(_layers(recipe))}])",
        f"net.compile(optimizer={_optimizer(t)},",
        f"            loss={loss})",
        *stop,
        f"net.fit(x_train, y_train, validation_data=(x_valid, y_valid),{weighed}",
        f"        batch_size={t.batch_size or 'len(x_train)'}, epochs={t.epochs},"
        f" verbose=0{', callbacks=[stop]' if stop else ''})",
        "loss = net.evaluate(x_train, y_train, verbose=0)",
        "print('loss', loss)",
    ]
    return "\n".join(lines)


def _lacking(t):
    found = {
        f"the optimizer {t.optimizer}": t.optimizer not in KNOWN,
        f"the schedule {t.schedule}": t.schedule != "constant",
        "the warm-up": t.warmup > 0,
        "a plan to save memory": t.memory != MemoryPlan(),
        "skips between layers": any(s.name == "Residual" for s in t.layers),
    }
    return [name for name, there in found.items() if there]


def _start(t):
    name = t.initialiser
    if name == "auto":
        name = "he_normal" if t.activation in _RECTIFIERS else "glorot_uniform"
    words = _STARTS.get(name, name)
    return f"keras.initializers.{words}" if "(" in words else repr(words)


def _how(t):
    lines = [f"start = {_start(t)}"]
    if t.l1 or t.l2:
        lines.append(f"penalty = keras.regularizers.L1L2(l1={t.l1!r}, l2={t.l2 / 2!r})")
    return lines


def _layers(recipe):
    t = recipe.trial
    more = ", kernel_initializer=start"
    more += ", kernel_regularizer=penalty" if t.l1 or t.l2 else ""
    found = ["keras.Input((x_train.shape[1],))"]
    found += [f"keras.layers.GaussianNoise({t.input_noise!r})"] * bool(t.input_noise)
    for width in t.hidden:
        found.append(f"keras.layers.Dense({width}, {t.activation!r}{more})")
        found += [f"keras.layers.Dropout({t.dropout!r})"] * bool(t.dropout)
    for spec in t.layers:
        for part in spec.inside if spec.name == "Residual" else (spec,):
            found += _part(part, more)
    return [*found, f"keras.layers.Dense({recipe.classes or 1}{more})"]


def _part(spec, more):
    options, found = dict(spec.options), []
    activation = options.get("activation", "identity")
    if spec.name == "Dense":
        found.append(f"keras.layers.Dense({options['outputs']}{more})")
    if spec.name in ("BatchNorm", "LayerNorm"):
        found.append(f"keras.layers.{spec.name.replace('Norm', 'Normalization')}()")
    if activation != "identity":
        found.append(f"keras.layers.Activation({activation!r})")
    return found


def _optimizer(t):
    name, more = KNOWN.get(t.optimizer, ("Adam", {}))
    hyper = {k: v for k, v in t.hyper if k == "momentum"}
    given = more | hyper
    if name == "Adam":
        name, given = "Adam", {"epsilon": 1e-8} | given
    if t.clip_norm is not None:
        given |= {"global_clipnorm": t.clip_norm}
    if t.clip_value is not None:
        given |= {"clipvalue": t.clip_value}
    said = "".join(f", {k}={v!r}" for k, v in given.items())
    return f"keras.optimizers.{name}({t.lr!r}{said})"
