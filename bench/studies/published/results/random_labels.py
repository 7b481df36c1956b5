"""A network fits labels that mean nothing, and learns nothing by it."""

import numpy as np

from .....kernels import mlp, train
from .....scenarios.data.bundled import bundled
from ..reproduction import Figure, Reproduction

ROWS, UNITS, EPOCHS = 1000, 512, 300


def measure(seed: int) -> dict[str, float]:
    """Accuracy on training rows and new ones, of true labels and of random ones."""
    digits, rng = bundled("digits"), np.random.default_rng(seed)
    order = rng.permutation(len(digits.x))
    x = (digits.x[order] / 16).astype(np.float32)
    true = digits.y[order, 0].astype(np.int64)
    found = {}
    for name, y in (("true", true), ("random", rng.integers(10, size=len(x)))):
        net = mlp([64, UNITS, 10])
        params = net.init(seed)
        rows = x[:ROWS], y[:ROWS]
        train(net, params, *rows, "adam", 1e-3, epochs=EPOCHS, seed=seed, threads=1)
        right = net.predict(params, x).argmax(axis=1) == y
        found[f"{name}_train"] = float(right[:ROWS].mean())
        found[f"{name}_test"] = float(right[ROWS:].mean())
    return found


RESULT = Reproduction(
    name="random_labels",
    title="Random labels are memorised",
    setup=f"A network 64-{UNITS}-10 learns {ROWS:,} digits for {EPOCHS} passes by Adam,"
    " once with their labels and once with labels drawn at random; the rest is new.",
    source="Zhang, Bengio, Hardt, Recht & Vinyals (2017), Understanding deep learning"
    " requires rethinking generalization, ICLR, section 2",
    figures=(
        Figure("true_train", "true labels, training rows", 1, 1, 0.001, unit="%"),
        Figure("random_train", "random labels, training rows", 1, 1, 0.001, unit="%"),
        Figure("random_test", "random labels, new rows", 0.1, 0.1, 0.2, unit="%"),
    ),
    measure=measure,
    remark="The paper shows it on CIFAR-10 and ImageNet. New rows with random labels"
    " can only be guessed: one in ten.",
)
