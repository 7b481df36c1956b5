"""An optimizer at work in each library: ours, and torch's by each of its versions."""

# torch is an optional extra.
# pyright: reportMissingImports=false

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .....kernels import OPTIMIZERS
from .....kernels.memory import aligned
from .rules import Rule


@dataclass(frozen=True)
class UpdateTask:
    """start: float32 of the rule's shape; gradients: of the same shape, in turns."""

    rule: Rule
    start: np.ndarray
    gradients: Sequence[np.ndarray]
    threads: int


class Ours:
    """Our update, as users call it."""

    def __init__(self, task: UpdateTask, version: str) -> None:
        self.optimizer, self.threads = OPTIMIZERS[task.rule.name], task.threads
        self.layout, self.done = np.empty((0, 3), np.int64), 0
        if task.start.ndim == 2:
            self.layout = np.array([[0, *task.start.shape]])
        n, dtype = task.start.size, task.start.dtype
        self.params = aligned((n,), dtype)  # as `Network.init` and training do
        self.params[:] = task.start.ravel()
        self.gradients = [gradient.ravel() for gradient in task.gradients]
        shape = self.optimizer.state_shape(n, self.layout)
        self.state = aligned(shape, dtype, np.zeros)

    @staticmethod
    def versions(rule: Rule) -> tuple[str, ...]:
        """There is one."""
        return ("gradclinic",)

    def update(self) -> None:
        gradient = self.gradients[self.done % len(self.gradients)]
        self.done += 1
        self.optimizer.update(
            self.params,
            gradient,
            self.state,
            step=self.done,
            layout=self.layout,
            threads=self.threads,
        )

    def parameters(self) -> np.ndarray:
        """float32[n], as they are now."""
        return self.params


class Theirs:
    """torch's update by one of its versions."""

    def __init__(self, task: UpdateTask, version: str) -> None:
        import torch

        torch.set_num_threads(task.threads)
        rule, self.done, self.transposed = task.rule, 0, task.rule.transposed
        self.tensor = self._tensor(task.start).clone().requires_grad_()
        self.gradients = [self._tensor(gradient) for gradient in task.gradients]
        chosen = {"fused": {"fused": True}, "foreach": {"foreach": True}}
        chosen["for loop"] = {"foreach": False} if rule.has_foreach else {}
        kind = getattr(torch.optim, rule.torch)
        self.optimizer = kind([self.tensor], **rule.options(), **chosen[version])

    @staticmethod
    def versions(rule: Rule) -> tuple[str, ...]:
        """Fused where there is one; else those of which the faster is yet to be found.

        `for loop` is torch's plain code, a call for each operation.
        """
        if rule.has_fused:
            return ("fused",)
        return ("foreach", "for loop") if rule.has_foreach else ("for loop",)

    def _tensor(self, values):
        import torch

        values = values.T if self.transposed else values
        return torch.from_numpy(np.ascontiguousarray(values))

    def update(self) -> None:
        self.tensor.grad = self.gradients[self.done % len(self.gradients)]
        self.done += 1
        self.optimizer.step()

    def parameters(self) -> np.ndarray:
        """float32[n], in our order."""
        found = self.tensor.detach().numpy()
        return (found.T if self.transposed else found).ravel()


LIBRARIES = {"gradclinic": Ours, "torch": Theirs}
