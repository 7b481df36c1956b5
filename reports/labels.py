"""Names of optimizers, problems, and settings as one writes them."""

_WORDS = {
    "sgd": "SGD",
    "asgd": "ASGD",
    "adamw": "AdamW",
    "nadam": "NAdam",
    "radam": "RAdam",
    "adagrad": "Adagrad",
    "amsgrad": "AMSGrad",
    "rmsprop": "RMSprop",
    "rprop": "Rprop",
    "adabelief": "AdaBelief",
    "lars": "LARS",
    "lamb": "LAMB",
    "sam": "SAM",
    "soap": "SOAP",
    "dadaptation": "D-Adaptation",
    "mlp": "MLP",
    "gru": "GRU",
    "lenet": "LeNet",
}
_WHOLE = {
    "sophia_g": "Sophia-G",
    "adam_8bit": "8-bit Adam",
    "schedule_free_sgd": "Schedule-Free SGD",
    "schedule_free_adamw": "Schedule-Free AdamW",
    "gradient_descent": "Gradient descent",
}


_LOSSES = {"huber": "Huber"}
_ACTIVATIONS = {
    "relu": "ReLU",
    "leaky relu": "leaky ReLU",
    "elu": "ELU",
    "gelu": "GELU",
    "silu": "SiLU",
}


def optimizer_label(name: str) -> str:
    """Adam, RMSprop centered, Schedule-Free SGD; a word not known is capitalised."""
    if name in _WHOLE:
        return _WHOLE[name]
    first, *rest = name.split("_")
    written = [_WORDS.get(first.lower(), first[:1].upper() + first[1:])]
    return " ".join([*written, *(_WORDS.get(word, word) for word in rest)])


def problem_label(name: str) -> str:
    """A short name for a column: digits MLP."""
    return " ".join(_WORDS.get(word, word) for word in name.split("_"))


def setting_label(value: str, name: str) -> str:
    """A setting of a training as one writes it: Adam, learning rate 0.01; ReLU.

    name: of the setting, as `trial_words` has it; others stay as they are.
    """
    if name == "Loss":
        return _LOSSES.get(value, value.replace("cross entropy", "cross-entropy"))
    if name == "Activation":
        return _ACTIVATIONS.get(value, value)
    if name == "Optimizer":
        rule, comma, rest = value.partition(",")
        return f"{optimizer_label(rule.replace(' ', '_'))}{comma}{rest}"
    return value
