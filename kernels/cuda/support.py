"""What a GPU cannot train, said in one sentence before anything runs there."""

from ..optimizers import OPTIMIZERS
from .layers import NUMBERS, unsupported

# Offsets and numbers of rows are int32 in the kernels.
MOST = 2**31 - 1


def without_twin(net):
    """Why CUDA cannot train a `Network`, in one sentence; None where it can.

    Its layers, and the way they are connected, must be among what has a CUDA twin.
    """
    if net.weighted:
        return (
            "device 'cuda' does not weight rows; use 'cpu', or leave sample_weight out"
        )
    if not (kind := unsupported(net)):
        return None
    return (
        f"device 'cuda' does not train layers of kind {kind!r} in this network; use"
        f" 'cpu', or layers one behind the other of {', '.join(NUMBERS)}"
    )


def why_not(
    optimizer,
    diagnostics=False,
    micro_batch=None,
    checkpoint=None,
    storage="native",
    in_place=False,
    largest=0,
    net=None,
    **others,
):
    """Why CUDA cannot do a training, in one sentence; None where it can.

    optimizer: an `Optimizer`, or a key of `OPTIMIZERS`; largest: how many parameters or
    rows there are, whichever is more; net: a `Network`, None for one of dense layers;
    others: settings and hyper-parameters that hinder nothing.
    """
    if net is not None and (reason := without_twin(net)):
        return reason
    if largest > MOST:
        return (
            f"device 'cuda' counts up to {MOST:,} parameters or rows, and here are"
            f" {largest:,}; use 'cpu'"
        )
    optimizer = OPTIMIZERS[optimizer] if isinstance(optimizer, str) else optimizer
    if not optimizer.elementwise or optimizer.gradients > 1:
        able = [name for name, each in OPTIMIZERS.items() if each.elementwise]
        needs = "several gradients a step"
        if optimizer.gradients == 1:
            needs = "more of the parameters than one at a time"
        return (
            f"device 'cuda' does not train by {optimizer.name!r}, whose update needs"
            f" {needs}; use 'cpu', or one of {', '.join(able)}"
        )
    asked = {
        "diagnostics": diagnostics,
        "micro_batch": micro_batch,
        "checkpoint": checkpoint,
        "storage": storage != "native",
        "in_place": in_place,
    }
    given = [name for name, value in asked.items() if value]
    if given:
        return (
            f"device 'cuda' does not train with {' and '.join(given)}; leave that out,"
            " or use 'cpu'"
        )
    return None
