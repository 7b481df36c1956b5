"""Random search: the same uniforms for all, prefixes, priors, and wider ranges."""

import numpy as np
import pytest
from gradclinic.bench.studies.optimizers.priors import (
    DECADES,
    PRIORS,
    configurations,
    uniforms,
    widened,
)
from gradclinic.kernels import OPTIMIZERS

every_optimizer = pytest.mark.parametrize("name", OPTIMIZERS)


def drawn(name, count=40, **options):
    return configurations(OPTIMIZERS[name], "wine", 3, count, **options)


@every_optimizer
def test_the_first_trial_is_the_defaults(name):
    first = drawn(name)[0]
    assert dict(first.options) == OPTIMIZERS[name].defaults
    assert first.place is None


@every_optimizer
def test_a_small_budget_is_a_prefix_of_a_large_one(name):
    assert drawn(name, 7) == drawn(name, 40)[:7]


@every_optimizer
def test_draws_lie_within_their_priors_and_the_rest_stay_at_defaults(name):
    defaults = OPTIMIZERS[name].defaults
    for configuration in drawn(name)[1:]:
        options = dict(configuration.options)
        assert list(options) == list(defaults)
        assert 1e-2 <= options.pop("lr") / defaults["lr"] <= 1e2
        for key, value in options.items():
            if key not in PRIORS:
                assert value == defaults[key]
                continue
            low, high, complement = PRIORS[key]
            assert low <= (1 - value if complement else value) <= high * (1 + 1e-9)


def test_every_optimizer_gets_the_same_uniforms():
    rates = [[c.lr for c in drawn(name)] for name in ("sgd", "adamw", "adam")]
    factors = [np.array(r) / r[0] for r in rates]
    np.testing.assert_allclose(factors[0], factors[1])
    adam, adamw = (
        [dict(c.options)["eps"] for c in drawn(n)] for n in ("adam", "adamw")
    )
    assert adam == adamw


def test_uniforms_differ_by_master_problem_and_name():
    streams = [
        uniforms(*key, 5)
        for key in ((0, "wine", "lr"), (1, "wine", "lr"), (0, "spiral", "lr"))
    ]
    streams.append(uniforms(0, "wine", "eps", 5))
    assert len({tuple(stream) for stream in streams}) == 4


def test_rates_are_log_uniform():
    logs = np.log10([c.lr / 1e-3 for c in drawn("adamw", 4000)[1:]])
    counts, _ = np.histogram(logs, bins=8, range=DECADES)
    assert np.abs(counts - 500).max() < 100


def test_a_range_is_widened_on_the_side_the_best_rate_lies():
    assert widened(0.03, (-2, 2)) == (-3, 2)
    assert widened(0.97, (-2, 2)) == (-2, 3)
    assert widened(0.5, (-2, 2)) is None
    assert widened(None, (-2, 2)) is None
    wide = drawn("sgd", decades=(-3.0, 2.0))
    assert min(c.lr for c in wide) < 1e-2 * 0.1
