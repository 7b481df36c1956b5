"""The data of a trial, kept for the next: conditions of a scenario ask for the same."""

from functools import lru_cache

from ...scenarios.data import load

# Twenty seeds and a few more; the arrays are shared, so nobody may write to them.
split = lru_cache(maxsize=24)(load)
