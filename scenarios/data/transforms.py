"""What is done to the features, learnt from the training rows alone."""

from functools import lru_cache
from typing import Any

import numpy as np

from .table import DataError, nearest


def standardise(_):
    """Mean 0 and standard deviation 1 on the training rows."""
    from sklearn.preprocessing import StandardScaler

    return StandardScaler()


def min_max(_):
    """0 to 1 on the training rows."""
    from sklearn.preprocessing import MinMaxScaler

    return MinMaxScaler()


def pca(components):
    """The directions of largest variance of the training rows. Pearson (1901)."""
    from sklearn.decomposition import PCA

    return PCA(int(components), svd_solver="covariance_eigh")


def whitened(_):
    """Principal components of standard deviation 1 on the training rows.

    Directions that hardly vary (below 1e-6 of the largest) become zero, and no column
    is lost. Source: LeCun, Bottou, Orr & Müller (1998), section 4.3.
    """
    from sklearn.decomposition import PCA
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, StandardScaler

    components = PCA(whiten=True, svd_solver="full")

    def varied(x):
        size = components.explained_variance_
        return np.where(size > 1e-12 * size[0], x, 0.0)

    return make_pipeline(StandardScaler(), components, FunctionTransformer(varied))


def own_scales(_):
    """Mean 0 and standard deviation 1 of each part by itself: its new rows together.

    Source: Li, Wang, Shi, Liu & Hou (2017), Revisiting batch normalization for
    practical domain adaptation, section 3.2, on the inputs.
    """
    from sklearn.preprocessing import FunctionTransformer

    def by_itself(x):
        spread = x.std(axis=0)
        return (x - x.mean(axis=0)) / np.where(spread > 0, spread, 1.0)

    return FunctionTransformer(by_itself)


def ranked(_):
    """Each feature by its rank among the training rows, as a standard normal number."""
    from sklearn.preprocessing import QuantileTransformer

    class Ranks(QuantileTransformer):
        def fit(self, x, y=None):
            self.n_quantiles = min(100, len(x))
            return super().fit(x, y)

    return Ranks(output_distribution="normal", random_state=0)


def polynomial(degree):
    """All products of up to `degree` features, without the constant."""
    from sklearn.preprocessing import PolynomialFeatures

    return PolynomialFeatures(int(degree), include_bias=False)


def badly_scaled(spread):
    """Feature j times factor j; the factors run from 1 to `spread` in equal ratios."""
    from sklearn.preprocessing import FunctionTransformer

    return FunctionTransformer(lambda x: x * np.geomspace(1, spread, x.shape[1]))


def shifted(offset):
    """Every feature plus an offset, so that all inputs lie on one side of zero."""
    from sklearn.preprocessing import FunctionTransformer

    return FunctionTransformer(lambda x: x + offset)


def two_units(factor):
    """Every second feature times a factor, as grams are beside kilograms.

    A pitfall of weights that are compared as they are. Source: Schielzeth (2010),
    Simple means to improve the interpretability of regression coefficients, Methods in
    Ecology and Evolution 1.
    """
    from sklearn.preprocessing import FunctionTransformer

    def in_units(x):
        return x * np.where(np.arange(x.shape[1]) % 2, factor, 1.0)

    return FunctionTransformer(in_units)


def permuted(seed):
    """The features in one random order, the same for all rows and every data seed.

    What rests on neighbours, as a convolution does, loses it; a dense layer does not.
    Source: Zhang et al. (2017), section 2, who shuffle the pixels of images so.
    """
    from sklearn.preprocessing import FunctionTransformer

    def in_order(x):
        return x[:, np.random.RandomState(int(seed)).permutation(x.shape[1])]

    return FunctionTransformer(in_order)


def fourier(features):
    """Random cosines that approximate a Gaussian kernel. Rahimi & Recht (2007)."""
    from sklearn.kernel_approximation import RBFSampler

    how: dict[str, Any] = {"gamma": "scale", "random_state": 0}
    return RBFSampler(n_components=int(features), **how)


def most_informative(features):
    """The inputs that tell most of the class by themselves. Battiti (1994)."""
    from sklearn.feature_selection import SelectKBest

    def information(x, y):
        return _information(x.tobytes(), x.shape, x.dtype.str, tuple(y))

    return SelectKBest(information, k=int(features))


@lru_cache(maxsize=32)
def _information(x, shape, dtype, y):
    """float64[features]: mutual information with the class, the same for every dose."""
    from sklearn.feature_selection import mutual_info_classif

    rows = np.frombuffer(x, dtype).reshape(shape)
    return mutual_info_classif(rows, np.array(y), random_state=0)


def sparse_model(features):
    """The inputs of the largest weights in a linear classifier with an L1 penalty.

    Source: Ng (2004), Feature selection, L1 vs. L2 regularization, ICML.
    """
    from sklearn.feature_selection import SelectFromModel
    from sklearn.svm import LinearSVC

    how: dict[str, Any] = {"penalty": "l1", "dual": False, "random_state": 0}
    model = LinearSVC(C=0.1, max_iter=5000, **how)
    return SelectFromModel(model, threshold=-np.inf, max_features=int(features))


# Columns that a transform may make at most.
MOST_COLUMNS = 2000

TRANSFORMS = {
    function.__name__: function
    for function in (
        standardise,
        min_max,
        own_scales,
        pca,
        whitened,
        ranked,
        polynomial,
        badly_scaled,
        shifted,
        two_units,
        permuted,
        fourier,
        most_informative,
        sparse_model,
    )
}


def _check_columns(told, fitted):
    """DataError where products of the inputs are more than can be trained on."""
    columns = getattr(fitted, "n_output_features_", 0)
    if columns > MOST_COLUMNS:
        raise DataError(
            f"{told} makes {columns:,} columns, and at most {MOST_COLUMNS:,} are"
            " trained on; take a lower degree or fewer inputs"
        )


def transform(transforms, y, train, *others):
    """[train, *others] after every transform, each fitted on the training rows.

    transforms: (name, argument) pairs. y: float64[rows, k], targets of the training
    rows. train, others: float64[rows, features].
    Raises DataError for an unknown transform or one these rows cannot be fitted with.
    """
    parts, targets = [train, *others], y[:, 0] if y.shape[1] == 1 else y
    for name, argument in transforms:
        if name not in TRANSFORMS:
            raise DataError(nearest("transform", name, list(TRANSFORMS)))
        try:
            fitted = TRANSFORMS[name](argument).fit(parts[0], targets)
        except ValueError as error:
            reason = " ".join(str(error).split())
            raise DataError(f"transform {name}({argument:g}): {reason}") from error
        _check_columns(f"transform {name}({argument:g})", fitted)
        # An empty part is legal here and refused by scikit-learn.
        empty = np.empty((0, fitted.transform(parts[0][:1]).shape[1]))
        parts = [fitted.transform(x) if len(x) else empty for x in parts]
    return parts
