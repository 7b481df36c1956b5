"""Made-up tasks that are hard to optimize: a spiral, sparse parity, a teacher."""

from ..problem import Problem
from ..trial import Dataset, Trial

PROBLEMS = (
    Problem(
        name="spiral",
        title="Three spiral arms",
        summary="A network 2-64-3 that tells three interleaved spiral arms apart.",
        trial=Trial(
            Dataset("spirals", rows=300, validation=600, test=0),
            hidden=(64,),
            batch_size=32,
            epochs=100,
        ),
    ),
    Problem(
        name="sparse_parity",
        title="Sparse parity",
        summary="The class is the product of 3 of 40 random signs: nothing is learnt "
        "for long, then suddenly all.",
        trial=Trial(
            Dataset("sparse_parity", rows=1000, validation=500, test=0),
            hidden=(64,),
            batch_size=32,
            epochs=40,
        ),
    ),
    Problem(
        name="teacher_student",
        title="Teacher and student",
        summary="A network 20-10-1 that must imitate another of its own shape.",
        trial=Trial(
            Dataset("teacher_student", rows=512, validation=512, test=0),
            hidden=(10,),
            activation="tanh",
            loss="mse",
            batch_size=32,
            epochs=100,
        ),
    ),
)
