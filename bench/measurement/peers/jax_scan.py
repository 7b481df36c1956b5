"""JAX: a whole epoch in one `lax.scan`, compiled, its buffers donated."""

# torch and jax are an optional extra.
# pyright: reportMissingImports=false

import numpy as np

from .architectures import ARCHITECTURES
from .work import BETA1, BETA2, EPS, LR, Peer

KINDS = ("step", "predict")
PEER = Peer("JAX, an epoch in lax.scan", "JAX", "jax", "jax", KINDS, layered=True)


def forward(layers, x):
    """Logits."""
    import jax

    for w, b in layers[:-1]:
        x = jax.nn.relu(x @ w + b)
    return x @ layers[-1][0] + layers[-1][1]


def start_layers(work, network=0):
    """The layers of a network at the start, as the `forward` of its work takes them."""
    return work.weights(network) if work.architecture else work.layers(network)


def forward_of(work):
    """forward(layers, x): the logits."""
    if work.architecture:
        return ARCHITECTURES[work.architecture].forward
    return forward


def epoch_of(work):
    """epoch(carry, x, y, order) -> (carry, mean loss); carry: layers, m, v, step."""
    import jax
    import jax.numpy as jnp

    logits = forward_of(work)

    def loss_of(layers, x, y):
        z = logits(layers, x)
        if work.sizes[-1] == 1:
            return (jax.nn.softplus(z[:, 0]) - y * z[:, 0]).mean()
        picked = jnp.take_along_axis(z, y[:, None], axis=1)[:, 0]
        return (jax.nn.logsumexp(z, axis=1) - picked).mean()

    def step(carry, batch):
        layers, m, v, t = carry
        loss, g = jax.value_and_grad(loss_of)(layers, *batch)
        t = t + 1
        m = jax.tree.map(lambda m, g: BETA1 * m + (1 - BETA1) * g, m, g)
        v = jax.tree.map(lambda v, g: BETA2 * v + (1 - BETA2) * g * g, v, g)
        rate, root = LR / (1 - BETA1**t), 1 / jnp.sqrt(1 - BETA2**t)
        layers = jax.tree.map(
            lambda p, m, v: p - rate * m / (jnp.sqrt(v) * root + EPS), layers, m, v
        )
        return (layers, m, v, t), loss

    def epoch(carry, x, y, order):
        batches = order.reshape(-1, work.batch)
        carry, losses = jax.lax.scan(step, carry, (x[batches], y[batches]))
        return carry, losses.mean()

    return epoch


def start_of(layers):
    """The carry of an epoch at the start of training."""
    import jax
    import jax.numpy as jnp

    layers = jax.tree.map(jnp.asarray, layers)
    first, second = (jax.tree.map(jnp.zeros_like, layers) for _ in range(2))
    return layers, first, second, jnp.float32(0)


def prepare(work):
    """See `peers`."""
    import jax
    import jax.numpy as jnp

    x, y = jnp.asarray(work.x), jnp.asarray(work.y)
    if work.kind == "predict":
        predict, layers = jax.jit(forward_of(work)), start_of(start_layers(work))[0]

        def passes(epochs):
            for _ in range(epochs):
                out = predict(layers, x).block_until_ready()
            return np.asarray(out)

        return passes
    epoch = jax.jit(epoch_of(work), donate_argnums=0)
    carry, orders = start_of(start_layers(work)), jnp.asarray(work.orders[0])

    def run(epochs):
        nonlocal carry
        losses = []
        for k in range(epochs):
            carry, loss = epoch(carry, x, y, orders[k % len(orders)])
            losses.append(loss)
        return np.asarray(jax.block_until_ready(jnp.stack(losses)))

    return run
