"""The gradient of some rows on one thread, layer by layer, within a memory plan.

Layers are grouped in segments. Outputs at the end of a segment stay in the workspace;
those inside share their places with other segments' and are computed again when
backward reaches them (activation checkpointing: Griewank & Walther 2000, "Algorithm
799: Revolve"; Chen et al. 2016, section 4.1). One segment means that nothing is
computed twice.
"""

from .. import table
from ..jit import jit
from ..watch import watch_rows
from .backprop import backward_layer, forward_loss, layer_gradient, restore, run_layers


@jit
def gradient(net, model, p, g, watch, work, span, scale, more):
    """g = scale times the summed gradient of the rows' losses, plus g where `more`.

    g: float[n]. Returns the sums of the losses and of the scores.
    """
    layers = net.segments[-1]
    loss, score = forward_loss(net, model, p, work, span, scale)
    for segment in range(net.segments.size - 2, -1, -1):
        first, last = net.segments[segment], net.segments[segment + 1]
        if last < layers:
            run_layers(net, model, p, work, span, (first, last - 1))
        for layer in range(last - 1, first - 1, -1):
            restore(net, net.table[layer, table.SOURCE], work, span)
            backward_layer(net, model, p, work, span, layer)
            watch_rows(net, model, work, watch, span, layer)
            start = net.table[layer, table.START]
            part = (layer, 0, start, start + net.table[layer, table.SIZE])
            layer_gradient(net, model, g, work, span, part, more)
    return loss, score
