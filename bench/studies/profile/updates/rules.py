"""The optimizers that torch.optim has too, and how torch is asked for each."""

from dataclasses import dataclass, field
from typing import Any

from .....kernels import OPTIMIZERS
from ...parity.torch_steps import torch_options

# Largest difference after the checked updates, as a share of the longest way that a
# parameter went; torch multiplies Muon's matrices in bfloat16, which has 8 bits.
TOLERANCE, BFLOAT16 = 1e-3, 0.1


@dataclass(frozen=True)
class Rule:
    """An optimizer of ours, by name, and torch's class with the same update.

    theirs: options of torch beyond our defaults; None: torch's own defaults are ours,
    under other names. shape, quick_shape: of the parameters, one tensor; a matrix has
    [inputs, outputs]. checked: updates before both are compared. has_foreach: torch has
    such a version. transposed: torch's matrix is [outputs, inputs]. why: why the shape
    is another than for most.
    """

    name: str
    torch: str
    theirs: dict | None = field(default_factory=dict)
    shape: tuple[int, ...] = (10_000_000,)
    quick_shape: tuple[int, ...] = (1_000_000,)
    checked: int = 3
    tolerance: float = TOLERANCE
    has_foreach: bool = True
    transposed: bool = False
    why: str | None = None

    @property
    def has_fused(self) -> bool:
        """Has torch a fused version for the CPU, as it has of these since 2.5?"""
        return self.torch in ("SGD", "Adagrad", "Adam", "AdamW")

    def options(self) -> dict[str, Any]:
        """Of torch's class, for an update with our defaults."""
        if self.theirs is None:
            return {}
        return {**torch_options(OPTIMIZERS[self.name].defaults), **self.theirs}


RULES = {
    rule.name: rule
    for rule in (
        Rule("gradient_descent", "SGD"),
        Rule("sgd", "SGD"),
        Rule("momentum", "SGD"),
        Rule("nesterov", "SGD", {"nesterov": True}),
        Rule("asgd", "ASGD"),
        Rule("rprop", "Rprop", None),
        Rule("adagrad", "Adagrad"),
        Rule("adadelta", "Adadelta"),
        Rule("rmsprop", "RMSprop"),
        Rule("rmsprop_momentum", "RMSprop"),
        Rule("rmsprop_centered", "RMSprop", {"centered": True}),
        Rule("rmsprop_centered_momentum", "RMSprop", {"centered": True}),
        Rule("adam", "Adam"),
        Rule("amsgrad", "Adam", {"amsgrad": True}),
        Rule("adamw", "AdamW"),
        Rule("adamax", "Adamax"),
        Rule("nadam", "NAdam"),
        # Its first five updates are momentum's; what it costs later is asked.
        Rule("radam", "RAdam", checked=7),
        Rule(
            "adafactor",
            "Adafactor",
            None,
            (2500, 4000),
            (800, 1250),
            why="a matrix, whose rows and columns have means",
        ),
        Rule(
            "muon",
            "Muon",
            None,
            (1000, 1000),
            (300, 500),
            tolerance=BFLOAT16,
            has_foreach=False,
            transposed=True,
            why="a smaller matrix, whose products take long; PyTorch’s are in"
            " bfloat16, gradclinic’s in float32",
        ),
    )
}
