"""Names of optimizers and problems as one writes them."""

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
}
_WHOLE = {
    "sophia_g": "Sophia-G",
    "adam_8bit": "8-bit Adam",
    "schedule_free_sgd": "Schedule-Free SGD",
    "schedule_free_adamw": "Schedule-Free AdamW",
    "gradient_descent": "Gradient descent",
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
