"""The output of a network for many rows, in blocks that stay in the cache."""

from .. import table
from ..atomics import add
from ..elementwise import copy
from ..jit import inner, jit
from .backprop import run_layers
from .drivers import select_workspace
from .workspace import Span, output


@inner
def predict_block(net, model, p, work, x, out):
    """out = the network's output for the rows of x. work: of at least as many rows."""
    last, span = net.segments[-1], Span(0, 0, x.shape[0])
    work.draws[0, 2] = table.EVALUATE
    copy(work.x[: span.rows], x)
    run_layers(net, model, p, work, span, (net.segments[0], last))
    copy(out, output(net, last - 1, work, span))


@jit
def predict_rows(net, model, p, stacked, x, out, counter, thread):
    """Blocks of out = the network's output for the rows of x, until none is left.

    out: float[rows, o]; stacked: a Workspace per thread. counter: int64[1], the next
    block of all threads.
    """
    work, rows, block = (
        select_workspace(stacked, thread),
        x.shape[0],
        stacked.x.shape[1],
    )
    start = add(counter, 0, 1) * block
    while start < rows:
        stop = min(rows, start + block)
        predict_block(net, model, p, work, x[start:stop], out[start:stop])
        start = add(counter, 0, 1) * block
