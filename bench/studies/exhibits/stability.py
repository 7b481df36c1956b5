"""Do two seeds name the same inputs? Rank correlations of importances by method."""

import numpy as np
from scipy.stats import rankdata

from ....scenarios.data.sources import SOURCES


def exhibit(evidence):
    """A table of the correlations over all pairs of seeds, the most stable first."""
    data = evidence.scenario.baseline.data
    asked = evidence.scenario.baseline.explanation is not None
    if not asked or not SOURCES[data.name].same_columns:
        return [], []
    rows = [row for label, runs in _conditions(evidence) if (row := _row(label, runs))]
    rows.sort(key=lambda row: -row[1])
    if not rows:
        return [], []
    return [
        {
            "title": "Do two seeds name the same inputs?",
            "sentence": "Rank correlation (Spearman) of the importances of two seeds:"
            " the mean over all pairs of seeds, and the lowest (a sign of the symptom"
            " takes pairs that share no seed, and differs a little). 1: the same order;"
            " 0: no more than by chance. Columns may differ in the same way for all"
            " seeds, so explanations of random weights can agree too: what does not"
            " lie above their row need not have been learnt. Seeds draw other rows,"
            " weights and batches.",
            "columns": ["Explanation", "Mean of all pairs", "Lowest pair", "Seeds"],
            "rows": rows,
        }
    ], []


def _conditions(evidence):
    scenario = evidence.scenario
    yield "First-layer weights (the baseline)", evidence.baseline
    for fix in scenario.fixes:
        yield fix.label, evidence.of("fix", fix.name)
    random = scenario.controls.wrong_mechanism
    yield random.label, evidence.of("wrong_mechanism", random.name)


def _row(label, runs):
    found = [
        run.curves["importance"] for run in runs.values() if "importance" in run.curves
    ]
    ranks = np.array([rankdata(one) for one in found if np.ptp(one) > 0])
    if len(ranks) < 2:
        return None
    pairs = np.corrcoef(ranks)[np.triu_indices(len(ranks), 1)]
    return [
        label,
        round(float(pairs.mean()), 2),
        round(float(pairs.min()), 2),
        len(ranks),
    ]
