"""Layers of PyTorch and JAX at weights of ours."""

# torch and jax are an optional extra.
# pyright: reportMissingImports=false

import numpy as np


def copied(tensor, array):
    """Set a tensor of torch to an array."""
    import torch

    with torch.no_grad():
        tensor.copy_(torch.from_numpy(np.ascontiguousarray(array)))


def linear(weights, layer, channels=None):
    """torch's Linear; channels: (height, width, channels) of a flat image before it.

    torch flattens an image channels first: the rows of the weights change places.
    """
    import torch

    w, b = weights[f"{layer}.weight"], weights[f"{layer}.bias"]
    if channels:
        order = np.arange(len(w)).reshape(channels).transpose(2, 0, 1)
        w = w[order.ravel()]
    module = torch.nn.Linear(*w.shape)
    copied(module.weight, w.T)
    copied(module.bias, b)
    return module


def convolution(weights, layer, padding=0):
    """torch's Conv2d."""
    import torch

    w, b = weights[f"{layer}.weight"], weights[f"{layer}.bias"]
    side, _, inputs, outputs = w.shape
    module = torch.nn.Conv2d(inputs, outputs, side, padding=padding)
    copied(module.weight, w.transpose(3, 2, 0, 1))
    copied(module.bias, b)
    return module


def dense(weights, layer, x):
    """JAX's x W + b."""
    return x @ weights[f"{layer}.weight"] + weights[f"{layer}.bias"]


def convolve(weights, layer, x, padding="VALID"):
    """JAX's convolution of images, channels last, with its bias and ReLU."""
    import jax

    w = weights[f"{layer}.weight"]
    y = jax.lax.conv_general_dilated(
        x, w, (1, 1), padding, dimension_numbers=("NHWC", "HWIO", "NHWC")
    )
    return jax.nn.relu(y + weights[f"{layer}.bias"])


def max_pool(x):
    """JAX's largest of windows of 2 x 2, side by side."""
    import jax

    window = (1, 2, 2, 1)
    return jax.lax.reduce_window(x, -np.inf, jax.lax.max, window, window, "VALID")
