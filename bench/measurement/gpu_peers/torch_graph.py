"""PyTorch, a whole step recorded as a CUDA graph and replayed, with its fused Adam.

Source: PyTorch, CUDA semantics, section "Whole-network capture".
"""

from ..peers.work import Peer
from .torch_training import MOST_NETWORKS, one_after_the_other

__all__ = ["MOST_NETWORKS", "PEER", "prepare"]

PEER = Peer("PyTorch CUDA graph", "PyTorch", "torch", "torch", ("step", "population"))
WARM_UP = 3


def prepare(work):
    """See `peers`; of a population, the first few networks."""
    return one_after_the_other(work, recorded_step, capturable=True)


def recorded_step(training):
    """step(rows) of a `TorchTraining`, by one replay."""
    torch, rule = training.torch, training.rule
    rows = training.orders[0, : training.batch].clone()

    def step():
        rule.zero_grad(set_to_none=True)
        loss = training.loss(training.x[rows], training.y[rows])
        loss.backward()
        rule.step()
        training.total += loss.detach()

    start = [p.detach().clone() for p in training.model.parameters()]
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(WARM_UP):
            step()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    rule.zero_grad(set_to_none=True)
    with torch.cuda.graph(graph):
        step()
    with torch.no_grad():  # back to where the warm-up began
        for p, first in zip(training.model.parameters(), start, strict=True):
            p.copy_(first)
            for value in rule.state[p].values():
                value.zero_()

    def replay(given):
        rows.copy_(given)
        graph.replay()

    return replay
