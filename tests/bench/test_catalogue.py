"""What is known of the names on a command line."""

import pytest
from gradclinic.bench.catalogue import precisions


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (("overfitting",), ("float32",)),
        (("slow_training",), ("float32", "float64")),
        ((), ("float32", "float64")),
    ],
)
def test_the_precisions_of_scenarios_are_those_of_their_trials(names, found):
    assert precisions(names) == found
