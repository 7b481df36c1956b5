"""What each training row counts in the loss, beside the others."""

import numpy as np

from .table import DataError, nearest


def class_weights(x, y, new, power):
    """Inverse frequency: (rows / (classes x rows of the class)) ** power.

    Source: King & Zeng (2001), Logistic regression in rare events data, section 4.2;
    with power 1 scikit-learn's `class_weight="balanced"`.
    """
    classes, place, counts = np.unique(y, return_inverse=True, return_counts=True)
    return (len(y) / (len(classes) * counts[place.ravel()])) ** power


def density_ratio(x, y, new, power):
    """(p(new | x) / p(seen | x)) ** power, by a logistic regression on the inputs.

    new: inputs without labels of where the network will be used. The classifier knows
    squares and products too where there are at most 20 inputs. Source: Shimodaira
    (2000), eq. 2, and section 6 for the power; Bickel, Brückner & Scheffer (2007) for
    the ratio by a classifier.
    """
    odds = domain_classifier(x, new).fit(
        np.concatenate([x, new]), np.repeat([0, 1], [len(x), len(new)])
    )
    log_odds = odds.decision_function(x) + np.log(len(x) / len(new))
    return np.exp(np.clip(power * log_odds, -20, 20))


def domain_classifier(x, new):
    """A scikit-learn classifier that tells rows of x from new ones, not yet fitted."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import PolynomialFeatures, StandardScaler

    degree = 2 if x.shape[1] <= _CURVED else 1
    steps = PolynomialFeatures(degree, include_bias=False), StandardScaler()
    return make_pipeline(*steps, LogisticRegression(C=1.0, max_iter=1000))


# Inputs whose products a classifier takes too.
_CURVED = 20

WEIGHTINGS = {
    function.__name__: function for function in (class_weights, density_ratio)
}


def weights(weighting, x, y, new):
    """float64[rows], of mean 1: the product of what every (name, argument) pair says.

    x: float[rows, features], the rows that are trained on; y: float[rows, k], their
    targets; new: float[rows', features], the inputs of the validation rows. DataError
    on an unknown name, and where classes are weighed that are none.
    """
    found = np.ones(len(x))
    for name, argument in weighting:
        if name not in WEIGHTINGS:
            raise DataError(nearest("weighting", name, list(WEIGHTINGS)))
        if name == "class_weights" and y.shape[1] != 1:
            raise DataError("class_weights needs classes, not shares of them")
        found = found * WEIGHTINGS[name](x, y, new, argument)
    return found / found.mean()
