"""Two small convolutions on 8 x 8 pixels."""

# torch and jax are an optional extra.
# pyright: reportMissingImports=false

from .pieces import convolution, convolve, dense, linear, max_pool


def network():
    """Ours."""
    from .....kernels import layers as L
    from .....kernels import sequential

    parts = [
        L.Conv2D(16, 3, "same", "relu"),
        L.MaxPool2D(2),
        L.Conv2D(32, 3, "same", "relu"),
        L.MaxPool2D(2),
        L.Flatten(),
        L.Dense(10),
    ]
    return sequential((8, 8, 1), parts)


def module(weights):
    """PyTorch's."""
    from torch import nn

    return nn.Sequential(
        nn.Unflatten(1, (1, 8, 8)),
        convolution(weights, "layer0", 1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        convolution(weights, "layer2", 1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        linear(weights, "layer4", (2, 2, 32)),
    )


def forward(weights, x):
    """JAX's."""
    x = max_pool(convolve(weights, "layer0", x.reshape(-1, 8, 8, 1), "SAME"))
    x = max_pool(convolve(weights, "layer2", x, "SAME"))
    return dense(weights, "layer4", x.reshape(len(x), -1))
