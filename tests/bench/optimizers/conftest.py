"""A study small enough to run in a second."""

from dataclasses import replace

import pytest
from gradclinic.bench.execution.entrant import registered
from gradclinic.bench.studies.optimizers.settings import StudySettings
from gradclinic.scenarios.problems import PROBLEMS


def short(name, epochs):
    """The problem with a smaller budget; its targets are the same."""
    problem = PROBLEMS[name]
    return replace(problem, trial=replace(problem.trial, epochs=epochs))


@pytest.fixture
def small(tmp_path):
    return StudySettings(
        (registered("sgd"), registered("adamw")),
        (short("wine", 8), short("noisy_quadratic", 6)),
        budgets=(1, 6),
        confirm=(2, 1),
        decide=(2, 1),
        seeds=3,
        sweep=3,
        threads=1,
        out=tmp_path,
    )
