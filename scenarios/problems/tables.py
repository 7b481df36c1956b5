"""Small tables of real measurements, a hidden layer each."""

from ..problem import Problem
from ..trial import Dataset, Trial


def _table(name, rows, validation, scaling):
    steps = ((scaling, 0.0),)
    return Dataset(name, rows=rows, validation=validation, test=0, transforms=steps)


PROBLEMS = (
    Problem(
        name="wine",
        title="Wine",
        summary="A network 13-32-3 that tells three growers' wines apart.",
        trial=Trial(_table("wine", 96, 82, "min_max"), (32,), batch_size=16, epochs=60),
        quick=True,
    ),
    Problem(
        name="breast_cancer",
        title="Breast cancer",
        summary="A network 30-32-2 that tells malignant tumours from benign ones.",
        trial=Trial(
            _table("breast_cancer", 320, 249, "min_max"),
            (32,),
            batch_size=32,
            epochs=60,
        ),
    ),
    Problem(
        name="diabetes",
        title="Diabetes",
        summary="A network 10-32-1 that predicts, from ten measurements and in raw "
        "units, how far diabetes progresses.",
        trial=Trial(
            _table("diabetes", 256, 186, "standardise"),
            (32,),
            loss="mse",
            batch_size=32,
            epochs=80,
        ),
    ),
)
