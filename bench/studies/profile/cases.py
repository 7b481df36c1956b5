"""The pieces of work on which peers are compared, from small to large."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """kind: `step`, `population` or `predict`; rows: of its data, whole batches."""

    name: str
    kind: str
    sizes: tuple[int, ...]
    batch: int
    rows: int
    networks: int = 1

    @property
    def label(self) -> str:
        if self.kind == "predict":
            return f"{self.name}, {self.rows:,} rows"
        return f"{self.name}, batch {self.batch}"

    @property
    def parameters(self) -> int:
        layers = zip(self.sizes[:-1], self.sizes[1:], strict=True)
        return sum((i + 1) * o for i, o in layers)

    @property
    def flops(self) -> int:
        """Of the matrix products of a step of one network, or of all predictions.

        A multiply-add counts as two. Backward costs twice the forward pass, less the
        gradient of the inputs, which nobody needs.
        """
        layers = zip(self.sizes[:-1], self.sizes[1:], strict=True)
        forward = 2 * sum(i * o for i, o in layers)
        if self.kind == "predict":
            return self.rows * forward
        return self.batch * (3 * forward - 2 * self.sizes[0] * self.sizes[1])


CASES = {
    case.name: case
    for case in (
        Case("64-64-10", "step", (64, 64, 10), 32, 1792),
        Case("30-256-256-2", "step", (30, 256, 256, 2), 64, 1280),
        Case("784-512-512-10", "step", (784, 512, 512, 10), 128, 5120),
        Case("784-2048-2048-10", "step", (784, 2048, 2048, 10), 512, 4096),
        Case("128 x 64-64-10", "population", (64, 64, 10), 32, 1792, 128),
        Case("predict 784-512-512-10", "predict", (784, 512, 512, 10), 10_000, 10_000),
    )
}
