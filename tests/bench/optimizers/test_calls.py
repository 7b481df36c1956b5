"""What the checks, the targets and the comparison with torch hand on; no training."""

import json
import sys
import tomllib
from collections import Counter
from dataclasses import replace
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from gradclinic.bench.errors import BadData
from gradclinic.bench.execution.entrant import registered
from gradclinic.bench.studies.optimizers import beside_torch, checks, make_targets
from gradclinic.bench.studies.optimizers import gate as gating
from gradclinic.bench.studies.optimizers.settings import StudySettings
from gradclinic.scenarios.problems import PROBLEMS

TASKS = ("wine", "digits_softmax")
SETTINGS = StudySettings(
    tuple(registered(name) for name in ("sgd", "adamw")),
    tuple(PROBLEMS[name] for name in TASKS),
    budgets=(1, 4),
    seeds=10,
    master=2,
)


class Costs:
    """In the place of `costs_of`: runs of each optimizer by a level of its own.

    level: {name: factor}; noise: how far seeds scatter, drawn anew for each master.
    """

    def __init__(self, noise=0.05, **level):
        self.level, self.noise, self.asked = level, noise, []

    def __call__(self, settings, target="value"):
        self.asked.append((settings, target))
        rng = np.random.default_rng(settings.master)
        shape = len(settings.problems), settings.seeds
        drawn = np.exp(rng.normal(0, self.noise, shape))
        names = [entrant.name for entrant in settings.entrants]
        return np.array([100.0 * self.level.get(n, 1.0) * drawn for n in names])


@pytest.fixture
def costs(monkeypatch):
    def give(**how):
        made = Costs(**how)
        monkeypatch.setattr(checks, "costs_of", made)
        return made

    return give


def test_costs_are_those_of_the_largest_budget(monkeypatch):
    seen = []
    monkeypatch.setattr(checks, "run_study", lambda *a: seen.append(a) or "made")
    monkeypatch.setattr(checks, "cost_array", lambda *a: ("costs", *a))
    found = checks.costs_of(SETTINGS, "easy")
    assert found == ("costs", "made", 1, "evaluations", "easy")
    assert checks.costs_of(SETTINGS)[-1] == "value"
    (settings, progress), _ = seen
    assert settings is SETTINGS and progress(0, 1, "text") is None


def test_an_alias_that_costs_the_same_ties(costs):
    asked = costs()
    passes, said = checks.alias_ties(SETTINGS)
    assert passes
    (one, _), (other, _) = asked.asked
    for settings in (one, other):
        assert [e.name for e in settings.entrants] == ["adamw", "adamw_again"]
        first, second = settings.entrants
        assert first.optimizer is second.optimizer
    assert one.problems == SETTINGS.problems
    assert (one.master, other.master) == (2, 102)
    share = float(said.partition("P = ")[2])
    assert 0.2 < share < 0.8 and said.startswith("AdamW beats itself")


@pytest.mark.parametrize("factor", [0.5, 2.0, 1.001])
def test_an_alias_that_costs_something_else_does_not(costs, factor):
    costs(adamw_again=factor)
    assert not checks.alias_ties(SETTINGS)[0]


def test_an_alias_must_not_be_better_on_other_seeds(costs, monkeypatch):
    made = costs()

    def other_master(settings, target="value"):
        found = made(settings, target)
        return found * (0.1 if settings.master == 102 else 1.0)

    monkeypatch.setattr(checks, "costs_of", other_master)
    assert not checks.alias_ties(SETTINGS)[0]


@pytest.mark.parametrize(
    ("levels", "passes"),
    [
        ({"random_direction": np.inf}, True),
        ({"random_direction": 9.0}, True),
        ({}, False),
        ({"sgd": 9.0}, False),
        ({"random_direction": 0.1}, False),
    ],
)
def test_a_random_direction_must_be_last_alone(costs, levels, passes):
    asked = costs(**levels)
    found, said = checks.random_is_last(SETTINGS)
    assert found == passes
    assert [target for _, target in asked.asked] == ["value", "easy"]
    for settings, _ in asked.asked:
        names = [entrant.name for entrant in settings.entrants]
        assert names == ["sgd", "adamw", "random_direction"]
    if passes:
        assert said == "places 3 (3 to 3), 3 (3 to 3) of 3, by target"


def test_a_random_direction_must_be_last_to_both_targets(costs, monkeypatch):
    last, first = Costs(random_direction=9.0), Costs(random_direction=0.1)
    for bad in ("value", "easy"):
        monkeypatch.setattr(
            checks,
            "costs_of",
            lambda settings, target, bad=bad: (first if target == bad else last)(
                settings
            ),
        )
        assert not checks.random_is_last(SETTINGS)[0]


def test_a_random_direction_goes_either_way_by_the_rate():
    p = np.zeros(400, np.float32)
    for step in (1, 2):
        before = p.copy()
        checks.random_update(p, None, None, np.array([0.25]), step, None)
        moved = p - before
        assert set(moved) == {-0.25, 0.25} and abs(moved.mean()) < 0.05
    again = np.zeros(400, np.float32)
    checks.random_update(again, None, None, np.array([0.25]), 1, None)
    np.testing.assert_array_equal(again, before)
    assert not np.array_equal(moved, before)
    rule = checks.RANDOM.optimizer
    assert (rule.slots, rule.defaults) == (0, {"lr": 0.01})
    assert checks.RANDOM.name == rule.name == "random_direction"


@pytest.mark.parametrize("masters", [(0, 1, 2), (5, 6)])
def test_baselines_are_asked_of_every_master(costs, masters):
    asked = costs(adamw=0.5)
    passes, said = checks.baselines_are_stable(SETTINGS, masters)
    assert passes and [s.master for s, _ in asked.asked] == list(masters)
    assert all(s.entrants is SETTINGS.entrants for s, _ in asked.asked)
    places = [", ".join(len(masters) * [f"{k} ({k} to {k})"]) for k in (2, 1)]
    assert said == f"sgd {places[0]}; adamw {places[1]}"
    if masters == checks.MASTERS:
        assert checks.baselines_are_stable(SETTINGS) == (passes, said)


def test_a_baseline_whose_places_have_nothing_in_common_is_not_stable(monkeypatch):
    def turning(settings, target="value"):
        return Costs(adamw=0.5 if settings.master else 2.0)(settings)

    monkeypatch.setattr(checks, "costs_of", turning)
    assert not checks.baselines_are_stable(SETTINGS)[0]
    assert checks.baselines_are_stable(SETTINGS, (1, 2))[0]


@pytest.mark.parametrize(
    ("differences", "passes"),
    [
        ((0.0, 0.0), True),
        ((0.02, -0.02), True),
        ((0.021, 0.0), False),
        ((0.0, -0.021), False),
    ],
)
def test_rates_may_be_off_by_the_tolerance(monkeypatch, differences, passes):
    rows = [
        {"optimizer": f"rule {k}", "measured": 0.9, "theory": 0.95, "difference": d}
        for k, d in enumerate(differences)
    ]
    monkeypatch.setattr(checks, "convergence_rates", lambda: rows)
    found, said = checks.rates_match()
    assert found == passes
    assert said == "; ".join(f"rule {k} 0.90000, theory 0.95000" for k in (0, 1))


@pytest.mark.parametrize("failing", [(), (1,), (0, 3)])
def test_the_command_prints_every_check_and_fails_with_one(
    monkeypatch, capsys, tmp_path, failing
):
    seen = []
    names = ("rates_match", "alias_ties", "random_is_last", "baselines_are_stable")
    for k, name in enumerate(names):

        def check(*given, k=k):
            seen.append(given)
            return k not in failing, f"figures {k}"

        monkeypatch.setattr(checks, name, check)
    assert checks.main(tmp_path) == (1 if failing else 0)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    for k, line in enumerate(lines):
        assert line.startswith("FAILED " if k in failing else "ok     ")
        assert line.endswith(f": figures {k}")
    (), *rest = seen
    assert len(rest) == 3
    for (settings,) in rest:
        assert [e.name for e in settings.entrants] == list(checks.BASELINES)
        assert settings.problems == tuple(PROBLEMS.values())
        assert settings.sweep == 0 and settings.out == tmp_path
        assert settings.threads == checks.available_threads()


@pytest.fixture
def making(monkeypatch, tmp_path):
    """Rows are made of what `target_row` was called with; the file is another."""
    seen = []

    def target_row(problem, settings, store):
        seen.append((problem.name, settings, store.path))
        return {"task": "t", "easy": 1.5, "targets": {"1": float("inf")}}

    monkeypatch.setattr(make_targets, "target_row", target_row)
    monkeypatch.setattr(make_targets, "FILE", tmp_path / "targets.toml")
    monkeypatch.setattr(make_targets, "available_threads", lambda: 3)
    return seen


@pytest.mark.parametrize("names", [(), ("wine",), ("wine", "spiral_mlp")])
def test_only_the_targets_that_are_named_are_made_anew(making, capsys, names):
    known = dict(make_targets.targets_file()["problems"])
    names = [name for name in names if name in PROBLEMS]
    make_targets.main(names)
    asked = names or list(PROBLEMS)
    assert [name for name, *_ in making] == asked
    text = make_targets.FILE.read_text(encoding="utf-8")
    content = tomllib.loads(text)
    made = {"task": "t", "easy": 1.5, "targets": {"1": float("inf")}}
    rows = content.pop("problems")
    assert list(rows) == list(PROBLEMS)
    for name, row in rows.items():
        assert row == (made if name in asked else known[name])
    assert content["version"] == make_targets.VERSION
    assert content["baselines"] == list(make_targets.BASELINES)
    budgets = list(make_targets.FROZEN)
    assert content["budgets"] == budgets and content["trials"] == budgets[-1]
    assert content["seeds"] == make_targets.SEEDS
    assert content["share_of_budget"] == make_targets.SHARE
    assert content["gradclinic"] and len(content["made"]) == len("2026-01-01")
    printed = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in printed] == asked


def test_targets_are_tuned_on_seeds_that_no_study_has(making):
    make_targets.main(["wine"])
    ((_, settings, _),) = making
    names = [entrant.name for entrant in settings.entrants]
    assert names == list(make_targets.BASELINES)
    assert settings.problems == tuple(PROBLEMS.values())
    assert settings.budgets == make_targets.FROZEN and settings.sweep == 0
    assert (settings.seeds, settings.threads) == (make_targets.SEEDS, 3)
    assert settings.master == make_targets.MOST_MASTER + 1


class Searched:
    """In the place of `Tuning`: trains two jobs, and chooses the second one."""

    extended = 1

    def __init__(self, optimizer, problem, settings, train):
        self.about, self.train = (optimizer, problem, settings), train

    def searched(self):
        self.trials = self.train("trial", [({"lr": 0.1}, 1), ({"lr": 0.2}, 1)])
        chosen = SimpleNamespace(configuration=SimpleNamespace(options=(("lr", 0.2),)))
        self.tuned = [None, chosen]
        Searched.made = self
        return self


def test_a_side_is_tuned_and_run_on_the_fresh_seeds(monkeypatch):
    seen = []

    def trainer(problem, entrant, role, jobs, threads):
        seen.append((problem, entrant, role, jobs, threads))
        return [("run", role, *job) for job in jobs.values()]

    monkeypatch.setattr(beside_torch, "Tuning", Searched)
    monkeypatch.setattr(beside_torch, "settled_of", lambda run: ("settled", run))
    settings = replace(SETTINGS, threads=3)
    wine, adamw = PROBLEMS["wine"], registered("adamw")
    found = beside_torch.tuned(wine, adamw, settings, trainer)
    assert Searched.made.about == (adamw.optimizer, wine, settings)
    trial, fresh = seen
    jobs = {"0": ({"lr": 0.1}, 1), "1": ({"lr": 0.2}, 1)}
    assert trial == (wine, adamw, "trial", jobs, 3)
    chosen = [({"lr": 0.2}, seed) for seed in settings.fresh_seeds]
    assert fresh[:3] == (wine, adamw, "fresh") and fresh[4] == 3
    assert list(fresh[3].values()) == chosen and len(set(fresh[3])) == len(chosen)
    assert found == {
        "hyper": {"lr": 0.2},
        "extended": 1,
        "settled": [("settled", ("run", "fresh", *job)) for job in chosen],
    }


@pytest.mark.parametrize(
    ("theirs", "same"),
    [
        ([1.0, 2.0, 3.0], True),
        ([2.0, 2.5, 9.0], True),
        ([2.1, 2.2, 2.3], False),
        ([0.1, 9.0, 9.0], False),
        ([4.0, 5.0, 6.0], False),
    ],
)
def test_both_medians_must_lie_within_the_other_side_s_losses(
    monkeypatch, theirs, same
):
    sides = {"our trainer": [1.0, 2.0, 3.0], "their trainer": theirs}
    monkeypatch.setattr(beside_torch, "trained", "our trainer")
    monkeypatch.setattr(
        beside_torch, "tuned", lambda p, e, s, trainer: {"settled": sides[trainer]}
    )
    row = beside_torch.compared(
        PROBLEMS["wine"], registered("adamw"), SETTINGS, "their trainer"
    )
    assert (row["problem"], row["optimizer"]) == ("wine", "adamw")
    assert row["medians"] == [2.0, np.median(theirs)] and row["same"] == same
    assert row["ours"] == {"settled": [1.0, 2.0, 3.0]}
    assert row["theirs"] == {"settled": theirs} and 0 < row["p"] <= 1


@pytest.mark.parametrize("differing", [None, ("wine", "adam")])
def test_the_comparison_with_torch_is_written_and_fails_on_a_difference(
    monkeypatch, capsys, tmp_path, differing
):
    seen = []
    torch = ModuleType("torch_training")
    torch.RULES = {"adam": "Adam of torch", "adamw": "AdamW of torch"}
    torch.torch_trained = lambda rule, *given: (rule, *given)
    name = "gradclinic.bench.studies.optimizers.torch_training"
    monkeypatch.setitem(sys.modules, name, torch)

    def compared(problem, entrant, settings, theirs):
        seen.append((problem.name, entrant.name, settings, theirs("x")))
        pair = (problem.name, entrant.name)
        return {"same": pair != differing, "pair": list(pair)}

    monkeypatch.setattr(beside_torch, "compared", compared)
    monkeypatch.setattr(beside_torch, "said", lambda row: f"said {row['pair']}")
    monkeypatch.setattr(beside_torch, "available_threads", lambda: 3)
    monkeypatch.setattr(beside_torch, "package_version", lambda name: f"{name} 1")
    path = tmp_path / "result.json"
    assert beside_torch.main(path) == (1 if differing else 0)
    pairs = [(p, o) for p in beside_torch.TASKS for o in beside_torch.RULES]
    assert [(p, o) for p, o, *_ in seen] == pairs
    for _, rule, settings, theirs in seen:
        assert theirs == (torch.RULES[rule], "x")
        assert settings.budgets == (1, beside_torch.TRIALS) and settings.threads == 3
        assert [e.name for e in settings.entrants] == list(beside_torch.RULES)
        assert [p.name for p in settings.problems] == list(beside_torch.TASKS)
    content = json.loads(path.read_text(encoding="utf-8"))
    assert [tuple(row["pair"]) for row in content["rows"]] == pairs
    assert content["versions"] == {"gradclinic": "gradclinic 1", "torch": "torch 1"}
    assert content["trials"] == beside_torch.TRIALS
    assert content["seeds"] == seen[0][2].seeds and len(content["made"]) == 10
    said = Counter(capsys.readouterr().out.splitlines())
    assert said == Counter(f"said {list(pair)}" for pair in pairs)


class Gated:
    """In the place of the gate's trainings: curves that end at what is listed.

    last: the validation loss at each rate, of a first training loss of 2; moved: what
    the second training's parameters differ by; epochs, first: of the default rate.
    """

    def __init__(self, last, moved=0.0, epochs=100, first=2.0):
        self.last, self.moved, self.epochs, self.first = last, moved, epochs, first
        self.asked = []

    def __call__(self, net, x, y, **how):
        self.asked.append(how | {"net": net, "x": x, "y": y})
        runs, middle = len(how["lr"]), len(how["lr"]) // 2
        train, epochs = np.full((runs, 100), 7.0), np.full(runs, 100)
        train[middle, 0], epochs[middle] = self.first, self.epochs
        val = np.full((runs, 100), 9.0)
        val[:, -1] = self.last
        moved = self.moved if len(self.asked) == 2 else 0.0
        return SimpleNamespace(
            train_loss=train, val_loss=val, epochs=epochs, params=np.ones(3) + moved
        )


NINE = [np.nan, 1.0, 0.02, 0.01, 1.0, 0.5, np.inf, 3.0, 4.0]


@pytest.fixture
def gated(monkeypatch):
    def give(last=NINE, **how):
        made = Gated(last, **how)
        monkeypatch.setattr(gating, "train_population", made)
        return made

    return give


def test_the_gate_tries_rates_around_the_default_twice(gated):
    asked = gated()
    adamw = registered("adamw")
    found = gating.gate(adamw, threads=3)
    # The fourth of nine rates, half a decade apart, the default in their middle.
    assert found == {
        "deterministic": True,
        "remaining": 0.005,
        "lr": pytest.approx(1e-3 * 10**-0.5),
    }
    first, second = asked.asked
    rows = gating.split(gating.QUADRATIC.trial.data, gating.DATA_SEED)
    for how in (first, second):
        assert how["optimizer"] is adamw.optimizer and how["threads"] == 3
        np.testing.assert_allclose(how["lr"], 1e-3 * 10.0 ** np.arange(-2, 2.5, 0.5))
        assert (how["batch_size"], how["epochs"]) == (32, 100)
        assert set(how["seeds"]) == {0} and len(how["seeds"]) == len(how["lr"])
        assert how["x"] is rows.x_train and how["y"] is rows.y_train
        assert how["validation"] == (rows.x_val, rows.y_val)
        (node,) = how["net"].nodes
        assert (node.inputs, node.outputs, how["net"].loss) == (10, 1, "mse")


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (
            {"last": [0.021] * 9},
            "of 9 learning rates leaves 0.0105 of the loss; at most",
        ),
        ({"last": [np.nan] * 9}, "of 9 learning rates leaves inf of the loss"),
        ({"moved": 1e-6}, "the same seeds do not give the same result twice"),
        ({"moved": np.nan}, "the same seeds do not give the same result twice"),
        ({"first": np.nan}, "give NaN or infinity"),
        ({"epochs": 1}, "give NaN or infinity"),
    ],
    ids=str,
)
def test_what_does_not_pass_the_gate_is_told_where_it_is_declared(gated, how, said):
    gated(**how)
    with pytest.raises(BadData, match="adamw") as raised:
        gating.gate(registered("adamw"), threads=1)
    assert said in str(raised.value)


def test_a_share_of_a_hundredth_passes_the_gate(gated):
    gated(last=[0.02] * 9, epochs=2)
    assert gating.gate(registered("adamw"), threads=1)["remaining"] == 0.01


def test_the_gate_s_problem_is_well_conditioned_and_without_noise():
    rows = gating.split(gating.QUADRATIC.trial.data, gating.DATA_SEED)
    x = rows.x_train.astype(float)
    assert x.shape == (256, 10) and len(rows.x_val) == 256
    assert np.linalg.cond(x.T @ x) == pytest.approx(10, rel=0.5)
    design = np.column_stack([x, np.ones(256)])
    _, left, *_ = np.linalg.lstsq(design, rows.y_train.astype(float), rcond=None)
    assert left.sum() < 1e-6
