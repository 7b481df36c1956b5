"""What was trained, in words a reader needs no source for."""

from dataclasses import replace

import pytest
from gradclinic.bench.studies.settings import settings
from gradclinic.scenarios import SCENARIOS
from gradclinic.scenarios.data.transforms import TRANSFORMS
from gradclinic.scenarios.trial import Dataset, Trial

QUESTIONS = {q.name: q for s in SCENARIOS.values() for q in (s, *s.parts)}
DATA = Dataset("digits", rows=3600, validation=128, test=0)


def test_counts_have_a_comma_and_a_part_without_rows_no_word():
    found = settings(Trial(DATA, hidden=(4,), epochs=1000))
    assert found["Data"] == "digits: 3,600 training, 128 validation rows"
    assert found["Epochs"] == "1,000"


@pytest.mark.parametrize("name", TRANSFORMS)
def test_what_is_done_to_the_inputs_needs_no_source(name):
    data = replace(DATA, transforms=((name, 20),))
    said = settings(Trial(data, hidden=(4,)))["Inputs"]
    assert "_" not in said and "(" not in said
    takes_a_number = name in ("pca", "polynomial", "badly_scaled")
    assert ("20" in said) == takes_a_number


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_setting_of_a_scenario_is_a_name_of_code(name):
    for title, value in settings(QUESTIONS[name].baseline).items():
        assert value and "_" not in value, title
