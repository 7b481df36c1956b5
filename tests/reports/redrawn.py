"""A page as `gradclinic report` draws it from the numbers beside it."""

from gradclinic.bench.commands import main


def redrawn(page):
    """The text of a page that is removed, and drawn again with all of its folder."""
    page.unlink()
    assert main(["report", str(page.parent)]) == 0
    return page.read_text()
