"""The statistics of comparing optimizers, from what their runs cost to who is better.

Shape letters: m optimizers, p problems, s seeds of a problem, n paired runs or trials,
r resamples, k points of a curve. Costs are steps, gradient evaluations or seconds until
the target is reached: float[m, p, s], less is better, infinite where a run missed its
target or diverged. No function drops a miss or replaces it by the budget.
"""

from .aggregates import interquartile_mean, interquartile_means
from .basin import Basin, basin, lr_envelope
from .bootstrap import bootstrap_intervals
from .costs import typical_costs
from .flips import PairedTests, paired_tests, sign_flip_test
from .holm import holm
from .improvement import Improvement, better, improvement, win_rates
from .profiles import (
    performance_profile,
    performance_ratios,
    profile_band,
    profile_score,
    profile_scores,
)
from .ranks import Rank, rank_intervals
from .reaching import expected_running_time, reach_rate, running_time_interval
from .scores import quality_scores, rank_scores, time_scores
from .stability import Stability, stability
from .ties import Standing, standings, tie_groups
from .tuning import TuningCurve, default_gap, tuning_curve

__all__ = [
    "Basin",
    "Improvement",
    "PairedTests",
    "Rank",
    "Stability",
    "Standing",
    "TuningCurve",
    "basin",
    "better",
    "bootstrap_intervals",
    "default_gap",
    "expected_running_time",
    "holm",
    "improvement",
    "interquartile_mean",
    "interquartile_means",
    "lr_envelope",
    "paired_tests",
    "performance_profile",
    "performance_ratios",
    "profile_band",
    "profile_score",
    "profile_scores",
    "quality_scores",
    "rank_intervals",
    "rank_scores",
    "reach_rate",
    "running_time_interval",
    "sign_flip_test",
    "stability",
    "standings",
    "tie_groups",
    "time_scores",
    "tuning_curve",
    "typical_costs",
    "win_rates",
]
