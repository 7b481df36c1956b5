"""A figure drawn once, saved as PNG and put into the page as SVG."""

import io
from dataclasses import dataclass
from pathlib import Path

from ..files import write_bytes
from .readings import readings_of
from .style import drawing
from .svg import inline_svg

_DPI = 160


@dataclass(frozen=True)
class Picture:
    """A figure as the page shows it.

    svg: markup to inline; png: its place relative to the page; title and caption: text;
    readings: what its lines tell under the pointer, as `readings_of` has it.
    """

    svg: str
    png: str
    title: str
    caption: str
    readings: list


@dataclass(frozen=True)
class Place:
    """Where a figure goes: OUT/figures/<stem>.png; command: what draws it again."""

    stem: str
    out: Path
    command: str


def publish(draw, place, description, words):
    """Draw once, write the PNG, return the `Picture`.

    draw() returns a figure of `style.canvas`; description: the alternative text; words:
    (title, caption). Raises OSError where the PNG cannot be written.
    """
    with drawing():
        figure = draw()
        # Laid out once; with an engine, every saving would draw the figure twice.
        figure.get_layout_engine().execute(figure)
        figure.set_layout_engine(None)
        svg = inline_svg(figure, place.stem, description)
        readings = readings_of(figure)
        image = io.BytesIO()
        about = {"Software": None, "Title": words[0], "Description": place.command}
        figure.savefig(
            image,
            format="png",
            dpi=_DPI,
            metadata=about,
            pil_kwargs={"compress_level": 2},  # three times as fast, hardly larger
        )
    png = place.out / "figures" / f"{place.stem}.png"
    write_bytes(png, image.getvalue())
    return Picture(svg, f"figures/{png.name}", words[0], words[1], readings)
