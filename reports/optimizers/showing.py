"""Publishing the pictures of a page under its name."""

from functools import partial
from pathlib import Path

from ..figures.highlighted import Chart, describe_highlighted, draw_highlighted
from ..figures.picture import Picture, Place, publish
from ..figures.ranges import Ranges, describe_ranges, draw_ranges
from .content import StudyContent


def shower(study: StudyContent, out: Path, stem: str):
    """A function that publishes a figure under a stem: (name, draw, words, title)."""

    def show(name, draw, description, text) -> Picture:
        place = Place(f"{stem}-{name}", out, study["command"])
        return publish(draw, place, description, text)

    return show


def chart(show, name, what: Chart, text) -> Picture:
    """Publish a chart of highlighted lines."""
    return show(name, partial(draw_highlighted, what), describe_highlighted(what), text)


def ranges(show, name, what: Ranges, text) -> Picture:
    """Publish rows of intervals."""
    return show(name, partial(draw_ranges, what), describe_ranges(what), text)
