"""The rows of the page's tables, in words."""

from .. import words
from ..effect import ShownEffect
from ..signs import component

_NAMES = {
    "class_imbalance": "A rare class is missed",
    "covariate_shift": "Covariate shift",
    "dead_relu": "Units that are never active",
    "divergence": "Divergence",
    "exploding_gradient": "Exploding gradient",
    "ill_conditioning": "Ill-conditioned inputs",
    "memory_pressure": "Memory pressure",
    "overfitting": "Overfitting",
    "poor_interpretability": "Hard to explain",
    "slow_training": "Slow training",
    "underfitting": "Underfitting",
    "vanishing_gradient": "Vanishing gradient",
}
_SPLIT = {
    "random": "drawn at random",
    "copies": "drawn at random, equal rows on one side",
    "groups": "by group: no group is on both sides",
    "time": "by time: what is judged comes later",
}


def baselines(content):
    """[{label, model, value, interval, effect, verdict}] of the simple models."""
    return [
        {
            "label": row["label"],
            "model": row["model"],
            "value": _quantity(row["mean"], content),
            "interval": _interval(row, content),
            "effect": _effect(row, content),
            "verdict": row["verdict"],
        }
        for row in content["baselines"]
    ]


def _effect(row, content):
    """The model's metric beside the network's, with its interval."""
    kind = "ratio" if content["metric"]["scale"] == "log" else "difference"
    value, low, high = row["effect"][kind]
    unit = content["metric"]["unit"]
    unit = "share" if words.accuracy_like(content["metric"]) else unit
    return ShownEffect(kind, value, low, high, unit).whole or words.MISSING


def _interval(row, content):
    ends = row["from"], row["to"]
    if None in ends:
        return ""
    if words.accuracy_like(content["metric"]):  # t intervals may leave 0 to 100 %
        ends = (min(max(end, 0.0), 1.0) for end in ends)
    low, high = (_quantity(end, content) for end in ends)
    return f"{low} to {high}"


def _quantity(value, content):
    return words.quantity(value, content["metric"]["unit"])


def parts(table):
    """[(name, text)] of the table and how its rows are cut."""
    counts = table["parts"]
    rows = f"{table['rows']:,} rows"
    if table["total"] > table["rows"] + table["lost"]:
        rows = f"{table['rows']:,} of {table['total']:,} rows, drawn at random"
    classes = len(table["classes"])
    lines = {
        "Rows": rows,
        "Without a target": f"{table['lost']:,}, left out" if table["lost"] else None,
        "Columns": f"{table['used']:,} of {table['columns']:,} used,"
        f" as {words.count(table['inputs'], 'input')}",
        "Task": f"{classes} classes" if classes else "a number to predict",
        "Splits": f"{table['splits']}, {_SPLIT[table['split_by']]}",
        "Rows a split": f"{counts['training']:,} to train, {counts['validation']:,} to"
        f" validate, {counts['judged']:,} to judge",
        "Test": f"{counts['test']:,} rows, used once at the end",
    }
    return [(name, text) for name, text in lines.items() if text]


def signs(content):
    """[(name, state, [sign])]: what each detector said of the network."""
    runs = content["table"]["splits"]
    found = []
    for each in content["network"]["signs"]:
        state = "seen" if each["fires"] else "not seen" if each["refuted"] else ""
        parts = [
            component(part, runs)
            for part in each["components"]
            if part["value"] is not None or part["fires"]
        ]
        name = _NAMES.get(each["detector"], each["detector"].replace("_", " "))
        found.append((name, state or "undecided", parts))
    return sorted(found, key=lambda row: row[1] != "seen")


def tested(content):
    """[(label, value, interval)] on the test rows."""
    return [
        (
            row["label"],
            _quantity(row["value"], content),
            _interval({"from": row["low"], "to": row["high"]}, content),
        )
        for row in content["test"]["results"]
    ]
