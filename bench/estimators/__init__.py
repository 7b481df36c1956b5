"""Networks of dense layers as scikit-learn estimators, trained by our kernels."""

from .classifier import GradClinicClassifier
from .regressor import GradClinicRegressor

__all__ = ["GradClinicClassifier", "GradClinicRegressor"]
