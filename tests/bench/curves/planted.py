"""A training with a planted trouble, or without one, as it is declared."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class PlantedRun:
    """name: of its file; trouble: what was planted, "" for none; data: of `DATA`; rows:
    to train on; wrong: the share of training labels that are drawn anew. lr: "beyond"
    for the first of 0.025, 0.035, 0.05, ... at which the training diverges; "edge" for
    the highest below it at which it jumps.
    """

    name: str
    trouble: str
    by: str
    data: str
    seed: int
    layout: str
    hidden: tuple = (32,)
    optimizer: str = "adam"
    lr: float | str = 1e-3
    batch: int = 32
    epochs: int = 60
    rows: int = 600
    wrong: float = 0.0
    patience: int | None = None
    accuracy: bool = True
    options: dict = field(default_factory=dict)
