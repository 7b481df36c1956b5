"""A random sample of rows that arrive in parts, kept in their order."""

from typing import Any

import numpy as np

from ....errors import BadData


class RowSample:
    """The `most` rows with the smallest of random keys, one a row, drawn by `seed`.

    So each row is as likely, however the parts are cut, and memory holds no more than
    the sample and two parts. Source: Vitter (1985), Random sampling with a reservoir,
    ACM Transactions on Mathematical Software 11 (the task; keys instead of skips).
    """

    def __init__(self, most: int, seed: int) -> None:
        self.most, self.total = most, 0
        self._random = np.random.default_rng(seed)
        self._parts: list[Any] = []
        self._keys: list[np.ndarray] = []
        self._held = 0

    def add(self, part: Any) -> None:
        """Take a part, a pandas DataFrame, into account."""
        keys = self._random.random(len(part))
        self.total += len(part)
        if self.total > self.most and self._keys:
            bar = self._bar()
            kept = keys < bar
            part, keys = part[kept], keys[kept]
        self._parts.append(part)
        self._keys.append(keys)
        self._held += len(part)
        if self._held > 2 * self.most:
            self._thin()

    def _bar(self) -> float:
        """The largest key that may still belong to the sample."""
        return self._keys[0].max() if self._held and len(self._keys) == 1 else np.inf

    def _thin(self) -> None:
        import pandas as pd

        keys = np.concatenate(self._keys)
        if len(keys) > self.most:
            chosen = np.sort(np.argpartition(keys, self.most)[: self.most])
            whole = pd.concat(self._parts, ignore_index=True).iloc[chosen]
            self._parts, self._keys = [whole.reset_index(drop=True)], [keys[chosen]]
            self._held = len(chosen)

    def frame(self, name: str) -> Any:
        """The sampled rows in their order. BadData where there is none."""
        import pandas as pd

        if not self.total:
            raise BadData(f"{name} holds no rows: a table needs some to learn from.")
        self._thin()
        return pd.concat(self._parts, ignore_index=True)
