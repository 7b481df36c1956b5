"""Random search: absolute ranges, the same uniforms for all, prefixes, wider ranges."""

import numpy as np
import pytest
from gradclinic.bench.studies.optimizers import priors as module
from gradclinic.bench.studies.optimizers.priors import (
    DECAYS,
    DECOUPLED,
    PRIORS,
    RATES,
    Prior,
    configurations,
    decades,
    priors,
    uniforms,
    widened,
)
from gradclinic.kernels import OPTIMIZERS, Optimizer
from gradclinic.kernels.optimizer import keep

every_optimizer = pytest.mark.parametrize("name", OPTIMIZERS)


def drawn(name, count=40, searched=None):
    return configurations(OPTIMIZERS[name], "wine", 3, count, searched)


@every_optimizer
def test_the_first_trial_is_the_defaults(name):
    assert dict(drawn(name)[0].options) == OPTIMIZERS[name].defaults


@every_optimizer
def test_a_small_budget_is_a_prefix_of_a_large_one(name):
    assert drawn(name, 7) == drawn(name, 40)[:7]


@every_optimizer
def test_rates_are_searched_over_four_decades_that_hold_the_default(name):
    low, high = decades(OPTIMIZERS[name])
    assert high - low >= 4 - 1e-9
    assert 2 * 10**low < OPTIMIZERS[name].defaults["lr"] < 10**high / 2
    if name in RATES:
        assert (low, high) == pytest.approx(tuple(np.log10(RATES[name])))


@every_optimizer
def test_a_range_does_not_follow_the_default(name, monkeypatch):
    rule = OPTIMIZERS[name]
    before = [c.lr for c in drawn(name)[1:]]
    monkeypatch.setitem(rule.defaults, "lr", rule.defaults["lr"] * 3)
    assert [c.lr for c in drawn(name)[1:]] == before


@every_optimizer
def test_draws_lie_within_their_priors_and_the_rest_stay_at_defaults(name):
    rule = OPTIMIZERS[name]
    laws, (low, high) = priors(rule), 10 ** np.array(decades(rule))
    for configuration in drawn(name)[1:]:
        options = dict(configuration.options)
        assert list(options) == list(rule.defaults)
        assert low <= options.pop("lr") <= high
        for key, value in options.items():
            law = laws.get(key)
            instead = rule.defaults[key] if law is None else law.half
            instead = rule.defaults[key] if instead == "default" else instead
            if law is None or value == instead:
                assert value == instead
                continue
            inside = 1 - value if law.complement else value
            assert law.low * (1 - 1e-9) <= inside <= law.high * (1 + 1e-9)


def test_the_laws_are_those_of_the_method():
    assert PRIORS["beta1"] == PRIORS["momentum"] == Prior(5e-3, 0.5, complement=True)
    assert PRIORS["eps"] == Prior(1e-10, 1e-3, half="default")
    assert DECAYS["coupled"] == Prior(1e-6, 1e-2, half=0.0)
    assert DECAYS["decoupled"] == Prior(1e-5, 1e-1, half=0.0)


@pytest.mark.parametrize(("name", "key"), [("adam", "eps"), ("adamw", "weight_decay")])
def test_half_of_the_trials_have_the_value_that_a_law_names(name, key):
    rule, law = OPTIMIZERS[name], priors(OPTIMIZERS[name])[key]
    instead = rule.defaults[key] if law.half == "default" else law.half
    values = np.array([dict(c.options)[key] for c in drawn(name, 4001)[1:]])
    assert abs((values == instead).mean() - 0.5) < 0.03
    logs = np.log10(values[values != instead])
    counts, _ = np.histogram(logs, bins=4, range=np.log10((law.low, law.high)))
    assert counts.sum() == len(logs) and np.abs(counts - len(logs) / 4).max() < 75


def test_a_decay_apart_from_the_gradient_has_a_law_of_its_own():
    coupled, apart = (priors(OPTIMIZERS[n])["weight_decay"] for n in ("adam", "adamw"))
    assert (coupled, apart) == (DECAYS["coupled"], DECAYS["decoupled"])
    assert {"adam", "sgd", "nadam", "rmsprop"}.isdisjoint(DECOUPLED)


# Trust ratios (lamb), an estimated rate (dadaptation, prodigy), relative steps
# (adafactor) and averages (schedule_free_adamw) hide the factor in the first step.
PLAIN = sorted(
    DECOUPLED - {"lamb", "dadaptation", "prodigy", "adafactor", "schedule_free_adamw"}
)


@pytest.mark.parametrize("name", PLAIN)
def test_a_decoupled_decay_shrinks_parameters_without_a_gradient(name):
    rule, n = OPTIMIZERS[name], 6
    p, g = np.linspace(1, 2, n), np.zeros(n)
    state = rule.init_state(n, np.float64)
    before = p.copy()
    rule.update(p, g, state, step=1, lr=0.01, weight_decay=0.1)
    np.testing.assert_allclose(p, before * (1 - 0.01 * 0.1), rtol=1e-12)


@pytest.mark.parametrize("name", ["adam", "adamax", "nadam", "rmsprop", "adagrad"])
def test_a_coupled_decay_is_normalised_as_a_gradient_is(name):
    rule, n = OPTIMIZERS[name], 6
    p = np.linspace(1, 2, n)
    before, state = p.copy(), rule.init_state(n, np.float64)
    rule.update(p, np.zeros(n), state, step=1, lr=0.01, weight_decay=0.1)
    # Every parameter moves equally far, whatever its size.
    np.testing.assert_allclose(before - p, (before - p)[0], rtol=1e-4)


def test_every_optimizer_gets_the_same_uniforms():
    places = [
        (np.log10([c.lr for c in drawn(name)[1:]]) - low) / (high - low)
        for name in ("sgd", "adamw", "lion", "prodigy")
        for low, high in [decades(OPTIMIZERS[name])]
    ]
    for other in places[1:]:
        np.testing.assert_allclose(places[0], other)
    adam, nadam = (
        [dict(c.options)["eps"] for c in drawn(n)] for n in ("adam", "nadam")
    )
    assert adam == nadam


def test_uniforms_differ_by_master_problem_and_name():
    streams = [
        uniforms(*key, 5)
        for key in ((0, "wine", "lr"), (1, "wine", "lr"), (0, "spiral", "lr"))
    ]
    streams.append(uniforms(0, "wine", "eps", 5))
    assert len({tuple(stream) for stream in streams}) == 4


def test_rates_are_log_uniform():
    logs = np.log10([c.lr for c in drawn("adamw", 4000)[1:]])
    counts, _ = np.histogram(logs, bins=8, range=decades(OPTIMIZERS["adamw"]))
    assert np.abs(counts - 500).max() < 100


def test_a_rule_that_nobody_knows_is_searched_over_six_decades():
    def of(lr):
        return decades(Optimizer("mine", keep, 1, "2026", {"lr": lr}))

    assert of(0.1) == of(1e-3) == tuple(np.log10(module.UNKNOWN)) == (-5.0, 1.0)
    assert of(1e-6) == pytest.approx((-7.0, 1.0))
    assert of(30.0) == pytest.approx((-5.0, np.log10(300)))


def test_a_range_is_widened_on_the_side_the_best_rate_lies():
    assert widened(10**-1.9, (-2, 2)) == (-3, 2)
    assert widened(10**1.9, (-2, 2)) == (-2, 3)
    assert widened(1e5, (-2, 2)) == (-2, 3) and widened(1e-5, (-2, 2)) == (-3, 2)
    assert widened(1.0, (-2, 2)) is None
    wide = drawn("sgd", searched=(-5.0, 1.0))
    assert min(c.lr for c in wide) < 1e-4
