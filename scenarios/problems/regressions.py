"""Linear regressions: quadratic losses whose curvature is known."""

from ..problem import Problem
from ..trial import Dataset, Trial

PROBLEMS = (
    Problem(
        name="noisy_quadratic",
        title="Noisy quadratic",
        summary="A linear regression of condition number 1,000; mini-batches of 32 "
        "rows and noise in the targets make every gradient noisy.",
        trial=Trial(
            data=Dataset(
                "spectrum",
                rows=512,
                validation=512,
                test=0,
                options=(("n_samples", 1024),),
            ),
            hidden=(),
            loss="mse",
            batch_size=32,
            epochs=100,
        ),
        quick=True,
    ),
    Problem(
        name="badly_scaled",
        title="Badly scaled regression",
        summary="A linear regression whose ten features differ in scale by a factor "
        "of 1,000, so that the condition number is a million.",
        trial=Trial(
            data=Dataset(
                "spectrum",
                rows=512,
                validation=512,
                test=0,
                options=(
                    ("kappa", 1e6),
                    ("n", 10),
                    ("n_samples", 1024),
                    ("rotated", 0.0),
                ),
            ),
            hidden=(),
            loss="mse",
            batch_size=32,
            epochs=100,
        ),
    ),
)
