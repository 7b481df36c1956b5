"""How large must a tree be to give the answers of a network?"""

import numpy as np

from ...execution.explainers.surrogate_tree import surrogate
from ..explained_network import first_seed, shown
from ..history.parts import lines

_DEPTHS = (1, 2, 3, 4, 5, 6, 8, 10, 14)
_NEEDED = 0.90  # of the rule on interpretability


def exhibit(evidence):
    """A plot of fidelity against leaves, for the scenario and for its digits."""
    scenario, seed = evidence.scenario, first_seed(evidence)
    trial = scenario.baseline
    numeric = trial.loss in ("mse", "huber")
    beside = "." in scenario.name and trial.data.name != "digits"
    if trial.explanation is None or numeric or beside or seed is None:
        return [], []
    found = shown(trial, seed)
    rows = found.rows
    subject = found.subject(rows.x_train, rows.y_train)
    answers = found.net.predict(found.params, rows.x_test).argmax(axis=1)
    right = rows.y_test[:, 0].astype(int)
    trees = [surrogate(subject, depth) for depth in _DEPTHS]
    leaves = [int(tree.get_n_leaves()) for tree in trees]
    said = [tree.predict(rows.x_test) for tree in trees]
    kept = np.unique(leaves, return_index=True)[1]
    named = {
        "answers of the network": [float((s == answers).mean()) for s in said],
        "right answers": [float((s == right).mean()) for s in said],
    }
    series = {
        name: ([leaves[k] for k in kept], [100 * shares[k] for k in kept])
        for name, shares in named.items()
    }
    return [], [
        lines(
            "How large a tree must be to speak for the network",
            "Trees that learnt the network's predictions on its training rows, first"
            f" seed, on test rows. The network itself is right in"
            f" {100 * float((answers == right).mean()):.0f} %; a tree of depth 3 has at"
            f" most 8 leaves, and {100 * _NEEDED:.0f} % is what the rule asks of it.",
            ("leaves of the tree", "test rows, %"),
            series,
            x_scale="log",
            verticals=[{"label": "leaves of depth 3", "x": 8.0}],
        )
    ]
