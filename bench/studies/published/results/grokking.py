"""Grokking: a rule is found long after the training rows are memorised, or never."""

import numpy as np

from .....kernels import layers, sequential, train
from ..reproduction import NEVER, Figure, Reproduction
from .sparse_parity import first

MODULUS, FEATURES, UNITS, STEPS, ENOUGH = 23, 32, 128, 3000, 0.95
# {name: (share of the pairs that is trained on, weight decay)}
_CASES = {
    "no_decay": (0.60, 0.0),
    "decay": (0.60, 1.0),
    "more_rows": (0.85, 1.0),
    "few_rows": (0.30, 1.0),
}


def measure(seed: int) -> dict[str, float]:
    """The step from which 95 % of the unseen sums are right, by case; and how late.

    delay: in parts of the step from which 95 % of the seen ones are; sooner: the steps
    with more rows in parts of those with fewer.
    """
    found = {}
    for name, case in _CASES.items():
        history = _trained(seed, *case)
        found[name] = first(np.asarray(history.val_metric) >= ENOUGH)
        if name == "decay":
            seen = first(np.asarray(history.train_metric) >= ENOUGH)
            found["delay"] = found["decay"] / seen
    return found | {"sooner": found["more_rows"] / found["decay"]}


def _trained(seed, share, decay):
    a, b = np.divmod(np.arange(MODULUS**2), MODULUS)
    x, y = np.stack([a, b], axis=1).astype(np.float32), (a + b) % MODULUS
    order = np.random.default_rng(seed).permutation(len(x))
    seen, unseen = np.split(order, [round(share * len(x))])
    begin = [layers.Embedding(MODULUS, FEATURES), layers.Flatten()]
    then = [layers.Dense(UNITS, activation="relu"), layers.Dense(MODULUS)]
    net = sequential((2,), begin + then)
    return train(
        net,
        net.init(seed),
        x[seen],
        y[seen],
        "adamw",
        0.01,
        beta1=0.9,
        beta2=0.98,
        weight_decay=decay,
        batch_size=None,
        epochs=STEPS,
        seed=seed,
        threads=1,
        validation=(x[unseen], y[unseen]),
    )


def _claimed(name, label, bounds, claim):
    return Figure(name, label, *bounds, middle="median", claim=claim)


RESULT = Reproduction(
    name="grokking",
    title="Grokking in small",
    setup="Embeddings of 32 numbers and a ReLU layer of 128 units learn a + b modulo 23"
    " from a share of the 529 pairs, by AdamW at 0.01 on all rows at once. Counted"
    " are steps until 95 % of the unseen pairs are right.",
    source="Power, Burda, Edwards, Babuschkin & Misra (2022), Grokking: generalization"
    " beyond overfitting on small algorithmic datasets, figures 1 and 2",
    figures=(
        _claimed("decay", "60 %, decay 1: steps", (1, STEPS), "found in the end"),
        _claimed(
            "delay", "in parts of the seen pairs' steps", (10, STEPS), "far later"
        ),
        _claimed("sooner", "85 % in parts of the steps with 60 %", (0, 0.99), "sooner"),
        _claimed("no_decay", "60 %, no decay: steps", (NEVER, NEVER), "never"),
        _claimed("few_rows", "30 %, decay 1: steps", (NEVER, NEVER), "never"),
    ),
    measure=measure,
    seeds=3,
    quick=1,
    remark="The paper trains a transformer and moduli near 100, so its claims are"
    " tested and not its numbers: far later is at least 10 times as late, and never"
    f" is not within {STEPS:,} steps.",
)
