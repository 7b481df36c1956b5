"""Settings of a training as people write them."""

import pytest
from gradclinic.kernels import OPTIMIZERS
from gradclinic.kernels.activations import ACTIVATIONS
from gradclinic.kernels.losses import LOSSES
from gradclinic.reports import write_scenario_page
from gradclinic.reports.labels import setting_label
from gradclinic.reports.trial_words import trial_words
from gradclinic.scenarios.trial import Dataset, Trial

from .scripted import plain


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("Optimizer", "adam, learning rate 0.01", "Adam, learning rate 0.01"),
        ("Optimizer", "gradient descent, learning rate 1", None),
        ("Optimizer", "schedule free adamw", "Schedule-Free AdamW"),
        ("Loss", "cross entropy", "cross-entropy"),
        ("Loss", "binary cross entropy", "binary cross-entropy"),
        ("Loss", "mean squared error", "mean squared error"),
        ("Activation", "relu", "ReLU"),
        ("Activation", "leaky relu", "leaky ReLU"),
        ("Activation", "tanh", "tanh"),
        ("Data", "adam, relu and cross entropy", "adam, relu and cross entropy"),
    ],
)
def test_a_setting_is_written_as_people_write_it(name, value, said):
    found = setting_label(value, name)
    assert found == (said or "Gradient descent, learning rate 1")
    assert setting_label(found, name) == found


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_no_optimizer_has_a_raw_key(optimizer):
    trial = Trial(Dataset("digits", rows=7), hidden=(4,), optimizer=optimizer)
    said = setting_label(trial_words(trial)["Optimizer"], "Optimizer")
    assert said[0] == said[0].upper() and "_" not in said


@pytest.mark.parametrize("loss", LOSSES)
def test_no_loss_has_a_raw_key(loss):
    said = setting_label(
        trial_words(Trial(Dataset("a", rows=7), loss=loss))["Loss"], "Loss"
    )
    assert "_" not in said and "cross entropy" not in said and said != "mse"


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_acronyms_of_activations_are_capitals(activation):
    said = setting_label(activation.replace("_", " "), "Activation")
    assert said.endswith("LU") == activation.endswith("lu")


@pytest.mark.usefixtures("unpainted")
def test_a_page_says_what_was_trained_in_these_words(make_result, tmp_path):
    result = make_result()
    result["trial"] |= {"Loss": "cross entropy", "Activation": "relu"}
    text = plain(write_scenario_page(result, tmp_path).read_text())
    for said in ("Adam, learning rate 0.01", "cross-entropy", "ReLU"):
        assert f"<dd>{said}</dd>" in text
