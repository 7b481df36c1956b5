"""What PyTorch's peers share: a network, its data and its fused Adam on the GPU."""

# torch is an optional extra.
# pyright: reportMissingImports=false

from ..peers.torch_eager import MOST_NETWORKS, module
from ..peers.work import BETA1, BETA2, EPS, LR

DEVICE = "cuda"


class TorchTraining:
    """One network of a `Work` on the GPU; total: losses of an epoch so far."""

    def __init__(self, work, network: int = 0, capturable: bool = False) -> None:
        import torch

        if DEVICE == "cuda" and not torch.cuda.is_available():
            raise RuntimeError("this PyTorch sees no GPU")
        torch.backends.cuda.matmul.allow_tf32 = False
        self.torch, self.batch = torch, work.batch
        self.x, self.y = (torch.from_numpy(a).to(DEVICE) for a in (work.x, work.y))
        self.orders = torch.from_numpy(work.orders[network]).to(DEVICE)
        self.model = module(work, network).to(DEVICE)
        self.rule = torch.optim.Adam(
            self.model.parameters(),
            LR,
            (BETA1, BETA2),
            EPS,
            fused=True,
            capturable=capturable,
        )
        self.binary = work.sizes[-1] == 1
        self.total = torch.zeros((), device=DEVICE)

    def loss(self, x, y):
        """Mean loss of some rows."""
        f, z = self.torch.nn.functional, self.model(x)
        if self.binary:
            return f.binary_cross_entropy_with_logits(z[:, 0], y.to(z.dtype))
        return f.cross_entropy(z, y)

    def epochs(self, step, count: int):
        """Mean losses float[count] of epochs. step(rows): adds its loss to `total`."""
        losses = []
        for epoch in range(count):
            batches = self.orders[epoch % len(self.orders)].split(self.batch)
            self.total.zero_()
            for rows in batches:
                step(rows)
            losses.append(self.total / len(batches))
        return self.torch.stack(losses).cpu().numpy()


def one_after_the_other(work, stepper, capturable: bool = False):
    """run(epochs) over the first few networks. stepper(training) -> step(rows)."""
    count = min(work.networks, MOST_NETWORKS)
    trainings = [TorchTraining(work, k, capturable) for k in range(count)]
    pairs = [(training, stepper(training)) for training in trainings]
    return lambda epochs: sum(t.epochs(step, epochs) for t, step in pairs) / count
