"""What a training takes beside the optimizer's hyper-parameters, checked."""

import math
from dataclasses import dataclass, field

from .bounds import COUNT, FROM_ZERO, NONNEGATIVE
from .half import FORMATS
from .loop import parts
from .loop.batch import Plan
from .memory import StepMemory
from .schedules import SCHEDULES
from .validation import check_choice, check_number, check_switch

# Of the settings that are numbers.
BOUNDS = {
    "warmup": FROM_ZERO,
    "l1": NONNEGATIVE,
    "l2": NONNEGATIVE,
    "clip_norm": NONNEGATIVE,
    "clip_value": NONNEGATIVE,
    "patience": COUNT,
    "min_delta": NONNEGATIVE,
    "micro_batch": COUNT,
    "checkpoint": COUNT,
}


def _limit(value):
    """What clips a gradient: infinite where there is no limit."""
    return math.inf if value is None else value


@dataclass(frozen=True)
class Settings:
    """What `train` and `train_population` take beside the optimizer's hyper-parameters.

    schedule: a key of `SCHEDULES`, schedule_options its options by name; warmup: steps.
    l1, l2: penalties on the weights. clip_norm, clip_value: None for no limit, and 0
    leaves nothing of a gradient.
    reduction: `mean` or `sum` of the rows' gradients. patience: epochs without a better
    validation loss (by min_delta) before stopping; None never stops. micro_batch: rows
    per piece of a batch; the pieces' gradients are added. checkpoint, storage,
    in_place: see `StepMemory`. deterministic: cut large batches alike for any number of
    threads, so that results do not depend on it; False cuts them for the threads at
    hand, which is faster on one thread, and on more than two.
    """

    schedule: str = "constant"
    schedule_options: dict = field(default_factory=dict)
    warmup: int = 0
    l1: float = 0.0
    l2: float = 0.0
    clip_norm: float | None = None
    clip_value: float | None = None
    reduction: str = "mean"
    patience: int | None = None
    min_delta: float = 0.0
    micro_batch: int | None = None
    checkpoint: int | None = None
    storage: str = "native"
    in_place: bool = False
    deterministic: bool = True

    def __post_init__(self):
        check_choice("schedule", self.schedule, SCHEDULES)
        SCHEDULES[self.schedule].values(self.schedule_options)
        check_choice("reduction", self.reduction, ("mean", "sum"))
        check_choice("storage", self.storage, ("native", *FORMATS))
        for name in ("deterministic", "in_place"):
            check_switch(name, getattr(self, name))
        for name, bounds in BOUNDS.items():
            value = getattr(self, name)
            if value is not None or getattr(Settings, name) is not None:
                value = check_number(name, value, bounds)
                object.__setattr__(self, name, value)
        if self.checkpoint and self.storage != "native":
            raise ValueError(f"choose checkpoint or storage={self.storage!r}, not both")

    @property
    def memory(self):
        return StepMemory(self.checkpoint, self.storage, in_place=self.in_place)

    @property
    def shares_steps(self):
        """May threads share a step? Plans that save memory keep too little for it."""
        return not (self.micro_batch or self.checkpoint or self.storage != "native")

    def _update_mode(self, optimizer):
        """How the rule takes the parameters: see `loop.parts`."""
        if not optimizer.elementwise:
            return parts.WHOLE
        return parts.AT_ONCE if self.clip_norm is None else parts.PARTS

    def plan(self, epochs, batch, split, net, optimizer, sampler):
        """The `Plan` of the compiled loop. sampler: of the loss."""
        return Plan(
            epochs=epochs,
            batch=batch,
            piece=split.piece,
            spans=split.spans,
            blocks=split.blocks,
            warmup=self.warmup,
            patience=self.patience or 0,
            update_mode=self._update_mode(optimizer),
            gradients=optimizer.gradients,
            codes=optimizer.code_columns(net.n_params, net.matrices),
            averages=int(optimizer.average is not None),
            sampled_every=optimizer.sampled_every,
            sampler=sampler,
            summed=int(self.reduction == "sum"),
            l1=self.l1,
            l2=self.l2,
            clip_norm=_limit(self.clip_norm),
            clip_value=_limit(self.clip_value),
            min_delta=self.min_delta,
            schedule=SCHEDULES[self.schedule].values(self.schedule_options),
            parts=split.parts,
        )
