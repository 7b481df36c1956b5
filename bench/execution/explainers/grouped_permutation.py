"""Permutation importance of groups: inputs that tell the same are shuffled together.

Inputs whose rank correlation |rho| is above a threshold form a group (complete linkage
on 1 - |rho|); its columns are shuffled by one order, and each of its inputs gets what
the loss rises by. One of two copies, shuffled alone, costs little: the other still
tells. Source: the remedy of scikit-learn's user guide, "Permutation importance with
multicollinear or correlated features"; Gregorutti, Michel & Saint-Pierre (2015),
Grouped variable importance with random forests, section 2.
"""

import numpy as np

from ..explainer import Explainer


def groups(x, threshold):
    """int[inputs]: the number of the group of each column of x."""
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.stats import rankdata

    ranks = rankdata(x, axis=0)
    ranks = ranks - ranks.mean(axis=0)
    sizes = np.linalg.norm(ranks, axis=0)
    ranks = ranks / np.where(sizes > 0, sizes, 1.0)
    apart = 1 - np.abs(ranks.T @ ranks)
    pairs = np.triu_indices(x.shape[1], 1)
    if not len(pairs[0]):
        return np.ones(x.shape[1], dtype=int)
    tree = linkage(np.clip(apart[pairs], 0, None), method="complete")
    return fcluster(tree, 1 - threshold, criterion="distance")


def rank(subject, repeats, threshold):
    """Mean rise of the loss of each input's group, float[inputs]."""
    member = groups(subject.x, threshold)
    rng, model = np.random.default_rng(subject.seed), subject.as_estimator()
    plain, found = model.score(subject.x, subject.y), np.zeros(subject.x.shape[1])
    for group in np.unique(member):
        columns = np.flatnonzero(member == group)
        for _ in range(int(repeats)):
            shuffled = subject.x.copy()
            order = rng.permutation(len(shuffled))
            shuffled[:, columns] = subject.x[np.ix_(order, columns)]
            found[columns] += plain - model.score(shuffled, subject.y)
    return found / repeats


EXPLAINER = Explainer(
    label="Permutation importance of groups",
    source="Gregorutti, Michel & Saint-Pierre (2015), section 2",
    rank=rank,
    options=(("repeats", 5), ("threshold", 0.7)),
)
