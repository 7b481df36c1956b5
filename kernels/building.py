"""Networks as a user writes them down: layers one behind the other, or widths alone."""

from .activations import ACTIVATIONS
from .bounds import BELOW_ONE, NONNEGATIVE
from .layer import MOST_UNITS, Graph, Layer
from .layers.dense import Dense
from .layers.dropout import Dropout
from .layers.noise import Noise
from .losses import LOSSES
from .network import Network
from .validation import check_choice, check_count, check_number


def mlp(
    sizes, activation="relu", loss="cross_entropy", *, dropout=0.0, input_noise=0.0
):
    """A multi-layer perceptron: `sizes` [inputs, hidden ..., outputs].

    activation: a key of `ACTIVATIONS`, after every hidden layer; the last layer is
    linear (logits). Under cross_entropy there are at least two outputs: with one its
    loss is 0 whatever the network answers. dropout: rate after every hidden activation,
    in [0, 1). input_noise: standard deviation of Gaussian noise on the inputs, in
    training only. Returns a `Network`. ValueError or TypeError in one sentence on a
    wrong size, name or number. Source: Rumelhart, Hinton & Williams (1986).
    """
    check_choice("activation", activation, ACTIVATIONS)
    check_choice("loss", loss, LOSSES)
    check_number("dropout", dropout, BELOW_ONE)
    check_number("input_noise", input_noise, NONNEGATIVE)
    if not isinstance(sizes, list | tuple) or len(sizes) < 2:
        raise ValueError(f"sizes must list inputs and outputs at least, got {sizes!r}")
    sizes = [check_count("each of sizes", size, 1, MOST_UNITS) for size in sizes]
    layers: list[Layer] = [Noise(input_noise)] if input_noise > 0 else []
    for outputs in sizes[1:-1]:
        layers.append(Dense(outputs, activation))
        if dropout > 0:
            layers.append(Dropout(dropout))
    return sequential((sizes[0],), [*layers, Dense(sizes[-1])], loss)


def sequential(shape, layers, loss="cross_entropy"):
    """A `Network` of layers one behind the other, for rows of a shape.

    shape: (inputs,), or of more axes, channels last: (height, width, channels); x is
    [b, *shape], or flat. layers: of `layers`, as layers.Dense(10), or of your own, see
    `Layer`; the last one's outputs are those of the network. loss: a key of `LOSSES`.
    ValueError or TypeError in one sentence where a layer does not fit.
    """
    check_choice("loss", loss, LOSSES)
    if not isinstance(shape, list | tuple) or not shape:
        raise ValueError(f"shape must list the axes of a row, got {shape!r}")
    shape = tuple(check_count("each of shape", axis, 1, MOST_UNITS) for axis in shape)
    graph = Graph(shape)
    for layer in layers:
        if not isinstance(layer, Layer):
            raise TypeError(
                "layers must list layers, as gradclinic.kernels.layers.Dense(10), got"
                f" {layer!r}"
            )
        layer.build(graph)
    if not graph.nodes:
        raise ValueError("layers must list at least one layer that computes something")
    net = Network(tuple(graph.nodes), loss, shape)
    if loss in ("cross_entropy", "soft_cross_entropy") and net.outputs == 1:
        raise ValueError(
            f"{loss} tells classes apart by one output each, and there is one"
            " output; use loss='binary_cross_entropy', or as many outputs as classes"
        )
    return net
