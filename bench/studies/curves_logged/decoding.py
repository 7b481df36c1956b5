"""The text of a log, in whatever encoding it was written."""

import codecs
from pathlib import Path

from ...errors import BadData

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LOOKED_AT = 4096  # bytes


def text_of(content: bytes, path: Path) -> str:
    """UTF-8, UTF-16 or UTF-32, with a mark or without, else Latin-1.

    Raises BadData where it is no text.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _decoded(content, encoding, path)
    head = content[:_LOOKED_AT]
    if b"\0" in head:
        # Every other byte of Latin letters in UTF-16 is zero.
        little = head[1::2].count(0) > head[0::2].count(0)
        return _decoded(content, "utf-16-le" if little else "utf-16-be", path)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _decoded(content: bytes, encoding: str, path: Path) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text or (not text[:_LOOKED_AT].isprintable() and _binary(text)):
        raise BadData(
            f"{path.name} is not text; give a CSV file, a trainer_state.json or a"
            " TensorBoard event file."
        )
    return text


def _binary(text: str) -> bool:
    head = text[:_LOOKED_AT]
    strange = sum(not (c.isprintable() or c in "\r\n\t") for c in head)
    return strange > 0.1 * len(head)
