"""Divergence: the loss runs away, or must."""

import numpy as np

from .detection import any_of, component, log_ratio, measured, share_of_runs

READS = ("first_loss", "final_loss", "status", "lr", "lambda_max")


def detect(values, test_over_train=None):
    """NaN, infinite, or > 10 x its first value; for least squares lr > 2 / lambda_max.

    values: first_loss, final_loss (NaN or infinite where the run left the numbers),
    status (strings, `diverged` where training says so). One run that leaves the numbers
    is enough; the growth is that of the runs that stay finite, averaged as a logarithm.
    lr, lambda_max (largest Hessian eigenvalue) only for least squares by plain
    full-batch gradient descent: the bound is not that of other optimizers.
    Source: LeCun, Simard & Pearlmutter (1993), Automatic learning rate maximization by
    on-line estimation of the Hessian's eigenvectors, NIPS 5.
    """
    first, final = measured(values, "first_loss"), measured(values, "final_loss")
    finite = np.where(np.isfinite(final), final, np.nan)
    found = [share_of_runs("share of runs that diverged", _diverged(values, final))]
    if np.isfinite(finite).any():
        found.append(
            component(
                "last finite loss / first loss",
                log_ratio(finite, first),
                ">",
                10.0,
                shown=np.exp,
                test_over_train=test_over_train,
            )
        )
    rate, curvature = measured(values, "lr"), measured(values, "lambda_max")
    if rate.size and curvature.size and np.isfinite(rate * curvature).any():
        found.append(
            component(
                "learning rate / (2 / lambda_max)",
                rate * curvature / 2.0,
                ">",
                1.0,
                test_over_train=test_over_train,
            )
        )
    return any_of(*found)


def _diverged(values, final):
    said = np.array([s == "diverged" for s in values.get("status", ())], dtype=bool)
    left = ~np.isfinite(final)
    if not (said.size and left.size):
        return said if said.size else left
    return said | left
