"""The seconds of a measurement, shared out to its parts."""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any


class Part:
    """One part's time, what it has found, and what it leaves out for want of it.

    content: what the parts before have measured. clock: seconds, as `perf_counter`.
    kept: is called after each thing that is found, so that none is lost where the
    measurement is cut off.
    """

    def __init__(self, name: str, seconds: float, content: dict, clock=None) -> None:
        self.clock: Callable[[], float] = clock or time.perf_counter
        self.name, self.seconds, self.content = name, seconds, content
        self.ends, self.left_out = self.clock() + seconds, []
        self.found: list[Any] = []
        self.kept: Callable[[], None] = lambda: None

    @property
    def left(self) -> float:
        """Seconds, of which there may be none."""
        return self.ends - self.clock()

    @property
    def spent(self) -> bool:
        return self.left <= 0

    def add(self, entry: Any) -> None:
        """Keep what was found."""
        self.found.append(entry)
        self.kept()

    def leave_out(self, sentence: str) -> None:
        """Say what is not measured, and why."""
        self.left_out.append(sentence)

    def while_time(self, items: Iterable[tuple[str, Any]]) -> Iterator[Any]:
        """The items as long as there is time; the names of the others are left out."""
        late = []
        for name, item in items:
            if self.spent:
                late.append(name)
            else:
                yield item
        if late:
            self.leave_out(
                f"{self.name}: the time was up before {', '.join(late)} could be"
                " measured."
            )


class Budget:
    """Seconds for parts in turn; what one does not use is for those behind it."""

    def __init__(self, seconds: float, shares: dict[str, float], clock=None) -> None:
        self.clock: Callable[[], float] = clock or time.perf_counter
        self.ends, self.shares = self.clock() + seconds, dict(shares)

    def part(self, name: str, content: dict) -> Part:
        """The next part, which must be one of the shares."""
        left = max(0.0, self.ends - self.clock())
        weight = self.shares[name] / sum(self.shares.values())
        del self.shares[name]
        return Part(name, left * weight, content, self.clock)
