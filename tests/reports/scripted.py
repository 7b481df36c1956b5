"""The script of a page and the data beside its curves, checked and taken out."""

import base64
import hashlib
import json
import re
from importlib.resources import files

OWN = files("gradclinic.reports").joinpath("templates/page.js").read_text("utf-8")
_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.S | re.I)
_DATA = ' type="application/json"'


def plain(text):
    """The page without scripts: its own, once, which alone may run, and data."""
    assert text.count("<script") == len(_SCRIPT.findall(text))
    run = [body for kind, body in _SCRIPT.findall(text) if kind != _DATA]
    assert run == [OWN]
    digest = base64.b64encode(hashlib.sha256(OWN.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'\"" in text
    data_of(text)
    return _SCRIPT.sub("", text)


def data_of(text):
    """What each figure with curves tells under the pointer."""
    found = [body for kind, body in _SCRIPT.findall(text) if kind == _DATA]
    assert text.count('<div class="curves">') == len(found)
    assert not any(sign in body for body in found for sign in "<>&'")
    return [json.loads(body, parse_constant=_refuse) for body in found]


def _refuse(name):
    raise AssertionError(f"{name} is no JSON")
