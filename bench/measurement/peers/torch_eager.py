"""PyTorch, eager, with its default Adam (foreach)."""

# torch and jax are an optional extra.
# pyright: reportMissingImports=false

from .architectures import ARCHITECTURES
from .work import BETA1, BETA2, EPS, LR, Peer

PEER = Peer("PyTorch, eager", "PyTorch", "torch", "torch", layered=True)
MOST_NETWORKS = 4  # of a population: it trains one after the other


def module(work, network=0):
    """An nn.Module at the start of a network."""
    import torch

    if work.architecture:
        return ARCHITECTURES[work.architecture].module(work.weights(network))
    layers = []
    for w, b in work.layers(network):
        linear = torch.nn.Linear(*w.shape)
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(w.T))
            linear.bias.copy_(torch.from_numpy(b))
        layers += [linear, torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


def prepare(work, fused=False, compiled=False):
    """See `peers`; of a population, the first few networks."""
    import torch

    torch.set_num_threads(work.threads)
    x, y = torch.from_numpy(work.x), torch.from_numpy(work.y)
    count = min(work.networks, MOST_NETWORKS)
    models = [module(work, k) for k in range(count)]
    if work.kind == "predict":
        return lambda epochs: _predict(models[0], x, epochs)

    def loss_of(model, xb, yb):
        return torch.nn.functional.cross_entropy(model(xb), yb)

    loss_of = torch.compile(loss_of, dynamic=False) if compiled else loss_of
    rules = [
        torch.optim.Adam(_trained(m), LR, (BETA1, BETA2), EPS, fused=fused or None)
        for m in models
    ]

    def run(epochs):
        total = torch.zeros(epochs)
        for k, (model, rule) in enumerate(zip(models, rules, strict=True)):
            for epoch in range(epochs):
                order = torch.from_numpy(work.orders[k, epoch % work.orders.shape[1]])
                for rows in order.split(work.batch):
                    rule.zero_grad(set_to_none=True)
                    loss = loss_of(model, x[rows], y[rows])
                    loss.backward()
                    rule.step()
                    total[epoch] += loss.detach() * (len(rows) / (len(x) * count))
        return total.numpy()

    return run


def _trained(model):
    return [p for p in model.parameters() if p.requires_grad]


def _predict(model, x, epochs):
    import torch

    with torch.inference_mode():
        for _ in range(epochs):
            out = model(x)
    return out.numpy()
