"""The step of the first model of a neuron, which has no derivative.

Source: McCulloch & Pitts (1943), section 2.
"""

from dataclasses import dataclass

from ..layer import Kind, Layer, LayerPlan, no_derivative
from ..validation import check_number


def forward(y, kept, x, w, tail, row, real, draw, first, count):
    """y = 1 where x >= theta, else 0; NaN stays NaN. real: theta."""
    one, zero, theta = x.dtype.type(1), x.dtype.type(0), x.dtype.type(real)
    for r in range(x.shape[0]):
        for k in range(x.shape[1]):
            step = one if x[r, k] >= theta else zero
            y[r, k] = step if x[r, k] == x[r, k] else x[r, k]


@dataclass(frozen=True)
class Threshold(Layer):
    """y = 1 where x >= theta, else 0: a unit that fires or does not.

    `predict` and `evaluate` work; what needs gradients, as `train`, refuses a network
    with this layer by ValueError. Weights are set by hand, a unit at a time; here
    neuron 0 is AND of two inputs, neuron 1 OR, and neuron 2 NOT of the first:

        net = sequential((2,), [layers.Dense(3), layers.Threshold()], "mse")
        params = np.array([1, 1, -1, 1, 1, 0, -2, -1, 0], dtype=np.float32)
        net.predict(params, [[0, 0], [0, 1], [1, 0], [1, 1]])

    params: weights [2, 3], row-major, then biases: minus the number of inputs that must
    be on. XOR, "or, but not and", takes a second layer of OR - 2 AND >= 1:

        net = sequential(
            (2,),
            [layers.Dense(2), layers.Threshold(), layers.Dense(1), layers.Threshold()],
            "mse",
        )
        params = np.array([1, 1, 1, 1, -2, -1, -2, 1, -1], dtype=np.float32)
    """

    theta: float = 0.0
    kind = Kind(
        "threshold",
        forward,
        no_derivative,
        source="McCulloch & Pitts (1943), section 2",
    )

    def __post_init__(self):
        check_number("theta", self.theta)

    @property
    def setting(self):
        return float(self.theta)

    def plan(self, shape):
        return LayerPlan(shape)


EXAMPLES = (((4,), Threshold()), ((2, 3), Threshold(0.1)))
