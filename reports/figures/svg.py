"""A matplotlib figure as SVG that can stand inside an HTML page, many to a page."""

import io
import re
from xml.etree import ElementTree
from zlib import crc32

_LINK = re.compile(r"url\(#([^)]+)\)")
# A tenth of a unit is less than a screen shows.
_LONG = re.compile(r"\d+\.\d{2,}")
_PLACES = ("d", "x", "y", "transform")
_FONT = re.compile(r"font-family: [^;]*; ?")


def inline_svg(figure, prefix, description):
    """The figure as an `<svg>` element for HTML.

    No declaration, document type, metadata, style sheet or namespace is left, so it
    names no address. Ids, of which only those referred to are kept, begin with a short
    name for the prefix, which is the picture's own. description: the alternative text.
    """
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None})
    root = ElementTree.fromstring(buffer.getvalue())
    _strip(root)
    for element in root.iter():
        _make_plain(element)
    _share_styles(root)
    _rename(root, f"s{crc32(prefix.encode()):x}")
    root.attrib = {
        "class": "plot",
        "role": "img",
        "aria-label": description,
        "viewBox": root.get("viewBox", ""),
    }
    return ElementTree.tostring(root, encoding="unicode")


def _strip(element):
    """Remove metadata and style sheets below an element."""
    for child in list(element):
        if child.tag.endswith(("}metadata", "}style")):
            element.remove(child)
        else:
            _strip(child)


def _make_plain(element):
    """Names without namespaces, as HTML has them."""
    element.tag = element.tag.rpartition("}")[2]
    element.attrib = {k.rpartition("}")[2]: v for k, v in element.attrib.items()}
    for name in _PLACES:
        if name in element.attrib and "scale" not in element.attrib[name]:
            element.set(name, _LONG.sub(_rounded, element.attrib[name]))
    if "d" in element.attrib:
        element.set("d", shorter_path(element.attrib["d"]))
    if style := element.get("style"):
        plain = _FONT.sub("", style)  # pages set their own
        element.set("style", plain.replace(": ", ":").replace("; ", ";"))
    if element.get("transform", "").startswith("rotate(-0 "):
        del element.attrib["transform"]
    if element.tag != "text":
        element.text = None
    element.tail = "\n"


def shorter_path(path):
    """A path without the L that a line after a line, or a start, need not say."""
    kept, command = [], ""
    for token in path.split():
        if token == "L" and command in ("L", "M"):
            continue
        command = token if token.isalpha() else command
        kept.append(token)
    return " ".join(kept)


def _rounded(match):
    return f"{float(match[0]):.1f}".rstrip("0").rstrip(".")


def _share_styles(root):
    """Write the style that all children of a group have once, on the group."""
    for group in root.iter("g"):
        styles = {child.get("style") for child in group}
        drawn = {child.tag for child in group} <= {"use", "path"}
        if len(group) > 1 and drawn and len(styles) == 1 and not group.get("style"):
            (style,) = styles
            if style:
                group.set("style", style)
                for child in group:
                    del child.attrib["style"]


def _rename(root, prefix):
    """Ids in order of appearance under the prefix, where something refers to them."""
    used = set()
    for element in root.iter():
        for value in element.attrib.values():
            used.update(_LINK.findall(value))
        if element.get("href", "").startswith("#"):
            used.add(element.get("href")[1:])
    names = {}
    for element in root.iter():
        name = element.attrib.pop("id", None)
        if name in used:
            names[name] = f"{prefix}-{len(names)}"
            element.set("id", names[name])
    for element in root.iter():
        for key, value in element.attrib.items():
            if key == "href":
                element.set(key, f"#{names[value[1:]]}")
            elif "url(#" in value:
                element.set(key, _LINK.sub(lambda m: f"url(#{names[m[1]]})", value))
