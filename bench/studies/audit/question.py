"""One question of the suite, judged again from its stored runs."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import stats

from ....scenarios.data.sources import SOURCES
from ....scenarios.scenario import BALANCED_ACCURACY
from . import intervals
from .runs import STRIDE, condition, of_seed
from .symptoms import symptom

MEASURED = ("ok", "diverged", "stopped_early", "MemoryError", "killed")
CONTROLS = ("placebo", "wrong_mechanism", "positive")
HELPS = ("cured", "relieved")
EXPLAINED = ("surrogate_agreement", "importance_spearman", "precision_at_k")
OF_FIRST_STEPS = (
    "vanishing_gradient",
    "exploding_gradient",
    "dead_relu",
    "ill_conditioning",
)
SMALL, POINT, ALPHA = "too small to matter", 0.01, 0.05


@dataclass
class Judged:
    """A fix as the runs alone judge it; gains: float[n], positive is better."""

    seeds: list
    gains: np.ndarray
    value: float
    bounds: tuple
    bounds90: tuple
    fires: bool | None
    refuted: bool | None
    harmed: bool
    verdict: str = "not measurable"
    median: float = field(default=np.nan)


class AuditedQuestion:
    """The runs of a question and master seed, and its yardstick.

    content: the dict of the question, of which only what was asked is believed: metric,
    delta, detector, master seed, names and roles of its fixes.
    """

    def __init__(self, content: dict, runs: pd.DataFrame):
        self.metric, self.delta = content["metric"], content["delta"]
        self.detector = content["symptom"]["detector"]
        self.roles = {fix["name"]: fix["role"] for fix in content["fixes"]}
        self.start = content["seed"] * STRIDE
        self.runs = of_seed(runs, content["scenario"], content["seed"])
        self._read: dict[tuple[str, str], pd.DataFrame] = {}
        self.baseline = self.condition("baseline", "baseline")
        self.sweep = {
            name: self.condition("sweep", name)
            for name in self.runs[self.runs.role == "sweep"].fix.unique()
        }
        self.censored = (
            self.metric.get("censored", False)
            or not np.isfinite(self.values(self.baseline)).all()
        )

    def condition(self, role: str, fix: str) -> pd.DataFrame:
        """The runs of one condition, as `runs.condition` has them, read once."""
        if (role, fix) not in self._read:
            self._read[role, fix] = condition(self.runs, role, fix)
        return self._read[role, fix]

    def values(self, rows):
        """float[n]: the metric, infinitely bad where a run missed or diverged."""
        worst = np.inf if self.metric["better"] == "lower" else -np.inf
        found = rows.get(self.metric["name"], pd.Series(np.nan, rows.index))
        return np.where(found.isna() | (rows.status == "diverged"), worst, found)

    def overlap(self, part):
        """n_held / n_train where seeds are splits of one data set, else None."""
        data = self.baseline.trial.iloc[0]["data"]
        if part is None or SOURCES[data["name"]].redrawn:
            return None
        return data[part] / data["rows"]

    def gains(self, before, after):
        """float[n]: paired improvements on the metric's scale."""
        costs = []
        for rows in (before, after):
            values = self.values(rows)
            with np.errstate(divide="ignore"):
                value = np.log(values) if self.metric["scale"] == "log" else values
            costs.append(value if self.metric["better"] == "lower" else -value)
        with np.errstate(invalid="ignore"):
            return np.where(costs[0] == costs[1], 0.0, costs[0] - costs[1])

    def interval(self, gains, level):
        if self.censored or not np.isfinite(gains).all():
            return intervals.sign(gains, level)
        return intervals.student(gains, level, self.overlap(self.metric["rows"]))

    def shared(self, rows, *others):
        """Seeds on which all of these and the baseline were measured."""
        seeds = set(self.baseline.index[self.baseline.status.isin(MEASURED)])
        for each in (rows, *others):
            seeds &= set(each.index[each.status.isin(MEASURED)])
        return sorted(seeds)

    def symptom(self, rows, seeds, fix="baseline"):
        """(fires, refuted) of the symptom; a rule on the first steps reads those."""
        budget = self.baseline.loc[seeds].get("epochs", pd.Series([np.inf])).max()
        whole = {n: r for n, r in self.sweep.items() if {*seeds} <= {*r.index}}
        beside = {n: r.loc[seeds] for n, r in whole.items()}
        beside["budget"] = budget
        overlap = self.overlap("validation")
        runs = rows.loc[seeds]
        if self.detector in OF_FIRST_STEPS:
            runs = self._first_steps(fix).reindex(seeds).dropna(how="all")
        data = self.baseline.trial.iloc[0]["data"]
        explained = self.baseline.trial.iloc[0].get("explanation")
        if explained and SOURCES[data["name"]].same_columns:
            runs = runs.assign(importance_spearman=self._agreements(runs))
        return symptom(self.detector, runs, beside, overlap) or (None, None)

    def _first_steps(self, fix):
        steps = self.condition("examination", fix)
        return steps[steps.status.isin(MEASURED)]

    def also(self, detector, role, fix):
        """(fires, refuted) of a detector on the first steps and trained networks."""
        steps = self._first_steps(fix)
        trained = self.condition(role, fix)
        trained = trained[trained.status.isin(MEASURED)]
        explained = pd.DataFrame(
            {name: trained.get(name, np.nan) for name in EXPLAINED},
            index=trained.index,
        )
        explained["importance_spearman"] = self._agreements(trained)
        seen = steps.join(explained, how="outer")
        return symptom(detector, seen, {}, self.overlap("validation"))

    def _agreements(self, trained):
        """float[n]: rank correlations of the importances of seeds in disjoint pairs."""
        data = self.baseline.trial.iloc[0]["data"]
        found = np.full(len(trained), np.nan)
        moved = "pca" in [name for name, _ in data["transforms"]]
        if moved or not SOURCES[data["name"]].same_columns:
            return found
        importances = [curves.get("importance") for curves in trained.curves]
        for k in range(0, len(found) - 1, 2):
            pair = importances[k : k + 2]
            if all(one and min(one) < max(one) for one in pair):
                ranks = [stats.rankdata(one) for one in pair]
                found[k] = np.corrcoef(ranks)[0, 1]
        return found

    def judged(self, name: str, level: float) -> Judged:
        """A fix, judged at the level of its simultaneous interval."""
        rows = self.condition(self.roles[name], name)
        seeds = self.shared(rows)
        before, after = self.baseline.loc[seeds], rows.loc[seeds]
        if len(seeds) < 2:
            return Judged(seeds, np.empty(0), np.nan, (), (), None, None, False)
        gains = self.gains(before, after)
        value, *bounds = self.interval(gains, level)
        _, *bounds90 = self.interval(gains, 0.90)
        fires, refuted = self.symptom(rows, seeds, name)
        found = Judged(
            seeds,
            gains,
            value,
            tuple(bounds),
            tuple(bounds90),
            fires,
            refuted,
            self._harmed(before, after),
            median=float(np.median(self.values(after))),
        )
        found.verdict = self._verdict(found)
        return found

    def _harmed(self, before, after):
        """Do test rows surely lose more than a point?

        Where balanced accuracy is the metric, plain accuracy is what it is paid with.
        """
        if self._measured == BALANCED_ACCURACY:
            return False
        if "test_metric" not in before or "test_metric" not in after:
            return False
        lost = (self.scores(after) - self.scores(before)).to_numpy(dtype=float)
        if not np.isfinite(lost).all():
            return False
        return intervals.student(lost, 0.90, self.overlap("test"))[2] < -POINT

    @staticmethod
    def scores(rows):
        """The metric on test rows, by seed; what diverged has no number."""
        return rows.test_metric.where(rows.status != "diverged").astype(float)

    @property
    def _measured(self):
        """What the metric measures; earlier versions stored its name alone."""
        earlier = BALANCED_ACCURACY if self.metric["name"] == "test_balanced" else ""
        return self.metric.get("measures", earlier)

    def _verdict(self, found):
        (low, high), (low90, high90) = found.bounds, found.bounds90
        least = most = found.value
        if self.censored or not np.isfinite(found.gains).all():
            ordered = np.sort(found.gains)
            least, most = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
        if low > 0 and least > self.delta:
            cured = found.refuted and not found.harmed
            return "cured" if cured else "relieved"
        if high < 0 and most < -self.delta:
            return "worse"
        if found.harmed:
            return "worse"
        if -self.delta < low90 and high90 < self.delta:
            return SMALL
        return "inconclusive"

    def best(self, judged: dict, families: dict) -> set:
        """Names that tie for the first place among cures, or else among reliefs."""
        sound = {n: j for n, j in judged.items() if n in families and not j.harmed}
        for verdict in HELPS:
            if found := {n: j for n, j in sound.items() if j.verdict == verdict}:
                return self._tied(found)
        return set()

    def _tied(self, found):
        lower = self.metric["better"] == "lower"

        def rank(name):
            j = found[name]
            gain = np.inf if not np.isfinite(j.value) else j.value
            median = -np.inf if not np.isfinite(j.median) else j.median
            return gain, -median if lower and np.isfinite(median) else median

        leader, *others = sorted(found, key=rank, reverse=True)
        level = 1 - ALPHA / max(1, len(others))
        return {leader} | {n for n in others if not self._beats(leader, n, level)}

    def _beats(self, leader, name, level):
        first, other = (self.condition(self.roles[n], n) for n in (leader, name))
        seeds = self.shared(first, other)
        if len(seeds) < 2:
            return False
        gains = self.gains(other.loc[seeds], first.loc[seeds])
        ends = [self.values(rows.loc[seeds]) for rows in (first, other)]
        if self.metric.get("censored") or not np.isfinite(ends).all():
            value, low, _ = intervals.sign(gains, level)
        else:
            overlap = self.overlap(self.metric["rows"])
            value, low, _ = intervals.student(gains, level, overlap)
        return low > 0 and self.delta < value < np.inf
