"""The learning rate at which gradient descent becomes unstable: theory and measurement.

On a quadratic with largest Hessian eigenvalue lambda_max, gradient descent converges
for every lr < 2 / lambda_max (Polyak 1987, "Introduction to Optimization", section
1.4); above it, the error along the first eigenvector grows at every step.
"""

import numpy as np

_SHOWN = 10  # seeds in the table


def exhibit(evidence):
    """A table of thresholds by seed, and the share of seeds that diverge by rate."""
    runs = [run for run in evidence.everything if "lambda_max" in run.values]
    sweep = [run for run in runs if run.role == "sweep"]
    if not sweep:
        return [], []
    seeds = sorted({run.seed for run in sweep})
    rows = [_row(seed, [r for r in sweep if r.seed == seed]) for seed in seeds]
    theory = float(np.median([row[1] for row in rows]))
    return [
        {
            "title": "The largest stable learning rate",
            "sentence": "The curvature of a loss is largest along one direction;"
            " lambda_max is that largest eigenvalue of its Hessian. In theory the loss"
            " shrinks at learning rates below 2 / lambda_max and grows above it."
            " Measured: the highest rate of the sweep that converged and the lowest"
            " that diverged, on the same data.",
            "columns": [
                "Seed",
                "2 / lambda_max",
                "Highest stable rate",
                "Lowest divergent rate",
                "Theory lies between",
            ],
            "rows": rows[:_SHOWN],
        }
    ], [_plot(sweep, theory)]


def _diverged(run):
    """Did the loss grow? Just above the threshold it takes long to overflow."""
    first, last = run.values.get("first_loss"), run.values.get("final_loss")
    return run.status == "diverged" or first is None or last is None or last > first


def _row(seed, runs):
    theory = 2.0 / runs[0].values["lambda_max"]
    stable = [run.values["lr"] for run in runs if not _diverged(run)]
    unstable = [run.values["lr"] for run in runs if _diverged(run)]
    highest = max(stable) if stable else None
    lowest = min(unstable) if unstable else None
    between = (highest is None or highest <= theory * 1.001) and (
        lowest is None or lowest >= theory * 0.999
    )
    return [seed, theory, highest, lowest, "yes" if between else "no"]


def _plot(sweep, theory):
    rates = sorted({run.values["lr"] for run in sweep})
    shares = [
        float(np.mean([_diverged(run) for run in sweep if run.values["lr"] == rate]))
        for rate in rates
    ]
    return {
        "title": "How many seeds diverge at each learning rate",
        "sentence": "Each seed has its own data and so its own threshold; the line"
        " marks the median of 2 / lambda_max.",
        "kind": "line",
        "x_label": "learning rate",
        "y_label": "share of seeds that diverge",
        "x_scale": "log",
        "y_scale": "linear",
        "series": [{"label": "measured", "x": rates, "y": shares}],
        "verticals": [{"label": "2 / lambda_max (median)", "x": theory}],
    }
