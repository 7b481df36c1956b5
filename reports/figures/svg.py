"""A matplotlib figure as SVG that can stand inside an HTML page, many to a page."""

import io
import re
from xml.etree import ElementTree

_LINK = re.compile(r"url\(#([^)]+)\)")
# A hundredth of a unit is less than a screen shows.
_LONG = re.compile(r"\d+\.\d{3,}")
_PLACES = ("d", "x", "y", "transform")
_GAPS = re.compile(r"\s+")


def inline_svg(figure, prefix, description):
    """The figure as an `<svg>` element for HTML.

    No declaration, document type, metadata, style sheet or namespace is left, so it
    names no address. Ids start with the prefix; only those referred to are kept.
    description: the alternative text.
    """
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None})
    root = ElementTree.fromstring(buffer.getvalue())
    _strip(root)
    for element in root.iter():
        _make_plain(element)
    _share_styles(root)
    _rename(root, prefix)
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
        element.set("d", _GAPS.sub(" ", element.attrib["d"]).strip())
    if element.get("transform", "").startswith("rotate(-0 "):
        del element.attrib["transform"]
    if element.tag != "text":
        element.text = None
    element.tail = "\n"


def _rounded(match):
    return f"{float(match[0]):.2f}".rstrip("0").rstrip(".")


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
