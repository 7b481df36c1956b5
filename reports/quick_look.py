"""What a quick look leaves to the full run, as its pages say it."""

from . import words


def quick_look(result):
    """Sentences on what a quick look leaves out; empty in full.

    Empty too where an earlier version stored the result, whose quick looks asked more.
    """
    if result["preset"] != "quick" or "unasked" not in result:
        return ""
    said = (
        "A quick look has fewer seeds and usual doses, tries no pairs, and times the"
        " best fix only."
    )
    left = result["unasked"]
    return f"{said} Asked in full only: {words.joined(left)}." if left else said


def quick_looks(results):
    """The same of all pages of an index; empty where each is in full."""
    looks = [result for result in results if quick_look(result)]
    if not looks:
        return ""
    left = sum(len(result["unasked"]) for result in looks)
    which = "Each page is" if len(looks) == len(results) else f"{len(looks)} pages are"
    more = f"; {words.count(left, 'further question')} are asked in full only"
    return (
        f"{which} a quick look: fewer seeds, usual doses, no pairs, and the best fix"
        f" timed only{more if left else ''}."
    )
