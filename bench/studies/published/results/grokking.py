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
    """The step from which 95 % of the unseen sums are right, and memorised, by case."""
    found = {}
    for name, case in _CASES.items():
        history = _trained(seed, *case)
        found[name] = first(np.asarray(history.val_metric) >= ENOUGH)
        found[f"{name}_train"] = first(np.asarray(history.train_metric) >= ENOUGH)
    return found


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


RESULT = Reproduction(
    name="grokking",
    title="Grokking in small",
    setup="Embeddings of 32 numbers and a ReLU layer of 128 units learn a + b modulo 23"
    " from a share of the 529 pairs, by AdamW at 0.01 on all rows at once. The figures"
    " are steps until 95 % are right.",
    source="Power, Burda, Edwards, Babuschkin & Misra (2022), Grokking: generalization"
    " beyond overfitting on small algorithmic datasets, figures 1 and 2",
    figures=(
        Figure("decay_train", "60 %, decay 1: seen pairs", 1, 100, 0, "median"),
        Figure("decay", "60 %, decay 1: unseen pairs", 500, STEPS, 0, "median"),
        Figure("more_rows", "85 %, decay 1: unseen pairs", 1, 500, 0, "median"),
        Figure("no_decay", "60 %, no decay: unseen pairs", NEVER, NEVER, 0, "median"),
        Figure("few_rows", "30 %, decay 1: unseen pairs", NEVER, NEVER, 0, "median"),
    ),
    measure=measure,
    seeds=3,
    quick=1,
    remark="The paper trains a transformer and moduli near 100. What is tested is what"
    " it claims: unseen pairs come long after the seen ones, sooner with more pairs,"
    f" and never with few; never means not within {STEPS:,} steps.",
)
