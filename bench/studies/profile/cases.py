"""The pieces of work on which peers are compared, from small to large."""

from ...measurement.peers.case import Case

CASES = {
    case.name: case
    for case in (
        Case("64-64-10", "step", (64, 64, 10), 32, 1792),
        Case("30-256-256-2", "step", (30, 256, 256, 2), 64, 1280),
        Case("784-512-512-10", "step", (784, 512, 512, 10), 128, 5120),
        Case("784-2048-2048-10", "step", (784, 2048, 2048, 10), 512, 4096),
        Case("128 x 64-64-10", "population", (64, 64, 10), 32, 1792, 128),
        Case("LeNet", "step", (784, 10), 64, 1280, 1, "lenet"),
        Case("convolutions", "step", (64, 10), 32, 1792, 1, "small_convolution"),
        Case("LSTM", "step", (100, 10), 32, 640, 1, "lstm"),
        Case("residual", "step", (64, 10), 32, 1792, 1, "residual"),
        Case(
            "64 x convolutions",
            "population",
            (64, 10),
            32,
            640,
            64,
            "small_convolution",
        ),
        Case("predict 784-512-512-10", "predict", (784, 512, 512, 10), 10_000, 10_000),
    )
}
# Of dense layers, of which all is measured.
DENSE = [c for c in CASES.values() if c.kind == "step" and not c.architecture]
