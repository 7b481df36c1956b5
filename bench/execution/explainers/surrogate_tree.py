"""A surrogate: a decision tree that learns what the network predicts, and is read.

Its importances are the share of impurity that each input's cuts take away. Source:
Craven & Shavlik (1995), Extracting tree-structured representations of trained networks,
NIPS 8; Breiman, Friedman, Olshen & Stone (1984), section 5.3.4, for the importances.
"""

from ..explainer import Explainer


def surrogate(subject, depth):
    """The fitted tree of scikit-learn."""
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

    kind = DecisionTreeRegressor if subject.numeric else DecisionTreeClassifier
    targets = subject.as_estimator().predict(subject.x)
    return kind(max_depth=int(depth), random_state=0).fit(subject.x, targets)


def rank(subject, depth):
    """Importances of the tree, float[inputs]."""
    return surrogate(subject, depth).feature_importances_


EXPLAINER = Explainer(
    label="Surrogate tree",
    source="Craven & Shavlik (1995)",
    rank=rank,
    options=(("depth", 3),),
)
