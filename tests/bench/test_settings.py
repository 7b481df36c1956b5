"""A trial in words: what the box on the page says was trained."""

from dataclasses import replace

import pytest
from gradclinic.bench.studies.settings import settings
from gradclinic.scenarios import Dataset, Trial

PLAIN = Trial(Dataset("digits", rows=7, validation=8, test=9))


@pytest.mark.parametrize(
    ("changes", "name", "words"),
    [
        ({}, "Optimizer", "adam, learning rate 0.001"),
        ({"hyper": (("momentum", 0.9),)}, "Optimizer",
         "adam, learning rate 0.001, momentum 0.9"),
        ({}, "Schedule", None),
        ({"schedule": "cosine"}, "Schedule", "cosine"),
        ({}, "Label noise", None),
        ({"data": replace(PLAIN.data, label_noise=0.3)}, "Label noise",
         "30% of training and validation labels wrong"),
        ({}, "Data", "digits: 7 training, 8 validation, 9 test rows"),
        ({"engine": "csv"}, "Computed by", "csv"),
    ],
)  # fmt: skip
def test_what_matters_is_said(changes, name, words):
    assert settings(replace(PLAIN, **changes)).get(name) == words
