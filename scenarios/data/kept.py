"""What was made lately, kept for those who ask for the same, as far as there is room.

By bytes and not by number: one table may be a hundred times as large as another.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any

import numpy as np


class Kept:
    """Objects with arrays, by key; the one that was asked for longest ago goes first.

    room: bytes that they may take together; a larger one is not kept. Whoever gets one
    shares it with others, and must not write to it.
    """

    def __init__(self, room: int):
        self._room, self._taken = room, 0
        self._found: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What `make()` returns, or returned when this key was last asked for."""
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key][0]
        made = make()
        self._keep(key, made, bytes_of(made))
        return made

    def _keep(self, key, made, size):
        if size > self._room:
            return
        with self._lock:
            if key in self._found:  # another thread made it meanwhile
                return
            self._found[key] = made, size
            self._taken += size
            while self._taken > self._room:
                _, (_, freed) = self._found.popitem(last=False)
                self._taken -= freed


def bytes_of(made: Any) -> int:
    """Bytes of the arrays that an object's fields hold, each counted once."""
    arrays = {id(v): v.nbytes for v in vars(made).values() if isinstance(v, np.ndarray)}
    return sum(arrays.values())
