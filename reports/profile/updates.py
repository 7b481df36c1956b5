"""Updates beside torch.optim's: a table, what it says in a sentence, and a picture."""

from dataclasses import dataclass
from functools import partial

from .. import words
from ..figures.ratios import draw_ratios, limits_of
from ..labels import optimizer_label
from ..verdicts import ShownVerdict
from .ratio_pictures import described, ratio_of
from .verdicts import FASTER, SLOWER, UNDECIDED, verdict_of


@dataclass(frozen=True)
class UpdateLine:
    """A row in words. about: of its parameters, where they are not as for most.

    theirs, ours: (median, quartiles) in ms; ratio: (number, interval); failure: why
    there is no time, and no verdict.
    """

    label: str
    about: str
    version: str = ""
    theirs: tuple[str, str] = ("", "")
    ours: tuple[str, str] = ("", "")
    ratio: tuple[str, str] = ("", "")
    verdict: ShownVerdict | None = None
    failure: str = ""


def lines(content):
    """A `UpdateLine` for each optimizer, as they come."""
    most = _most(content)
    return [_line(row, most) for row in content["updates"].get("rows") or ()]


def _line(row, most):
    label, about = _label(row), "" if _size(row) == most else _unlike(row)
    if not row.get("ratio"):
        return UpdateLine(label, about, failure=row.get("reason") or "It gave no time.")
    return UpdateLine(
        label=label,
        about=about,
        version=f"{row['torch']}, {row['version']}",
        theirs=_time(row),
        ours=_time(row["ours"]),
        ratio=(words.factor(row["ratio"]), _interval(row)),
        verdict=verdict_of(row),
    )


def _label(row):
    return optimizer_label(row["optimizer"])


def _time(times):
    low, high = (words.number(1e3 * times[key]) for key in ("low", "high"))
    return words.number(1e3 * times["seconds"]), f"{low} to {high}"


def _interval(row):
    return words.factors(row.get("ratio_low"), row.get("ratio_high"))


def _unlike(row):
    shape = " × ".join(f"{length:,}" for length in row.get("shape") or ())
    return f"{shape}: {row['why']}" if row.get("why") else shape


def _size(row):
    return tuple(row.get("shape") or ())


def _most(content):
    """The shape that most rows have."""
    shapes = [_size(row) for row in content["updates"].get("rows") or ()]
    return max(shapes, key=shapes.count, default=())


def size(content):
    """How many parameters most rows update: 10,000,000."""
    return " × ".join(f"{length:,}" for length in _most(content))


def outcome(content):
    """How many updates are faster, and how many not; empty without any."""
    rows = _timed(content)
    if not rows:
        return ""
    names = [verdict_of(row).name for row in rows]
    said = (
        f"gradclinic is faster in {names.count(FASTER)} of"
        f" {words.count(len(rows), 'update')} and slower in"
        f" {names.count(SLOWER) or 'none'}"
    )
    if open_ones := names.count(UNDECIDED):
        said += f"; in {open_ones} no difference was shown"
    return f"{said}."


def losses(content):
    """[(optimizer, how many times as long ours takes)] of the rows that lose."""
    return [
        (_label(row), _longer(row))
        for row in _timed(content)
        if verdict_of(row).name == SLOWER
    ]


def _longer(row):
    """×2.80 as long (2.50 to 3.10)."""
    said = f"{words.times(1 / row['ratio'])} as long"
    low, high = row.get("ratio_low"), row.get("ratio_high")
    if not low or not high:
        return said
    return f"{said} ({words.times_between(1 / high, 1 / low)})"


def agreement(content):
    """[(which, after how many updates, difference, tolerance)] of what was timed.

    One for each tolerance and number of updates: the largest difference, as a share of
    the longest way that a parameter went.
    """
    groups = {}
    for row in _timed(content):
        if row.get("difference") is not None:
            groups.setdefault((row["checked"], row["tolerance"]), []).append(row)
    return [
        (
            _label(rows[0]) if len(rows) == 1 else "",
            checked,
            words.number(max(row["difference"] for row in rows)),
            words.number(tolerance),
        )
        for (checked, tolerance), rows in groups.items()
    ]


def _timed(content):
    return [row for row in content["updates"].get("rows") or () if row.get("ratio")]


def update_picture(content, show):
    """The ratios of all optimizers in one picture."""
    ratios = [ratio_of(row, _label(row), 0) for row in _timed(content)]
    if not ratios:
        return []
    said = described("the update", [(ratio.label, [ratio]) for ratio in ratios])
    return [
        show(
            "updates",
            partial(draw_ratios, ratios, limits_of(ratios)),
            said,
            ("Time of PyTorch’s update ÷ gradclinic’s", ""),
        )
    ]
