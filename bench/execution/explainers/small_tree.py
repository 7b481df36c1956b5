"""A decision tree small enough to be read as a whole.

Source: Breiman, Friedman, Olshen & Stone (1984), Classification and regression trees.
"""

from ..explainer import Explainer, Readable
from ..readable import outputs_of, target


def fit(x, y, numeric, seed, depth):
    """The `Readable`; its importances are shares of impurity that cuts take away."""
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

    kind = DecisionTreeRegressor if numeric else DecisionTreeClassifier
    tree = kind(max_depth=int(depth), random_state=0).fit(x, target(y, numeric))
    return Readable(outputs_of(tree, numeric, len(x)), tree.feature_importances_)


EXPLAINER = Explainer(
    label="Small decision tree",
    source="Breiman, Friedman, Olshen & Stone (1984)",
    fit=fit,
    options=(("depth", 3),),
)
