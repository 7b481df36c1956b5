"""Pictures of the ratios: the best of each family, and every engine of each case."""

from functools import partial

from .. import words
from ..figures.ratios import RatioRow, draw_groups, draw_ratios, limits_of
from ..files import file_name
from .comparison import best_of, families
from .content import compared, engine_labels
from .verdicts import UNDECIDED, verdict_of


def best_picture(content, show):
    """One picture: the fastest engine of each family in every case."""
    names = families(content)
    groups = []
    for case in content["cases"]:
        rows = [(place, best_of(case, name)) for place, name in enumerate(names)]
        ratios = [ratio_of(row, names[place], place) for place, row in rows if row]
        if ratios:
            groups.append((case["label"], ratios))
    if not groups:
        return []
    limits = limits_of([ratio for _, ratios in groups for ratio in ratios])
    looks = [(name, place) for place, name in enumerate(names)]
    return [
        show(
            "ratios",
            partial(draw_groups, groups, limits, looks),
            described("the fastest engine of each family", groups),
            ("The fastest of each family beside gradclinic", ""),
        )
    ]


def case_pictures(content, show):
    """A picture for each case with all its engines."""
    labels = engine_labels(content)
    looks = _looks(content)
    groups = [
        (
            case,
            [ratio_of(row, labels.get(row["peer"]), looks) for row in compared(case)],
        )
        for case in content["cases"]
    ]
    groups = [(case, ratios) for case, ratios in groups if ratios]
    return [
        show(
            f"ratios-{file_name(case['name'])}",
            partial(draw_ratios, ratios, limits_of(ratios)),
            described(case["label"], [(ratio.label, [ratio]) for ratio in ratios]),
            (case["label"], ""),
        )
        for case, ratios in groups
    ]


def _looks(content):
    """{engine: look}, the same for all engines of a family."""
    names = families(content)
    return {
        peer["name"]: names.index(peer["family"])
        for peer in content["peers"]
        if peer.get("family") in names
    }


def ratio_of(row, label, look):
    """A row as a `RatioRow`; look: its number, or {engine: number}."""
    place = look.get(row["peer"], 0) if isinstance(look, dict) else look
    return RatioRow(
        label=label or row["peer"],
        value=row["ratio"],
        low=row.get("ratio_low"),
        high=row.get("ratio_high"),
        look=place % 6,
        shown=verdict_of(row).name != UNDECIDED,
    )


def described(what, groups):
    said = "; ".join(
        f"{label}: {', '.join(_words(ratio, label) for ratio in ratios)}"
        for label, ratios in groups
    )
    return (
        f"Ratios of the time of other engines to gradclinic’s, {what}, on a log axis;"
        f" above 1 gradclinic is faster. {said}."
    )


def _words(ratio, label):
    name = "" if ratio.label == label else f"{ratio.label} "
    ends = words.factors(ratio.low, ratio.high)
    interval = f" ({ends})" if ends else ""
    return f"{name}{words.factor(ratio.value)}{interval}"
