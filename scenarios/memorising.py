"""What both questions on overfitting share: the network, the rows and the symptom."""

from .scenario import Symptom
from .trial import Dataset, Trial

# Moved digits are drawn afresh for every seed, so that seeds are independent, and there
# are test rows enough to see differences below the smallest that matters.
BASELINE = Trial(
    Dataset(
        "shifted_digits",
        rows=400,
        validation=500,
        test=4000,
        options=(("n_samples", 12500),),
        transforms=(("min_max", 0),),
    ),
    hidden=(256,),
    lr=0.01,
    batch_size=32,
    epochs=40,
)

SYMPTOM = Symptom(
    "overfitting",
    "The validation loss is over 10 % above the training loss, and either it has risen"
    " over 5 % from its lowest value or accuracy is 5 points lower than in training.",
    "The training loss keeps falling while the validation loss stops, or turns and"
    " rises.",
)
