"""The comparison as tables: each case with all engines, and the best of each family."""

from dataclasses import dataclass

from .. import words
from ..sortable import Sortable
from ..verdicts import ShownVerdict
from .content import OURS, compared, engine_labels
from .verdicts import verdict_of

_UNITS = {
    "step": "µs a step",
    "population": "µs a step of one network",
    "predict": "µs a call",
}
FAMILIES = ("JAX", "PyTorch", "scikit-learn", "NumPy")


@dataclass(frozen=True)
class ComparisonLine:
    """A row of a table in words; verdict None for gradclinic itself and for failures.

    ratio: (number, interval); best: of which family it is the fastest; failure: why
    there is no time.
    """

    label: str
    version: str
    time: tuple[str, str]
    ratio: tuple[str, str] = ("", "")
    verdict: ShownVerdict | None = None
    best: str = ""
    failure: str = ""
    ours: bool = False


@dataclass(frozen=True)
class ComparisonTable:
    """One case: its lines from the fastest to the slowest, failures last."""

    name: str
    title: str
    about: str
    unit: str
    lines: list[ComparisonLine]


def tables(content):
    """A `ComparisonTable` for each case."""
    return [_table(case, content) for case in content["cases"]]


def _table(case, content):
    labels = engine_labels(content)
    peers = {peer["name"]: peer for peer in content["peers"]}
    timed = [(row["seconds"], _line(row, case, labels, peers)) for row in _timed(case)]
    failed = [_failed(row, labels) for row in case["rows"] if not row.get("ratio")]
    own = case["ours"].get("seconds")
    if own is not None:
        ours = ComparisonLine(
            OURS, "", _time(case["ours"]), (Sortable("1.00", 1), ""), ours=True
        )
        timed.append((own, ours))
    lines = [line for _, line in sorted(timed, key=lambda pair: pair[0])]
    unit = _UNITS.get(case["kind"], _UNITS["step"])
    return ComparisonTable(
        case["name"], case["label"], _about(case), unit, [*lines, *failed]
    )


def _timed(case):
    return [row for row in compared(case) if row.get("seconds") is not None]


def _line(row, case, labels, peers):
    name = row["peer"]
    best = [family for family, peer in case["best"].items() if peer == name]
    return ComparisonLine(
        label=labels.get(name, name),
        version=peers.get(name, {}).get("version") or "",
        time=_time(row),
        ratio=(words.factor(row["ratio"]), _interval(row)),
        verdict=verdict_of(row),
        best=best[0] if best else "",
    )


def _failed(row, labels):
    reason = row.get("reason") or "It gave no time."
    return ComparisonLine(
        labels.get(row["peer"], row["peer"]), "", ("", ""), failure=reason
    )


def _time(times):
    """(median, quartiles) in microseconds."""
    low, high = times.get("low"), times.get("high")
    known = low is not None and high is not None
    spread = f"{_micro(low)} to {_micro(high)}" if known else ""
    return _micro(times["seconds"]), spread


def _micro(seconds):
    return words.number(seconds * 1e6)


def _interval(row):
    return words.factors(row.get("ratio_low"), row.get("ratio_high"))


def _about(case):
    """How large the case is: its parameters, and the arithmetic of a step."""
    said = []
    if case.get("parameters"):
        each = " in each network" if (case.get("networks") or 1) > 1 else ""
        said.append(f"{case['parameters']:,} parameters{each}")
    if case.get("flops"):
        step = "call" if case["kind"] == "predict" else "step"
        said.append(f"{_operations(case['flops'])} operations a {step}")
    return ", ".join(said)


def _operations(count):
    for start, size, name in ((1e9, 1e9, "billion"), (1e5, 1e6, "million")):
        if count >= start:
            return f"{words.number(float(count) / size)} {name}"
    return words.number(count)


def families(content):
    """The families that were compared, the known ones first."""
    found = {family for case in content["cases"] for family in case["best"]}
    return [f for f in FAMILIES if f in found] + sorted(found - set(FAMILIES))


def best_of(case, family):
    """The row of the fastest engine of a family in a case, None where there is none."""
    name = case["best"].get(family)
    return next((row for row in compared(case) if row["peer"] == name), None)


def matrix(content):
    """[(case, [(family, row, its ratio, interval, verdict, engine)])] of the best."""
    labels = engine_labels(content)
    found = []
    for case in content["cases"]:
        cells = []
        for family in families(content):
            row = best_of(case, family)
            cells.append((family, _cell(row, labels) if row else None))
        if any(cell for _, cell in cells):
            found.append((case["label"], cells))
    return found


def _cell(row, labels):
    return {
        "ratio": words.factor(row["ratio"]),
        "interval": _interval(row),
        "verdict": verdict_of(row),
        "engine": labels.get(row["peer"], row["peer"]),
    }
