"""PyTorch, eager, with its fused Adam."""

from ..peers.work import Peer
from .torch_training import MOST_NETWORKS, one_after_the_other

__all__ = ["MOST_NETWORKS", "PEER", "prepare"]

PEER = Peer("PyTorch eager", "PyTorch", "torch", "torch", ("step", "population"))


def prepare(work, compiled=False):
    """See `peers`; of a population, the first few networks."""

    def stepper(training):
        loss_of, rule = training.loss, training.rule
        if compiled:
            loss_of = training.torch.compile(loss_of, dynamic=False)

        def step(rows):
            rule.zero_grad(set_to_none=True)
            loss = loss_of(training.x[rows], training.y[rows])
            loss.backward()
            rule.step()
            training.total += loss.detach()

        return step

    return one_after_the_other(work, stepper)
