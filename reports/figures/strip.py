"""The forest plot of a scenario for the index: its fixes alone, without a legend."""

from ..verdicts import remedies
from .forest import draw_rows, placed


def draw_strip(result):
    """A figure with one named row for each fix, surest gain first."""
    measured = [fix for fix in remedies(result) if fix["gain"] is not None]
    return draw_rows(placed(measured), {**result, "fixes": measured})
