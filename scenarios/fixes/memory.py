"""Ways to need less memory at once."""

from dataclasses import replace
from functools import partial

from ..scenario import Fix


def _plan(trial, **changes):
    return replace(trial, memory=replace(trial.memory, **changes))


_ALL = (
    "memory_pressure",
    "memory_pressure.optimizer_state",
    "memory_pressure.data",
)

FIXES = (
    Fix(
        name="mini_batches",
        family="memory",
        apply=partial(replace, batch_size=256),
        label="Mini-batches of 256 rows",
        claim="Only the rows of one batch are in memory at a time.",
        strength="256 rows a step",
        treats=("memory_pressure",),
    ),
    Fix(
        name="gradient_accumulation",
        family="memory",
        apply=partial(_plan, micro_batch=256),
        label="Gradient accumulation, 256 rows at a time",
        claim="The same full-batch step, its gradient summed piece by piece.",
        strength="256 rows a piece",
        treats=("memory_pressure",),
    ),
    Fix(
        name="checkpointing",
        family="memory",
        apply=partial(_plan, checkpoint=4),
        label="Activation checkpointing, every 4 layers",
        claim="Forget most activations and compute them again on the way back.",
        strength="4 layers a segment",
        treats=_ALL,
    ),
    Fix(
        name="sgd",
        family="memory",
        apply=partial(replace, optimizer="sgd", lr=0.1),
        label="SGD at 0.1 instead of Adam",
        claim="Adam keeps two numbers beside every parameter; SGD keeps none.",
        strength="learning rate 0.1, SGD",
        treats=_ALL,
    ),
    Fix(
        name="lion",
        family="memory",
        apply=partial(replace, optimizer="lion", lr=0.0003),
        label="Lion at 0.0003 instead of Adam",
        claim="Lion keeps one number beside every parameter, Adam two.",
        strength="learning rate 0.0003, Lion",
        treats=_ALL[:2],
    ),
    Fix(
        name="adafactor",
        family="memory",
        apply=partial(replace, optimizer="adafactor", lr=0.01),
        label="Adafactor at 0.01 instead of Adam",
        claim="Of each weight matrix it keeps the means of rows and columns alone.",
        strength="learning rate 0.01, Adafactor",
        treats=_ALL[:2],
    ),
    Fix(
        name="float16_storage",
        family="memory",
        apply=partial(_plan, storage="float16"),
        label="Activations stored in 16 bits",
        claim="Half the bytes for every activation kept for the backward pass.",
        strength="float16",
        treats=_ALL,
    ),
    Fix(
        name="streaming",
        family="memory",
        apply=partial(_plan, stream=True),
        label="Rows read from a memory-mapped file",
        claim="The data set stays on disk; only the rows of a batch are read.",
        strength="streamed rows",
        treats=_ALL,
    ),
)
