"""How well each class is recognised, and where the threshold between two is put."""

import numpy as np


def recognised(net, z, y):
    """{"balanced": ..., "least_recall": ...} of outputs; {} where none are classes.

    balanced: balanced accuracy, the mean over the classes of the share of their rows
    that are recognised, as scikit-learn has it; least_recall: the lowest of these
    shares. z: float[rows, classes]; y: float[rows, targets]. Source: Brodersen, Ong,
    Stephan & Buhmann (2010), The balanced accuracy and its posterior distribution,
    ICPR, eq. 7.
    """
    if net.target_kind not in ("class", "share") or not len(y):
        return {}
    # By hand: every training asks thrice, and `recall_score` takes 2 ms a call.
    wanted = y[:, 0] if net.target_kind == "class" else y[:, : net.outputs].argmax(1)
    right = z.argmax(axis=1) == wanted
    shares = [float(right[wanted == c].mean()) for c in np.unique(wanted)]
    return {"balanced": float(np.mean(shares)), "least_recall": min(shares)}


def with_threshold(predict, x, y):
    """predict(x) with a number added to the second output: the moved threshold.

    It is the one with the best balanced accuracy on these rows; where several are, the
    middle one. x: float[rows, ...]; y: float[rows, k], classes 0 and 1 first.
    ValueError where there are not two outputs. Source: Provost (2000), Machine learning
    from imbalanced data sets 101, AAAI workshop.
    """
    z = predict(x)
    check_threshold(z.shape[1])
    move = np.array([0.0, -_best_cut(z[:, 1] - z[:, 0], y[:, 0] == 1)], dtype=z.dtype)
    return lambda rows: predict(rows) + move


def check_threshold(outputs):
    """ValueError where a network has not the two outputs that a threshold parts."""
    if outputs != 2:
        raise ValueError(
            f"a threshold parts two classes, and the network has {outputs} outputs;"
            " leave decision at 'likeliest'"
        )


def _best_cut(margin, second):
    """The margin above which a row is best said to be of the second class.

    It lies halfway between two margins, where Youden's J is highest. margin:
    float[rows]; second: bool[rows]. 0 where one class is missing, all margins are
    equal, or one is no number. Source: Youden (1950), Index for rating diagnostic
    tests, Cancer 3.
    """
    from sklearn.metrics import roc_curve

    if second.all() or not second.any() or not np.isfinite(margin).all():
        return 0.0
    false, true, cuts = roc_curve(second, margin, drop_intermediate=False)
    # From the lowest cut on, without the ends: there all rows are of one class.
    gained, cuts = (true - false)[-2:0:-1], cuts[:0:-1]
    if not gained.size:
        return 0.0
    best = np.flatnonzero(gained >= gained.max() - 1e-12)
    k = best[len(best) // 2]
    return float(cuts[k] + cuts[k + 1]) / 2
