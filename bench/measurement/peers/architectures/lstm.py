"""An LSTM over 50 steps of two numbers: Hochreiter & Schmidhuber (1997)."""

# torch and jax are an optional extra.
# pyright: reportMissingImports=false

import numpy as np

from .pieces import copied, dense, linear

STEPS, INPUTS, UNITS = 50, 2, 64


def network():
    """Ours."""
    from .....kernels import layers as L
    from .....kernels import sequential

    return sequential((STEPS, INPUTS), [L.LSTM(UNITS), L.Dense(10)])


def module(weights):
    """PyTorch's; of its two biases one is ours, and the other stays 0."""
    import torch
    from torch import nn

    class TorchLSTM(nn.Module):
        def __init__(self):
            super().__init__()
            self.lstm = nn.LSTM(INPUTS, UNITS, batch_first=True)
            copied(self.lstm.weight_ih_l0, weights["layer0.weight"].T)
            copied(self.lstm.weight_hh_l0, weights["layer0.recurrent"].T)
            copied(self.lstm.bias_ih_l0, weights["layer0.bias"])
            copied(self.lstm.bias_hh_l0, np.zeros(4 * UNITS, dtype=np.float32))
            self.lstm.bias_hh_l0.requires_grad_(False)
            self.last = linear(weights, "layer1")

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.last(self.lstm(x.view(-1, STEPS, INPUTS))[0][:, -1])

    return TorchLSTM()


def forward(weights, x):
    """JAX's: a scan over the steps."""
    import jax
    import jax.numpy as jnp

    drive = dense(weights, "layer0", x.reshape(len(x), STEPS, INPUTS))

    def step(state, z):
        h, c = state
        i, f, g, o = jnp.split(z + h @ weights["layer0.recurrent"], 4, axis=1)
        c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
        return (jax.nn.sigmoid(o) * jnp.tanh(c), c), None

    start = jnp.zeros((len(x), UNITS))
    (h, _), _ = jax.lax.scan(step, (start, start), drive.transpose(1, 0, 2))
    return dense(weights, "layer1", h)
