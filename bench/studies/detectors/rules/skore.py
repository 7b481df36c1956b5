"""skore's checks SKD001 and SKD002, on the metrics that are stored here.

`skore/src/skore/_sklearn/_checks/model_checks.py` of probabl-ai/skore: each metric of a
report votes, and more than half must agree. Its report has more metrics; here vote the
loss and the accuracy, or R^2. Its dummy guesses by the shares of the classes, or the
mean.
"""

from ..rule import PublishedRule, at_end

_SOURCE = "model_checks.py of probabl-ai/skore: SKD00{}"


def _better(score, than, floor, fraction, lower):
    gap = than - score if lower else score - than
    return gap >= max(floor, fraction * abs(than))


def _overfitting(run):
    votes = [
        _better(
            run.value(f"train_{name}"), run.value(f"test_{name}"), 0.03, 0.10, lower
        )
        for name, lower in (("metric", False), ("loss", True))
    ]
    return at_end(run, all(votes))


def _underfitting(run):
    votes = [
        not _better(
            run.value(f"{part}_{name}"),
            run.value(f"{part}_guess_{name}"),
            0.01,
            0.05,
            lower,
        )
        for name, lower in (("metric", False), ("loss", True))
        for part in ("train", "test")
    ]
    return at_end(run, all(votes))


RULES = (
    PublishedRule(
        "skore",
        "overfitting",
        "Training scores beat test scores by 0.03 and by 10 %, in most metrics.",
        _SOURCE.format(1),
        _overfitting,
    ),
    PublishedRule(
        "skore",
        "underfitting",
        "Scores beat a guess by less than 0.01 or 5 %, in most metrics.",
        _SOURCE.format(2),
        _underfitting,
    ),
)
