"""Does a network train here? Tried, not guessed."""

from .check import Check


def trained() -> float:
    """Train a tiny network by the usual kernels; return its last loss.

    Where they are not compiled yet this takes a minute, as the first training would.
    """
    import numpy as np

    from ....kernels import mlp, train

    rng = np.random.default_rng(0)
    x = rng.normal(size=(64, 3)).astype(np.float32)
    net = mlp([3, 8, 2])
    history = train(
        net, net.init(0), x, x[:, 0] > 0, lr=0.05, epochs=20, threads=1, device="cpu"
    )
    return float(history.train_loss[-1])


def training(loss: float) -> Check:
    """Judge the loss that a training on two separable classes ends with."""
    found = f"A small network trains: its loss falls to {loss:.2g} from about 0.7."
    if loss < 0.3:
        return Check("training", "ok", found)
    found = f"A small network does not learn: its loss ends at {loss:.2g}."
    return Check("training", "fail", found, "pip install --force-reinstall gradclinic")
