"""What came out, in a few plain sentences made from nothing but the numbers."""

from .. import words
from ..labels import optimizer_label
from .content import compared, engine_labels
from .verdicts import FASTER, SLOWER, UNDECIDED, tally, verdict_of

INSTALL = "pip install 'gradclinic[peers]'"
PIN = "OPENBLAS_CORETYPE"
# Kernels of OpenBLAS that use AVX-512; no others are faster on x86-64.
_FAST_KERNELS = {"skylakex", "cooperlake", "sapphirerapids"}


def outcome(content):
    """On how many comparisons gradclinic is faster, slower, or neither was shown."""
    counts = {verdict.name: n for verdict, n in tally(content["cases"])}
    total = sum(counts.values())
    if not total:
        return "These are gradclinic’s own times: it was not compared with anything."
    said = (
        f"gradclinic is faster in {counts[FASTER]} of"
        f" {words.count(total, 'comparison')} and slower in"
        f" {counts[SLOWER] or 'none'}"
    )
    if counts[UNDECIDED]:
        said += f"; in {counts[UNDECIDED]} no difference was shown"
    failed = sum(not row.get("ratio") for c in content["cases"] for row in c["rows"])
    return f"{said}." + (f" {_failed(failed)}" if failed else "")


def conditions(content):
    """On which machine, with how many threads, what was trained: one sentence."""
    settings, machine = content["settings"], content["machine"]
    said = []
    if machine.get("cpu"):
        cores = machine.get("cores")
        said.append(
            f"on {machine['cpu']}"
            + (f", {words.count(cores, 'core')}" if cores else "")
        )
    if settings.get("threads"):
        everyone = (
            " for each engine" if any(c["rows"] for c in content["cases"]) else ""
        )
        said.append(f"with {words.count(settings['threads'], 'thread')}{everyone}")
    if settings.get("dtype"):
        said.append(f"in {settings['dtype']}")
    if settings.get("optimizer"):
        said.append(f"training with {optimizer_label(settings['optimizer'])}")
    return f"Measured {', '.join(said)}." if said else ""


def losses(content):
    """[(case, engine, its time as a multiple of ours)] of each that is lost."""
    labels = engine_labels(content)
    return [
        (case["label"], labels.get(row["peer"], row["peer"]), less_time(row))
        for case in content["cases"]
        for row in compared(case)
        if verdict_of(row).name == SLOWER
    ]


def less_time(row):
    """What a lost row says: ×0.90 of our time (.87 to .92)."""
    said = f"{words.times(row['ratio'])} of our time"
    low, high = row.get("ratio_low"), row.get("ratio_high")
    if low is None or high is None:
        return said
    return f"{said} ({words.times_between(low, high)})"


def warnings(content):
    """[(title, text, command or "")] of what makes the times less sure."""
    found = []
    if content["noise"].get("noisy"):
        reasons = " ".join(content["noise"].get("reasons") or ())
        found.append(("Noisy host.", f"{reasons} Read the times here as rough.", ""))
    pinned = content["machine"].get("openblas_coretype")
    if pinned and pinned.lower() not in _FAST_KERNELS:
        without = f"env -u {PIN} {content['command']}"
        found.append(("Matrix kernels pinned.", _pinned(pinned), without))
    if content["settings"].get("quick"):
        text = "Few samples were taken, so intervals are wide."
        found.append(("Quick look.", text, ""))
    return found


def _pinned(pinned):
    return (
        f"The environment sets {PIN}={pinned}, so what multiplies matrices with"
        f" OpenBLAS uses its {pinned} kernels. On a processor with AVX-512 they take"
        " about twice as long as the right ones. To measure without it:"
    )


def absences(content):
    """[(engine, reason)] of each that could not be compared."""
    return [
        (
            peer.get("label") or peer["name"],
            peer.get("reason") or f"not installed; {INSTALL}",
        )
        for peer in content["peers"]
        if not peer.get("available", True)
    ]


def _failed(n):
    if n == 1:
        return "1 more gave no time and is not counted."
    return f"{n} more gave no time and are not counted."
