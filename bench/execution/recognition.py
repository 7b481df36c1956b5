"""How well each class is recognised, and where the threshold between two is put."""

import numpy as np


def recognised(net, z, y):
    """What a network recognises of each class, {} where its outputs are none.

    balanced: balanced accuracy, the mean over the classes of the share of their rows
    that are recognised, as scikit-learn has it; least_recall: the lowest of these
    shares; least_share: how many rows that class has, the rarest where several tie, as
    a share of what each had if all had as many. z: float[rows, classes]; y: float[rows,
    targets]. Source: Brodersen, Ong, Stephan & Buhmann (2010), The balanced accuracy
    and its posterior distribution, ICPR, eq. 7.
    """
    if net.target_kind not in ("class", "share") or not len(y):
        return {}
    wanted = y[:, 0] if net.target_kind == "class" else y[:, : net.outputs].argmax(1)
    right = z.argmax(axis=1) == wanted
    classes, counts = np.unique(wanted, return_counts=True)
    recalls = [float(right[wanted == c].mean()) for c in classes]
    rows = min(n for n, r in zip(counts, recalls, strict=True) if r == min(recalls))
    return {
        "balanced": float(np.mean(recalls)),
        "least_recall": min(recalls),
        "least_share": float(rows * len(classes) / len(y)),
    }


def with_threshold(predict, x, y):
    """predict(x) with a number added to the second output: the moved threshold.

    It is the one with the best balanced accuracy on these rows; where several are, the
    middle one. x: float[rows, ...]; y: float[rows, k], classes 0 and 1 first.
    ValueError where there are not two outputs. Source: Provost (2000), Machine learning
    from imbalanced data sets 101, AAAI workshop.
    """
    z = predict(x)
    if z.shape[1] != 2:
        raise ValueError(
            f"a threshold parts two classes, and the network has {z.shape[1]} outputs;"
            " leave decision at 'likeliest'"
        )
    move = np.array([0.0, -_best_cut(z[:, 1] - z[:, 0], y[:, 0] == 1)], dtype=z.dtype)
    return lambda rows: predict(rows) + move


def _best_cut(margin, second):
    """The margin above which a row is best said to be of the second class.

    margin: float[rows]; second: bool[rows]. 0 where one class is missing, or a margin
    is no number.
    """
    if second.all() or not second.any() or not np.isfinite(margin).all():
        return 0.0
    order = np.argsort(margin)
    found, second = margin[order], second[order]
    # A cut behind k rows says first of these, and second of the rest.
    right = np.cumsum(~second) / (~second).sum() + 1 - np.cumsum(second) / second.sum()
    right[:-1][found[1:] == found[:-1]] = -1.0  # equal margins cannot be parted
    right[-1] = -1.0
    best = np.flatnonzero(right >= right.max() - 1e-12)
    k = best[len(best) // 2]
    return float(found[k] + found[k + 1]) / 2 if k + 1 < len(found) else 0.0
