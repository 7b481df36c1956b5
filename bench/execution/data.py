"""The data of a trial, kept for the next: conditions of a scenario ask for the same."""

from functools import lru_cache

from ...scenarios.data import load

# The arrays are shared, so nobody may write to them.
split = lru_cache(maxsize=12)(load)
