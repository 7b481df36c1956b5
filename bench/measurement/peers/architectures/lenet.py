"""LeNet on 28 x 28 pixels: LeCun et al. (1998), figure 2, with ReLU and max pooling."""

# torch and jax are an optional extra.
# pyright: reportMissingImports=false

from .pieces import convolution, convolve, dense, linear, max_pool


def network():
    """Ours."""
    from .....kernels import layers as L
    from .....kernels import sequential

    parts = [
        L.Conv2D(6, 5, activation="relu"),
        L.MaxPool2D(2),
        L.Conv2D(16, 5, activation="relu"),
        L.MaxPool2D(2),
        L.Flatten(),
        L.Dense(120, "relu"),
        L.Dense(84, "relu"),
        L.Dense(10),
    ]
    return sequential((28, 28, 1), parts)


def module(weights):
    """PyTorch's."""
    from torch import nn

    return nn.Sequential(
        nn.Unflatten(1, (1, 28, 28)),
        convolution(weights, "layer0"),
        nn.ReLU(),
        nn.MaxPool2d(2),
        convolution(weights, "layer2"),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        linear(weights, "layer4", (4, 4, 16)),
        nn.ReLU(),
        linear(weights, "layer5"),
        nn.ReLU(),
        linear(weights, "layer6"),
    )


def forward(weights, x):
    """JAX's."""
    import jax

    x = max_pool(convolve(weights, "layer0", x.reshape(-1, 28, 28, 1)))
    x = max_pool(convolve(weights, "layer2", x)).reshape(len(x), -1)
    for layer in ("layer4", "layer5"):
        x = jax.nn.relu(dense(weights, layer, x))
    return dense(weights, "layer6", x)
