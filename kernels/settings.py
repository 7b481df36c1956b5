"""What a training takes beside the optimizer's hyper-parameters, checked."""

from dataclasses import dataclass, field

from .batch import Plan
from .memory import MemoryPlan
from .schedules import SCHEDULES
from .tasks import AT_ONCE, PARTS, WHOLE
from .validation import check_choice, check_count, check_number


@dataclass(frozen=True)
class Settings:
    """What `train` and `train_population` take beside the optimizer's hyper-parameters.

    schedule: a key of `SCHEDULES`, schedule_options its options by name; warmup: steps.
    l1, l2: penalties on the weights. clip_norm, clip_value: None for no limit.
    reduction: `mean` or `sum` of the rows' gradients. patience: epochs without a better
    validation loss (by min_delta) before stopping; None never stops. micro_batch: rows
    per piece of a batch; the pieces' gradients are added. checkpoint, storage: see
    `MemoryPlan`. deterministic: cut large batches alike for any number of threads, so
    that results do not depend on it; False cuts them for the threads at hand, which is
    faster on one thread, and on more than two.
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
    deterministic: bool = True

    def __post_init__(self):
        check_choice("schedule", self.schedule, SCHEDULES)
        SCHEDULES[self.schedule].values(self.schedule_options)
        check_choice("reduction", self.reduction, ("mean", "sum"))
        check_choice("storage", self.storage, ("native", "float16"))
        check_count("warmup", self.warmup, 0)
        for name in ("l1", "l2", "clip_norm", "clip_value", "min_delta"):
            if getattr(self, name) is not None:
                check_number(name, getattr(self, name), 0.0)
        for name in ("patience", "micro_batch", "checkpoint"):
            if getattr(self, name) is not None:
                check_count(name, getattr(self, name))
        if self.checkpoint and self.storage != "native":
            raise ValueError("choose checkpoint or storage='float16', not both")

    @property
    def memory(self):
        return MemoryPlan(self.checkpoint, self.storage)

    @property
    def shares_steps(self):
        """May threads share a step? Plans that save memory keep too little for it."""
        return not (self.micro_batch or self.checkpoint or self.storage != "native")

    def plan(self, epochs, batch, split, optimizer, sampler):
        """The `Plan` of the compiled loop. sampler: of the loss."""
        return Plan(
            epochs=epochs,
            batch=batch,
            piece=split.piece,
            spans=split.spans,
            blocks=split.blocks,
            warmup=int(self.warmup),
            patience=int(self.patience or 0),
            apart=(PARTS if self.clip_norm else AT_ONCE)
            if optimizer.elementwise
            else WHOLE,
            gradients=optimizer.gradients,
            averages=int(optimizer.average is not None),
            sampled_every=optimizer.sampled_every,
            sampler=sampler,
            summed=int(self.reduction == "sum"),
            l1=float(self.l1),
            l2=float(self.l2),
            clip_norm=float(self.clip_norm or 0.0),
            clip_value=float(self.clip_value or 0.0),
            min_delta=float(self.min_delta),
            schedule=SCHEDULES[self.schedule].values(self.schedule_options),
            parts=split.parts,
        )
