"""Twenty residual blocks of 64 ReLU units: He et al. (2016), eq. 1."""

# torch and jax are an optional extra.
# pyright: reportMissingImports=false

from .pieces import dense, linear

BLOCKS, UNITS = 20, 64
# Of our layers every second is the place where a skip ends.
DENSE = [f"layer{2 * block}" for block in range(BLOCKS)]
LAST = f"layer{2 * BLOCKS}"


def network():
    """Ours."""
    from .....kernels import layers as L
    from .....kernels import sequential

    blocks = [L.Residual([L.Dense(UNITS, "relu")]) for _ in range(BLOCKS)]
    return sequential((UNITS,), [*blocks, L.Dense(10)])


def module(weights):
    """PyTorch's."""
    import torch
    from torch import nn

    class TorchResidual(nn.Module):
        def __init__(self):
            super().__init__()
            self.blocks = nn.ModuleList(linear(weights, layer) for layer in DENSE)
            self.last = linear(weights, LAST)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            for block in self.blocks:
                x = x + torch.relu(block(x))
            return self.last(x)

    return TorchResidual()


def forward(weights, x):
    """JAX's."""
    import jax

    for layer in DENSE:
        x = x + jax.nn.relu(dense(weights, layer, x))
    return dense(weights, LAST, x)
