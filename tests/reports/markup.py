"""Every string of a result with markup in it, and how a page must show it."""

from html.parser import HTMLParser

MARK = """<b onclick="x">&"'"""


def marked(value, spared, key=None):
    """A copy with `MARK` behind every string but those under the keys `spared`.

    Spared is what a program, and no person or machine, chooses among a few words.
    """
    if isinstance(value, dict):
        return {k: marked(v, spared, k) for k, v in value.items()}
    if isinstance(value, list):
        return [marked(v, spared, key) for v in value]
    if isinstance(value, str) and value and key not in spared:
        return value + MARK
    return value


class Bold(HTMLParser):
    """Does any element have what only the mark asks for?"""

    def __init__(self, text):
        super().__init__()
        self.clicked = False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.clicked |= "onclick" in dict(attributes)

    handle_startendtag = handle_starttag


def check(page, least):
    """The mark stands on the page as text, `least` times or more, and does nothing."""
    text = page.read_text()
    assert not Bold(text).clicked
    assert "<b onclick" not in text
    found = text.count("&lt;b onclick=")
    assert found >= least, f"{page.name}: {found}"
