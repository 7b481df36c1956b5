"""Poor interpretability: explanations that do not fit, or change with the seed."""

from .detection import any_of, component, measured

READS = ("surrogate_agreement", "importance_spearman", "precision_at_k")


def detect(values, test_over_train=None):
    """Surrogate agreement < .90, importance Spearman < .7, or precision@k < .8.

    values: surrogate_agreement (share of predictions a depth-3 tree reproduces),
    importance_spearman (rank correlation of feature importances between seeds),
    precision_at_k (informative features among the k most important, where known). A
    name that is missing is no sign: it cannot be had of these data.
    """
    limits = (
        ("predictions that a tree of depth 3 reproduces", "surrogate_agreement", 0.90),
        ("rank correlation of importances", "importance_spearman", 0.7),
        ("known features among the most important", "precision_at_k", 0.8),
    )
    return any_of(
        *(
            component(
                name,
                measured(values, key),
                "<",
                limit,
                test_over_train=test_over_train,
            )
            for name, key, limit in limits
            if measured(values, key).size
        )
    )
