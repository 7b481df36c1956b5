"""gradclinic's own kernels, by the calls its users make."""

from typing import Any

from .work import LR, Peer

PEER = Peer("gradclinic", "gradclinic", "numba", "numba", layered=True)


def prepare(work):
    """See `peers`."""
    from ....kernels import train, train_population

    net = work.net()
    options: dict[str, Any] = {
        "lr": LR,
        "batch_size": work.batch,
        "threads": work.threads,
        "device": "cpu",
    }

    def predict(epochs):
        for _ in range(epochs):
            out = net.predict(work.starts[0], work.x, threads=work.threads)
        return out

    def population(epochs):
        seeds = range(work.networks)  # starts and orders follow from them
        runs = train_population(net, work.x, work.y, seeds, epochs=epochs, **options)
        return runs.train_loss.mean(axis=0)

    def step(epochs):
        params = work.starts[0].copy()
        history = train(net, params, work.x, work.y, epochs=epochs, **options)
        return history.train_loss

    return {"predict": predict, "population": population, "step": step}[work.kind]
