"""The published scores of AlgoPerf's baselines, from its published times and steps.

Dahl et al. (2023), Benchmarking neural network training algorithms: tables 25 (seconds
to target, median of five studies) and 26 (steps) hold the costs, tables 13, 14 and 27
the scores. Those are trapezoids on a grid of tau, ours are exact. Table 27 exchanges
two scores in steps, of NadamW with tuned and with fixed beta1; tables 13 and 14 do not.
"""

from math import inf

import numpy as np
import pytest
from gradclinic.bench.statistics.comparison import performance_ratios, profile_score

# On Criteo, fastMRI, ResNet, ViT, Conformer, DeepSpeech, OGBG and WMT; then the score.
SECONDS = {
    "AdamW, tuned": ((5622, inf, inf, 62667, 95222, 80106, inf, 40534), 0.600141),
    "AdamW, fixed": ((5320, 7473, inf, 62667, inf, 81946, inf, 41499), 0.596985),
    "AdamW, list": ((5471, 6415, inf, 64213, 88135, 76427, inf, 44391), 0.725260),
    "heavy ball, tuned": ((inf,) * 8, 0.0),
    "heavy ball, list": ((inf, inf, 57321, inf, inf, inf, inf, 43984), 0.230504),
    "LAMB": ((inf, inf, inf, inf, inf, 78966, inf, 29962), 0.248619),
    "NadamW, tuned": (
        (5850, 8559, inf, 62005, 92558, 79569, 11441, 30822),
        0.849960,
    ),
    "NadamW, fixed": ((5544, inf, 61049, 60457, inf, 79569, inf, 43329), 0.599691),
    "NadamW, list": ((5544, 8205, inf, 59682, 87475, 77721, 12914, 44291), 0.835602),
    "Nesterov, list": ((inf, 8750, 59330, inf, inf, inf, inf, inf), 0.233373),
    "Adafactor": ((inf, inf, inf, inf, inf, 82214, inf, 37679), 0.236111),
    "SAM": ((5910, inf, inf, inf, inf, inf, inf, inf), 0.120368),
}
STEPS = {
    "AdamW, tuned": ((7881, inf, inf, 151146, 250604, 69600, inf, 111972), 0.596116),
    "AdamW, fixed": ((7455, 30324, inf, 151146, inf, 71200, inf, 114638), 0.593047),
    "AdamW, list": ((7668, 25992, inf, 154878, 231942, 66400, inf, 122636), 0.721035),
    "Shampoo": ((inf, 32851, 181002, 138084, 229276, 67200, 35200, 90644), 0.854210),
    "heavy ball, list": ((inf, inf, 169806, inf, inf, inf, inf, 122636), 0.226860),
    "LAMB": ((inf, inf, inf, inf, inf, 68800, inf, 79980), 0.248494),
    "NadamW, tuned": (
        (8094, 34656, inf, 149280, 242606, 68800, 49600, 85312),
        0.830414,
    ),
    "NadamW, fixed": ((7668, inf, 181002, 145548, inf, 68800, inf, 119970), 0.595478),
    "NadamW, list": (
        (7668, 33212, inf, 143682, 229276, 67200, 56000, 122636),
        0.813194,
    ),
    "Nesterov, list": ((inf, 35739, 175404, inf, inf, inf, inf, inf), 0.232048),
    "Adafactor": ((inf, inf, inf, 158610, 261268, 70400, inf, 98642), 0.475760),
    "SAM": ((8307, inf, 166118, 147414, 231942, 67200, inf, 98642), 0.731717),
}


@pytest.mark.parametrize("table", [SECONDS, STEPS], ids=["seconds", "steps"])
def test_scores_of_algoperf(table):
    costs = np.array([costs for costs, _ in table.values()], dtype=float)
    published = np.array([score for _, score in table.values()])
    found = profile_score(performance_ratios(costs))
    np.testing.assert_allclose(found, published, atol=3e-5)
