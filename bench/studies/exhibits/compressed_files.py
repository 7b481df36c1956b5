"""What compression saves, and what it costs: bytes, accuracy, memory and time."""

import numpy as np

from ....reports import words
from ....reports.words import times, times_between
from ...statistics.intervals import mean_interval
from ..evidence import BASELINE, column
from ..price import roughness_of

# A ratio this close to one, or above, saves nothing.
_NOTHING = 0.97
_SLOWER = 1.03
_KB = 1e3
_FEWER_BITS = "16 and 8 bits"


def exhibit(evidence):
    """A table of all conditions, and the error by file size of each compression."""
    if evidence.scenario.baseline.deployment is None or not evidence.baseline:
        return [], []
    return [_table(evidence)], [_plot(evidence)]


def _conditions(evidence):
    """(label, trial, runs, priced run) of what was judged."""
    scenario = evidence.scenario
    start = scenario.baseline
    named = [("baseline", None, BASELINE)]
    named += [("fix", fix, fix.name) for fix in scenario.fixes]
    for role in ("wrong_mechanism", "positive"):
        fix = getattr(scenario.controls, role)
        named.append((role, fix, fix.name))
    for role, fix, name in named:
        label = "Baseline" if fix is None else fix.label
        trial = start if fix is None else fix.treated(start)
        if runs := evidence.of(role, name):
            yield label, trial, runs, evidence.prices.get(name)


def _table(evidence):
    factor = roughness_of([evidence])
    rows = [_row(evidence, factor, *each) for each in _conditions(evidence)]
    return {
        "title": "What is saved, and what is not",
        "sentence": "Of the file as it was written, and of the network as it was read"
        " from it. Memory: most that was allocated at once while it was read and 256"
        " rows were predicted, mean over seeds. Time: of such a prediction by the"
        f" kernel that runs it, {_how_timed(factor)}.",
        "columns": [
            "Network",
            "Test accuracy, %" if _classes(evidence) else "R²",
            "File, kB",
            "Ratio of the files",
            "Memory, kB",
            "Time, µs",
            "Ratio of the times",
            "What it does not save",
        ],
        "rows": rows,
    }


def _classes(evidence):
    return evidence.scenario.baseline.loss not in ("mse", "huber")


def _how_timed(factor):
    """factor: how much wider the noise of the host makes intervals, None: not told."""
    if factor is None:
        return "not told, since the host was noisy"
    noise = f", its ends a factor of {words.number(factor)} out for the host's noise"
    return (
        "each beside the baseline’s in turns, on one thread; in brackets the 95 %"
        f" interval of the ratio{noise if factor > 1 else ''}"
    )


def _row(evidence, factor, label, trial, runs, priced):
    size, peak, score = (
        _mean(runs, name) for name in ("file_bytes", "prediction_bytes", "test_metric")
    )
    before = [
        _mean(evidence.baseline, name) for name in ("file_bytes", "prediction_bytes")
    ]
    seconds, ratio = None, None
    base = evidence.prices.get(BASELINE)
    if factor and priced and base:
        seconds = priced.values["seconds_per_prediction"]
        ratio = _ratio(priced, base, factor) if priced.fix != BASELINE else None
    saved = (_over(size, before[0]), _over(peak, before[1]), ratio)
    return [
        label,
        None
        if score is None
        else round(100 * score if _classes(evidence) else score, 2),
        None if size is None else round(size / _KB, 1),
        times(saved[0]) if saved[0] and trial != evidence.scenario.baseline else None,
        None if peak is None else round(peak / _KB),
        None if seconds is None else round(1e6 * seconds),
        f"{times(ratio[0])} ({times_between(*ratio[1:])})" if ratio else None,
        "" if trial == evidence.scenario.baseline else _not_saved(trial, *saved),
    ]


def _ratio(priced, base, factor):
    """[ratio, low, high] of the times of a prediction, round by round.

    factor: by which the interval is wider on either side.
    """
    after, before = (
        np.array(run.curves["seconds_per_prediction"]) for run in (priced, base)
    )
    found = mean_interval(np.log(after / before))
    ratio, low, high = (float(np.exp(end)) for end in found)
    return [ratio, low / factor, high * factor]


def _over(value, before):
    return value / before if value and before else None


def _not_saved(trial, file, memory, seconds):
    """A sentence on what is no smaller and why, empty where all is."""
    plan, said = trial.deployment, []
    pruned = any(name == "prune" for name, _ in plan.compression)
    if file and file > _NOTHING:
        why = ": zeros in a dense matrix are stored too" if pruned else ""
        said.append(f"No bytes of the file{why}.")
    if memory and memory > _NOTHING:
        said.append(f"No memory{_dense(plan, pruned)}.")
    if seconds and seconds[1] > _SLOWER:
        said.append(f"It takes longer{_slower(plan)}.")
    elif seconds and seconds[2] > _NOTHING:
        said.append(f"No time{_slower(plan) or _dense(plan, pruned)}.")
    return " ".join(said)


def _dense(plan, pruned):
    if plan.numbers == "float16":
        return ": 16 bits are widened to 32 when they are read"
    if pruned:
        return ": the kernel is dense, and multiplies the zeros too"
    return ""


def _slower(plan):
    if plan.numbers.startswith("int8"):
        return (
            ": each row is rounded to whole numbers first, and their products are"
            " summed in 32 bits, as wide as the floats of the other kernel"
        )
    return ""


def _plot(evidence):
    scenario = evidence.scenario
    budget = scenario.baseline.deployment.budget
    return {
        "title": "Test error against file size",
        "sentence": "Left and low is best. Each line is a compression over its doses,"
        " and each point the mean over the seeds that tuned it, or where none did,"
        " over the seeds that judge. The budget is dashed.",
        "kind": "line",
        "names": "beside",
        "x_label": "file, kB",
        "y_label": "test error (%)" if _classes(evidence) else "1 - R²",
        "x_scale": "log",
        "y_scale": "log",
        "series": [
            _series(label, points) for label, points in _lines(evidence).items()
        ],
        "verticals": [{"label": "budget, kB", "x": budget / _KB}] if budget else [],
    }


def _lines(evidence):
    """{label: [(kB, error)]} of the baseline and of each compression."""
    scale = 100 if _classes(evidence) else 1
    lines = {"The baseline": [_point(evidence.baseline, scale)]}
    for fix in evidence.scenario.fixes:
        dosage = evidence.dosages.get(fix.name)
        dosed = list(dosage.runs.values()) if dosage is not None else []
        every = dosed if any(dosed) else [evidence.of("fix", fix.name)]
        few = fix.treated(evidence.scenario.baseline).deployment.numbers != "native"
        label = _FEWER_BITS if few else _short(fix.label)
        lines.setdefault(label, []).extend(
            _point(runs, scale) for runs in every if runs
        )
    return lines


def _short(label):
    """A label without what stands behind its first comma."""
    return label.partition(",")[0]


def _point(runs, scale):
    size, score = _mean(runs, "file_bytes"), _mean(runs, "test_metric")
    error = None if score is None else scale * (1 - score)
    return (size or 0) / _KB, error


def _series(label, points):
    points = sorted(point for point in points if point[0])
    return {"label": label, "x": [x for x, _ in points], "y": [y for _, y in points]}


def _mean(runs, name):
    """Over the runs that have it, None where none has."""
    values = column(runs, sorted(runs), name)
    known = values[np.isfinite(values)]
    return float(known.mean()) if known.size else None
