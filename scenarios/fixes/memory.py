"""Ways to need less memory at once."""

from dataclasses import replace
from functools import partial

from ..doses import Doses
from ..scenario import Fix


def _plan(trial, **changes):
    return replace(trial, memory=replace(trial.memory, **changes))


def _checkpointed(trial, layers):
    return _plan(trial, checkpoint=layers)


_ALL = (
    "memory_pressure",
    "memory_pressure.optimizer_state",
    "memory_pressure.data",
)
_ACTIVATIONS = "memory_pressure.activations"
_EVERY = (*_ALL, _ACTIVATIONS)

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
        apply=_checkpointed,
        label="Activation checkpointing",
        claim="Forget most activations and compute them again on the way back.",
        strength="{dose} layers a segment",
        treats=_EVERY,
        doses=Doses("layers a segment", (1, 2, 4, 8, 16), 4, least=1, most=64),
    ),
    Fix(
        name="sgd",
        family="memory",
        apply=partial(replace, optimizer="sgd", lr=0.1, hyper=()),
        label="SGD at 0.1 instead of Adam",
        claim="Adam keeps two numbers beside every parameter; SGD keeps none.",
        strength="learning rate 0.1, SGD",
        treats=_ALL,
    ),
    Fix(
        name="lion",
        family="memory",
        apply=partial(replace, optimizer="lion", lr=0.0003, hyper=()),
        label="Lion at 0.0003 instead of Adam",
        claim="Lion keeps one number beside every parameter, Adam two.",
        strength="learning rate 0.0003, Lion",
        treats=_ALL[:2],
    ),
    Fix(
        name="adam_8bit",
        family="memory",
        apply=partial(replace, optimizer="adam_8bit", hyper=()),
        label="8-bit Adam instead of Adam",
        claim="Adam's two numbers as a byte each, and a scale for every 2,048.",
        strength="8-bit Adam",
        treats=_ALL[:2],
    ),
    Fix(
        name="adafactor",
        family="memory",
        apply=partial(replace, optimizer="adafactor", lr=0.01, hyper=()),
        label="Adafactor at 0.01 instead of Adam",
        claim="Of each weight matrix it keeps the means of rows and columns alone.",
        strength="learning rate 0.01, Adafactor",
        treats=_ALL[:2],
    ),
    Fix(
        name="float16_storage",
        family="memory",
        apply=partial(_plan, storage="float16"),
        label="Activations stored as float16",
        claim="Half the bytes for every activation kept for the backward pass.",
        strength="float16",
        treats=_EVERY,
    ),
    Fix(
        name="bfloat16_storage",
        family="memory",
        apply=partial(_plan, storage="bfloat16"),
        label="Activations stored as bfloat16",
        claim="Half the bytes and the range of float32, with 8 bits for the digits.",
        strength="bfloat16",
        treats=_EVERY,
    ),
    Fix(
        name="in_place",
        family="memory",
        apply=partial(_plan, in_place=True),
        label="In-place activations",
        claim="An activation overwrites its input, and one of two copies is gone.",
        strength="in place",
        treats=(_ALL[0], _ACTIVATIONS),
    ),
    Fix(
        name="streaming",
        family="memory",
        apply=partial(_plan, stream=True),
        label="Rows read from a memory-mapped file",
        claim="The data set stays on disk; only the rows of a batch are read.",
        strength="rows streamed from a file",
        treats=_ALL,
    ),
)
