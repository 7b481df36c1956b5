"""Our optimizers against the stored trajectories of other libraries, as plain data."""

import numpy as np

from ....kernels import OPTIMIZERS
from ....kernels.optimizer import matrices
from .problems import problems
from .references import DERIVED, REFERENCES
from .stored import LAST, at_steps, declared, read

SCHEMA = 1


def certificate():
    """Compare every reference with ours: see `schemas/parity.json`."""
    rows = [
        row_of(reference, about, arrays)
        for module, references in REFERENCES.items()
        for about, arrays in [read(module)]
        for reference in references
    ]
    proven = {row["optimizer"] for row in rows} | DERIVED.keys()
    return {
        "schema": SCHEMA,
        "steps": LAST,
        "rows": sorted(rows, key=lambda row: row["optimizer"]),
        "derived": DERIVED,
        "unproven": [name for name in OPTIMIZERS if name not in proven],
    }


def passes(content):
    """Is every row within its tolerance, and every optimizer checked?"""
    return not content["unproven"] and all(row["passes"] for row in content["rows"])


def row_of(reference, about, arrays):
    """A row of the certificate. A row stored for another declaration does not pass."""
    found = dict.fromkeys(reference.problems, float("inf"))
    stored = declared(reference) in about.get("rows", ())
    if stored:
        for name in found:
            found[name] = difference(reference, name, arrays[reference.key(name)])
    finite = bool(np.isfinite([*found.values()]).all())
    return {
        **declared(reference),
        "versions": about.get("versions", {}),
        "differences": {k: v if np.isfinite(v) else None for k, v in found.items()},
        "fault": "" if finite else "not finite" if stored else "not stored",
        "tolerance": reference.tolerance,
        "reason": reference.reason,
        "passes": max(found.values()) <= reference.tolerance,
    }


def difference(reference, name, theirs, **changed):
    """Largest |ours - theirs| over the stored steps, in parts of the largest |theirs|.

    changed: options other than those of the reference. Infinite where ours is not
    finite or ends before theirs.
    """
    options = {**reference.options, **changed}
    run = reference.ours or rule_steps(reference)
    with np.errstate(over="ignore", invalid="ignore"):
        ours = at_steps(run(problems()[name], options))[: len(theirs)]
    if ours.shape != theirs.shape or not np.isfinite(ours).all():
        return float("inf")
    return float(np.abs(ours - theirs).max() / np.abs(theirs).max())


def rule_steps(reference):
    """Our side of a reference: steps of a rule, called as the training loop calls it.

    A rule that averages is followed by what it trains on, or by what it predicts with.
    """
    optimizer = OPTIMIZERS[reference.optimizer]

    def steps(problem, options):
        params, calls = problem.start.copy(), 0
        layout = matrices(problem.layout)
        state = optimizer.init_state(params.size, np.float64, layout)
        while calls < LAST * optimizer.gradients:
            for _ in range(optimizer.gradients):
                calls += 1
                gradient = problem.gradient(params)
                optimizer.update(
                    params, gradient, state, step=calls, layout=layout, **options
                )
            if reference.averaged:
                yield optimizer.averaged(params, state, calls, layout, **options)
            else:
                yield params

    return steps
