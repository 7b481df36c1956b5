"""Data sets with a sound training each: some of known truth, the others real.

The classes are told from principal components where the data are real: measurements as
they come are ill-conditioned themselves (the standardised tumours have a condition
number of 1e5). Rates, sizes and targets were chosen on master seeds 0 to 2.
"""

from dataclasses import replace

from ..trial import Dataset, Trial
from .injected import Patient

_SOUND = Trial(
    Dataset("digits"),
    hidden=(32,),
    optimizer="momentum",
    hyper=(("momentum", 0.9),),
    l2=2e-3,
    batch_size=32,
    epochs=20,
)


def _sound(data, target, **changes):
    return replace(_SOUND, data=data, target=target, **changes)


_ALL = (
    Patient(
        "classification",
        "Clusters",
        "Sixteen clusters of four classes in 8 dimensions, and 4 columns of noise,"
        " drawn afresh for every seed.",
        _sound(
            Dataset(
                "classification",
                rows=1200,
                validation=1500,
                test=500,
                options=(
                    ("class_sep", 3.0),
                    ("n_classes", 4),
                    ("n_clusters_per_class", 4),
                    ("n_features", 12),
                    ("n_informative", 8),
                    ("n_redundant", 0),
                    ("n_samples", 3200),
                ),
                transforms=(("standardise", 0),),
            ),
            target=0.6,
            lr=0.01,
        ),
    ),
    Patient(
        "digits",
        "Digits",
        "scikit-learn's 1,797 handwritten digits, by their 20 first principal"
        " components.",
        _sound(
            Dataset(
                "digits",
                rows=1200,
                validation=300,
                test=297,
                transforms=(("min_max", 0), ("pca", 20)),
            ),
            target=0.5,
            lr=0.03,
            l2=1e-3,
        ),
    ),
    Patient(
        "breast_cancer",
        "Tumours",
        "scikit-learn's 569 breast tumours, by their 10 first principal components.",
        _sound(
            Dataset(
                "breast_cancer",
                rows=400,
                validation=100,
                test=69,
                transforms=(("standardise", 0), ("pca", 10), ("standardise", 0)),
            ),
            target=0.3,
            lr=0.01,
        ),
    ),
    Patient(
        "friedman1",
        "Friedman's function",
        "Numbers by Friedman's first formula of 5 inputs of 10, with noise, drawn"
        " afresh for every seed.",
        _sound(
            Dataset(
                "friedman1",
                rows=1000,
                validation=400,
                test=400,
                options=(("n_samples", 1800), ("noise", 0.5)),
                transforms=(("standardise", 0),),
            ),
            target=4.0,
            lr=0.006,
            epochs=30,
            l2=1e-3,
            loss="mse",
        ),
    ),
    Patient(
        "diabetes",
        "Diabetes",
        "scikit-learn's 442 patients, and how far their diabetes had progressed.",
        _sound(
            Dataset(
                "diabetes",
                rows=310,
                validation=75,
                test=57,
                transforms=(("standardise", 0),),
            ),
            target=3500.0,
            hidden=(16,),
            lr=1e-4,
            loss="mse",
            epochs=12,
        ),
    ),
    Patient(
        "two_normals",
        "Two normals",
        "Two normal classes in 10 dimensions, 2 standard deviations apart, drawn afresh"
        " for every seed.",
        _sound(
            Dataset(
                "two_normals",
                rows=1200,
                validation=1000,
                test=1000,
                options=(("n_samples", 8000),),
            ),
            target=0.45,
            hidden=(16,),
            lr=0.005,
        ),
    ),
    Patient(
        "eights",
        "Eights",
        "348 of scikit-learn's handwritten digits by 3 principal components, half of"
        " them 8s, which are to be told from the others.",
        _sound(
            Dataset(
                "one_digit",
                rows=200,
                validation=100,
                test=48,
                transforms=(("standardise", 0), ("pca", 3)),
                selection=(("minority", 0.5),),
            ),
            target=0.5,
            hidden=(16,),
            lr=0.01,
            l2=0.01,
        ),
    ),
    Patient(
        "coarse_digits",
        "Coarse digits",
        "1,200 of scikit-learn's handwritten digits, by their 6 first principal"
        " components alone.",
        _sound(
            Dataset(
                "digits",
                rows=700,
                validation=300,
                test=200,
                transforms=(("min_max", 0), ("pca", 6)),
            ),
            target=0.8,
            lr=0.03,
            l2=1e-3,
        ),
    ),
    Patient(
        "bent",
        "Bent border",
        "Normal inputs parted by a parabola, drawn afresh for every seed.",
        _sound(
            Dataset(
                "bent",
                rows=1200,
                validation=800,
                test=800,
                options=(("curve", 0.4), ("n_samples", 16000)),
            ),
            target=0.6,
            lr=0.01,
        ),
    ),
)

PATIENTS = {each.name: each for each in _ALL}
