"""What was trained, in words a reader needs no source for."""

from dataclasses import replace

import pytest
from gradclinic.reports.trial_words import trial_words
from gradclinic.scenarios import SCENARIOS
from gradclinic.scenarios.data.transforms import TRANSFORMS
from gradclinic.scenarios.trial import Dataset, Trial

PLAIN = Trial(Dataset("digits", rows=7, validation=8, test=9))
QUESTIONS = {q.name: q for s in SCENARIOS.values() for q in (s, *s.parts)}
DATA = Dataset("digits", rows=3600, validation=128, test=0)


def test_counts_have_a_comma_and_a_part_without_rows_no_word():
    found = trial_words(Trial(DATA, hidden=(4,), epochs=1000))
    assert found["Data"] == "digits: 3,600 training, 128 validation rows"
    assert found["Epochs"] == "1,000"


@pytest.mark.parametrize("name", TRANSFORMS)
def test_what_is_done_to_the_inputs_needs_no_source(name):
    data = replace(DATA, transforms=((name, 20),))
    said = trial_words(Trial(data, hidden=(4,)))["Inputs"]
    assert "_" not in said and "(" not in said
    takes_a_number = name not in (
        "standardise",
        "min_max",
        "whitened",
        "ranked",
        "permuted",
        "own_scales",
    )
    assert ("20" in said) == takes_a_number


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_setting_of_a_scenario_is_a_name_of_code(name):
    for title, value in trial_words(QUESTIONS[name].baseline).items():
        assert value and "_" not in value, title


@pytest.mark.parametrize(
    ("changes", "name", "words"),
    [
        ({}, "Optimizer", "adam, learning rate 0.001"),
        (
            {"hyper": (("momentum", 0.9),)},
            "Optimizer",
            "adam, learning rate 0.001, momentum 0.9",
        ),
        ({}, "Schedule", None),
        ({"schedule": "cosine"}, "Schedule", "cosine"),
        ({}, "Label noise", None),
        (
            {"data": replace(PLAIN.data, label_noise=0.3)},
            "Label noise",
            "30 % of training and validation labels wrong",
        ),
        ({}, "Data", "digits: 7 training, 8 validation, 9 test rows"),
        (
            {"engine": "csv"},
            "Computed by",
            "NumPy, its rows read from a CSV file at each step",
        ),
    ],
)
def test_what_matters_is_said(changes, name, words):
    assert trial_words(replace(PLAIN, **changes)).get(name) == words


def test_a_start_is_told_where_it_is_not_the_usual_one():
    before = (("epochs", 100), ("rows", 64))
    found = trial_words(replace(PLAIN, gain=0.5, warm_start=before))
    assert found["Start"] == "weights times 0.5"
    assert found["Warm start"] == "epochs 100, rows 64"
    assert not {"Start", "Warm start"} & {*trial_words(PLAIN)}
