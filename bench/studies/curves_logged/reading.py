"""A log file of any of the layouts that are known."""

from pathlib import Path

from ...errors import BadData, from_system
from .decoding import text_of
from .events import curves_of_events, is_event_file
from .logged import Logged
from .table import curves_of_table
from .trainer_state import curves_of_trainer

_HEAD = 4096  # bytes


def read_curves(path: Path) -> Logged:
    """The curves in a file: a table of text, JSON of Hugging Face, or events.

    Raises BadData in one sentence where it holds none, ResourceUnavailable where it
    cannot be read.
    """
    path = Path(path)
    if not path.exists():
        raise BadData(f"There is no file {path}.")
    if path.is_dir():
        raise BadData(f"{path} is a folder; give the file in it that holds the curves.")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise from_system(error) from error
    if is_event_file(path, content[:_HEAD]):
        return curves_of_events(path)
    text = text_of(content, path)
    if text.lstrip()[:1] in ("{", "["):
        return curves_of_trainer(text, path)
    return curves_of_table(text, path)
