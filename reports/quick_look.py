"""What a quick look leaves to the full run, as its pages say it."""

from . import words


def quick_look(result):
    """Sentences on what a quick look leaves out; empty in full.

    Empty too where an earlier version stored the result, whose quick looks asked more.
    """
    if result["preset"] != "quick" or "unasked" not in result:
        return ""
    said = (
        "A quick look has fewer seeds and usual doses, tries no pairs, and times few"
        " fixes."
    )
    left = result["unasked"]
    return f"{said} Asked in full only: {words.joined(left)}." if left else said


def quick_looks(results):
    """The same of all pages of an index; empty where each is in full."""
    looks = [result for result in results if quick_look(result)]
    if not looks:
        return ""
    left = sum(len(result["unasked"]) for result in looks)
    which = "Each page is a quick look"
    if len(looks) < len(results):
        several = "are quick looks" if len(looks) > 1 else "is a quick look"
        which = f"{words.count(len(looks), 'page')} {several}"
    said = f"{which}: fewer seeds, usual doses, no pairs, few fixes timed."
    if not left:
        return said
    further = f"{words.count(left, 'further question')} {'is' if left == 1 else 'are'}"
    return f"{said[:-1]}; {further} asked in full only."
