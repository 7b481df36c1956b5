"""The base rate all along."""

from ..schedule import Schedule


def factor(step, steps, options, memory):
    """1"""
    return 1.0


SCHEDULE = Schedule(name="constant", rule=factor, source="Widrow & Hoff (1960)")
