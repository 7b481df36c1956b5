"""Pictures of shares: of a step by its phases, of memory's rate by optimizers."""

from functools import partial

from .. import words
from ..figures.bars import draw_parts, draw_shares
from ..labels import optimizer_label
from .content import case_labels

_REST = "the rest"
_NOT_WORTH = 0.005  # a rest below this share is not drawn


def phase_picture(content, show):
    """Stacked bars: the share of each phase in the time of a step."""
    labels, bars, names = case_labels(content), [], []
    for entry in content["phases"]:
        shares = _shares(entry)
        if shares:
            time = words.duration(entry.get("step_seconds"))
            label = labels.get(entry["case"], entry["case"])
            bars.append((f"{label}: {time}", shares))
            names += [name for name in shares if name not in names]
    if not bars:
        return []
    if _REST in names:
        names.append(names.pop(names.index(_REST)))
    said = "; ".join(f"{label}: {_listed(shares)}" for label, shares in bars)
    return [
        show(
            "phases",
            partial(draw_parts, bars, names),
            f"Stacked bars of the share of each phase in the time of a step. {said}.",
            ("Where the time of a step goes", ""),
        )
    ]


def _shares(entry):
    """{phase: share of the step}; of all phases where they take longer than it."""
    times = {p["name"]: p.get("seconds") or 0.0 for p in entry.get("phases") or ()}
    total, whole = sum(times.values()), entry.get("step_seconds") or 0.0
    if not total:
        return {}
    shares = {name: time / max(total, whole) for name, time in times.items()}
    rest = 1 - sum(shares.values())
    return shares | ({_REST: rest} if rest > _NOT_WORTH else {})


def _listed(shares):
    return ", ".join(f"{name} {words.percent(s)}" for name, s in shares.items())


def optimizer_picture(content, show):
    """Bars: the bandwidth of each optimizer's update as a share of the triad's."""
    bars = [
        (_label(entry), entry["share_of_triad"])
        for entry in content["optimizers"]
        if entry.get("share_of_triad") is not None
    ]
    if not bars:
        return []
    said = "; ".join(label for label, _ in bars)
    triad = (content["roofline"].get("triad_gb") or [None])[-1]
    line = f"triad, {words.number(triad)} GB/s" if triad else "triad"
    return [
        show(
            "optimizers",
            partial(draw_shares, bars, "share of the rate of the triad", line),
            f"Bars of the memory rate of optimizers as a share of the triad's. {said}.",
            ("How near updates come to the rate of memory", _size(content)),
        )
    ]


def _label(entry):
    said = [words.percent(entry["share_of_triad"])]
    if entry.get("gb_per_second") is not None:
        said.append(f"{words.number(entry['gb_per_second'])} GB/s")
    if entry.get("threads"):
        said.append(words.count(entry["threads"], "thread"))
    return f"{optimizer_label(entry['optimizer'])}: {', '.join(said)}"


def _size(content):
    """How many parameters were updated, where all optimizers had the same number."""
    sizes = {entry.get("parameters") for entry in content["optimizers"]}
    size = sizes.pop()
    return (
        "" if sizes or not size else f"{words.number(size / 1e6)} million parameters."
    )
