"""The noise while runs were timed is stored with them, and they are judged by it."""

from contextlib import nullcontext
from dataclasses import asdict, replace
from itertools import count

import pytest
from gradclinic.bench.execution import schedule
from gradclinic.bench.execution.record import Run
from gradclinic.bench.execution.schedule import Resources, complete
from gradclinic.bench.execution.store import Store
from gradclinic.bench.execution.task import Condition, Task
from gradclinic.bench.execution.watched import signs_of, was_quiet, with_signs
from gradclinic.bench.measurement.noise import Signs
from gradclinic.bench.studies.evidence import Evidence
from gradclinic.bench.studies.price import noise_of
from gradclinic.scenarios import SCENARIOS, Dataset, Trial

QUIET = Signs(0.001, 0.2, 2, 0.01)
STOLEN, BUSY, DRIFTED = (
    replace(QUIET, **sign) for sign in ({"steal": 0.2}, {"others": 1.9}, {"drift": 0.3})
)
NOISY = {"steal": STOLEN, "others": BUSY, "drift": DRIFTED}
RUN = Run("k", "s", "f", "price", 0, values={"seconds_per_epoch": 0.5})
TRIAL = Trial(Dataset("digits", rows=32, validation=16, test=16), hidden=(4,), epochs=1)
ONE, AGAIN = Resources(1, 1), Resources(1, 1, retime=True)


def silent(done, total, text):
    pass


def a_task(fix, kind, seeds=(0,), scenario="s"):
    return Task(Condition(scenario, fix, "fix", TRIAL), seeds, kind)


@pytest.fixture
def host(monkeypatch):
    """Runs cost nothing; the signs of each lap come from the list that is given."""
    coming, numbers = [], count()

    class Laps:
        def signs(self):
            return coming.pop(0) if coming else QUIET

    def run(task, *_):
        return [task.run(s, values={"number": next(numbers)}) for s in task.seeds]

    def together(tasks):
        return [made for task in tasks for made in run(task)]

    monkeypatch.setattr(schedule, "Laps", Laps)
    monkeypatch.setattr(schedule, "GuardedServer", lambda **how: nullcontext())
    for name in ("run_training", "run_guarded"):
        monkeypatch.setattr(schedule, name, run)
    for name in ("run_timing", "run_pricing"):
        monkeypatch.setattr(schedule, name, together)
    return coming


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "runs.sqlite") as store:
        yield store


@pytest.mark.parametrize(
    "signs", [QUIET, *NOISY.values(), Signs(None, None, 4, 0.0)], ids=str
)
def test_a_run_tells_the_noise_from_the_store(store, signs):
    store.put([with_signs(RUN, signs)])
    stored = store.get("k")
    assert signs_of(stored) == signs
    assert stored.values["seconds_per_epoch"] == 0.5
    assert was_quiet(stored) == (signs not in NOISY.values())


def test_a_run_that_nobody_watched_is_not_known_to_be_quiet():
    assert signs_of(RUN) is None and not was_quiet(RUN)


@pytest.mark.parametrize("kind", ["time", "price", "guard"])
@pytest.mark.parametrize("lap", [-1, 1000], ids=["long", "short"])
def test_runs_timed_together_hold_the_noise_of_their_own_time(
    store, host, kind, lap, monkeypatch
):
    """A long sitting is a lap of its own; short ones share one, and its noise."""
    monkeypatch.setattr(schedule, "LAP", lap)
    host[:] = [STOLEN, QUIET, DRIFTED] if lap < 0 else [STOLEN]
    tasks = [
        a_task("a", kind, (0, 1)),
        a_task("b", kind, (0, 1)),
        a_task("a", kind, (0,), "t"),
    ]
    complete(tasks, store, ONE, silent)
    found = {(run.scenario, run.fix, run.seed): signs_of(run) for run in store.runs()}
    if lap > 0:
        assert set(found.values()) == {STOLEN} and len(found) == 5
        return
    assert found == {
        ("s", "a", 0): STOLEN,
        ("s", "b", 0): STOLEN,
        ("s", "a", 1): QUIET,
        ("s", "b", 1): QUIET,
        ("t", "a", 0): DRIFTED,
    }


def test_the_guarded_server_warms_up_beside_trainings_and_before_what_is_timed(
    store, host, monkeypatch
):
    told = []

    class Server:
        def __init__(self, warm_up):
            told.append("begun")

        def __enter__(self):
            return self

        def __exit__(self, *_):
            told.append("ended")

        def settle(self):
            told.append("settled")

    def noted(name):
        run = getattr(schedule, name)
        return lambda *asked: (told.append(name), run(*asked))[1]

    monkeypatch.setattr(schedule, "GuardedServer", Server)
    names = ("run_training", "run_timing", "run_guarded")
    for name in names:
        monkeypatch.setattr(schedule, name, noted(name))
    complete([a_task("a", "train"), a_task("b", "time")], store, ONE, silent)
    assert told == ["run_training", "run_timing"]  # nobody asked for a server
    told.clear()
    kinds = ("guard", "train", "time")
    complete([a_task("c", kind) for kind in kinds], store, ONE, silent)
    train, timed, guarded = names
    assert told == ["begun", train, "settled", timed, guarded, "ended"]


def test_what_is_trained_side_by_side_is_not_watched(store, host):
    complete([a_task("a", "train")], store, ONE, silent)
    (run,) = store.runs()
    assert signs_of(run) is None


def numbers(store):
    return {run.fix: run.values["number"] for run in store.runs()}


@pytest.mark.parametrize("kind", ["time", "price", "guard"])
@pytest.mark.parametrize("signs", NOISY.values(), ids=NOISY)
def test_what_was_timed_on_a_noisy_host_stays_so_until_it_is_timed_again(
    store, host, kind, signs
):
    host[:] = [signs]
    tasks = [a_task("a", kind), a_task("b", kind)]
    complete(tasks, store, ONE, silent)
    before = numbers(store)
    assert complete(tasks, store, ONE, silent) == 0
    assert {signs_of(run) for run in store.runs()} == {signs}
    assert complete(tasks, store, AGAIN, silent) == 2
    assert {signs_of(run) for run in store.runs()} == {QUIET}
    after = numbers(store)
    assert not set(before.values()) & set(after.values())
    assert complete(tasks, store, AGAIN, silent) == 0


def test_what_was_trained_is_never_timed_again(store, host):
    task = a_task("a", "train")
    complete([task], store, ONE, silent)
    assert complete([task], store, AGAIN, silent) == 0


@pytest.mark.parametrize(("kind", "again"), [("time", 2), ("price", 2), ("guard", 1)])
def test_what_is_compared_in_a_sitting_is_timed_again_together(
    store, host, kind, again
):
    tasks = [a_task("a", kind), a_task("b", kind)]
    complete(tasks, store, ONE, silent)
    (run,) = (run for run in store.runs() if run.fix == "a")
    store.put([with_signs(run, STOLEN)])
    assert complete(tasks, store, AGAIN, silent) == again


def evidence(prices=(), beside=(), name="overfitting"):
    """Runs of a scenario whose conditions were priced, or took turns themselves."""
    known = {q.name: q for s in SCENARIOS.values() for q in (s, *s.parts)}
    runs = {("fix", "f"): dict(enumerate(beside))}
    return Evidence(known[name], runs, 0, dict(enumerate(prices)))


def runs(*signs):
    return [RUN if each is None else with_signs(RUN, each) for each in signs]


@pytest.mark.parametrize("signs", NOISY.values(), ids=NOISY)
@pytest.mark.parametrize("name", ["memory_pressure", "slow_training.seconds"])
def test_times_are_judged_by_the_noise_that_is_stored_with_them(signs, name):
    found = noise_of([evidence(runs(QUIET, QUIET)), evidence(runs(QUIET, signs))])
    assert found == signs.noise() and found.noisy
    whole = evidence(beside=runs(QUIET, signs), name=name)
    assert noise_of([whole]) == signs.noise()
    assert not noise_of([evidence(runs(QUIET, QUIET))]).noisy


def test_reasons_are_told_once_for_each_sign():
    found = noise_of([evidence(runs(*NOISY.values(), replace(STOLEN, steal=0.5)))])
    assert len(found.reasons) == 3
    assert "Other virtual machines took 50.0 % of the time." in found.reasons


def test_times_that_nobody_watched_are_not_taken_for_quiet():
    found = noise_of([evidence(runs(QUIET)), evidence(runs(None))])
    assert found.noisy
    assert found.reasons == ("Nobody watched the host while some of them were taken.",)


def test_trainings_side_by_side_are_no_times_to_judge():
    assert noise_of([evidence(beside=runs(None, None))]) is None


def test_every_sign_is_kept():
    told = with_signs(RUN, QUIET).values
    assert {name: told[f"host_{name}"] for name in asdict(QUIET)} == asdict(QUIET)
