"""A run within a time, by a made-up clock: what is run, left out, and said of it."""

import json

import pytest
from gradclinic.bench.errors import UsageError
from gradclinic.bench.execution.store import Store
from gradclinic.bench.forecast import CLOSING, Pace
from gradclinic.bench.studies import within
from gradclinic.bench.studies.suite import SuiteOptions, question_of
from gradclinic.bench.studies.within import Within, lacking, page_preset, planned
from gradclinic.scenarios import SCENARIOS

NAMES = ("divergence", "dead_relu", "vanishing_gradient")
# Processor seconds of each preset, as if on one core.
WORK = {
    "divergence": {True: 10.0, False: 40.0},
    "dead_relu": {True: 50.0, False: 90.0},
    "vanishing_gradient": {True: 10.0, False: 60.0},
}


@pytest.fixture
def suite(monkeypatch, tmp_path):
    """run(seconds, slower): within a time where all takes `slower` times as long."""

    class Suite:
        now, slower = 1000.0, 1.0

        def clock(self):
            return self.now

        def suite(self, options, progress):
            (name,) = options.scenarios
            self.now += self.slower * self.work(name)[options.quick]
            self.asked.append(options)
            preset = "quick" if options.quick else "full"
            return [{"scenario": name, "preset": preset, "missing_runs": 0}]

        def work(self, name, options=None):
            """The whole holds what a quick look has done."""
            done = WORK[name][True] if (name, True) in self.order else 0.0
            return {quick: work - done for quick, work in WORK[name].items()}

        def run(self, seconds, slower=1.0, quick=False, names=NAMES):
            self.slower, self.said, self.asked = slower, [], []
            told = Within(seconds, self.now, self.said.append, self.clock)
            options = SuiteOptions(names, tmp_path, quick=quick, jobs=1)
            return within.run_within(options, told, None, self.suite)

        @property
        def order(self):
            return [(asked.scenarios[0], asked.quick) for asked in self.asked]

    monkeypatch.setattr(within, "first_pace", Pace)
    made = Suite()
    monkeypatch.setattr(within, "work_of", made.work)
    return made


def test_what_fits_is_run_and_the_rest_is_said(suite):
    found = suite.run(60)
    assert suite.order == [("divergence", True), ("vanishing_gradient", True)]
    lacking = [(need.scenario, need.quick > 0) for need in found.left_out]
    assert lacking == [(name, name == "dead_relu") for name in NAMES]
    assert "divergence (quick look, 10 s)" in suite.said[0]
    assert suite.said[0].startswith("Within 60 s on one core")
    assert suite.said[1] == "Left out: dead_relu (50 s)."
    assert "quick look while it fits" in suite.said[2]
    assert found.closing[0] == "Used 20 s of the 60 s allowed."
    assert found.closing[1] == (
        "Left out for lack of time: divergence in full (30 s), dead_relu (50 s),"
        " vanishing_gradient in full (50 s). The same command goes on with them."
    )


def test_every_result_holds_what_was_chosen(suite):
    found = suite.run(60)
    contents = [result["budget"] for result in found.results]
    assert contents[0] == contents[1]
    content = contents[0]
    assert (content["seconds"], content["used"], content["cores"]) == (60, 20.0, 1)
    assert [each["scenario"] for each in content["ran"]] == [
        *("divergence", "vanishing_gradient"),
    ]
    assert [each["seconds"] for each in content["ran"]] == [10.0, 10.0]
    assert {each["preset"] for each in content["ran"]} == {"quick"}
    for each in content["ran"]:
        assert each["forecast"] == pytest.approx(10 + CLOSING[True], rel=0.2)
    _, left, _ = content["left_out"]
    assert left["title"] == SCENARIOS["dead_relu"].title
    assert 50 < left["quick"] < left["full"]


def test_what_is_left_over_runs_the_first_in_full(suite):
    suite.run(150)
    assert suite.order == [
        *(("dead_relu", True), ("vanishing_gradient", True), ("divergence", False)),
    ]
    suite.run(1000)
    assert {quick for _, quick in suite.order} == {False}
    suite.run(1000, quick=True)
    assert {quick for _, quick in suite.order} == {True}


def test_time_that_turns_out_to_be_left_runs_the_first_in_full(suite):
    """On a machine of twice the pace that was thought, in the same command."""
    found = suite.run(100, slower=0.5)
    looks = [(name, True) for name in NAMES]
    assert suite.order == [*looks, ("divergence", False), ("dead_relu", False)]
    assert [run["preset"] for run in found.results] == ["full", "full", "quick"]
    assert [run["scenario"] for run in found.results] == list(NAMES)
    (content,) = {json.dumps(run["budget"]) for run in found.results}
    ran = json.loads(content)["ran"]
    assert [(each["scenario"], each["preset"] == "quick") for each in ran] == (
        suite.order
    )
    assert found.used <= 100
    assert [need.scenario for need in found.left_out] == ["vanishing_gradient"]


@pytest.mark.parametrize("slower", [0.1, 0.3, 0.6, 1.0, 1.5])
@pytest.mark.parametrize("seconds", [100, 150, 200, 300])
def test_no_step_is_taken_twice_and_no_look_after_the_whole(suite, seconds, slower):
    suite.run(seconds, slower)
    assert len(set(suite.order)) == len(suite.order)
    for name in NAMES:
        presets = [quick for each, quick in suite.order if each == name]
        assert presets == sorted(presets, reverse=True)


def test_a_quick_look_whose_runs_failed_is_not_taken_again(suite, monkeypatch):
    monkeypatch.setattr(within, "work_of", lambda name, options: dict(WORK[name]))
    suite.run(400, slower=0.5)
    assert len(set(suite.order)) == len(suite.order)


@pytest.mark.parametrize("seconds", [30, 60, 90, 150, 250])
@pytest.mark.parametrize("slower", [0.5, 1.0, 1.5, 2.5])
def test_the_time_is_kept_whatever_the_machine(suite, seconds, slower):
    """But for the first scenario, which is all that is known of a machine's pace."""
    found = suite.run(seconds, slower)
    first = found.ran[0][1]
    assert found.used <= max(1.1 * seconds, first)


def test_a_faster_machine_runs_more_than_was_said(suite):
    found = suite.run(75, slower=0.3)
    assert {name for name, _ in suite.order} == set(NAMES) and not found.left_out
    assert found.closing == [f"Used {found.used:.0f} s of the 75 s allowed."]


def test_no_run_is_begun_after_the_time(suite):
    suite.run(60)
    for asked, before in zip(suite.asked, (0.0, 10.0), strict=True):
        assert asked.deadline <= 1060.0 - CLOSING[True]
        assert asked.deadline > 1000.0 + before


def test_too_little_time_is_one_sentence(suite):
    with pytest.raises(UsageError, match="the shortest, divergence, takes about 10 s"):
        suite.run(5)
    assert suite.asked == []


def test_where_only_the_whole_is_lacking_its_time_is_said(suite, monkeypatch):
    monkeypatch.setattr(within, "work_of", lambda *_: {True: 0.0, False: 40.0})
    with pytest.raises(UsageError, match="divergence, takes about 40 s"):
        suite.run(20)
    suite.run(60)
    assert suite.order == [("divergence", False)]
    left = "Left out: dead_relu in full (40 s), vanishing_gradient in full (40 s)."
    assert left in suite.said


def test_what_is_there_already_is_said(suite, monkeypatch):
    monkeypatch.setattr(within, "work_of", lambda *_: {True: 0.0, False: 0.0})
    found = suite.run(60)
    assert found.results == [] and found.left_out == []
    assert suite.said == ["All of it is in the folder already: nothing is run."]


def test_a_page_that_is_whole_is_known(tmp_path):
    path = tmp_path / "a.json"
    assert page_preset(path) is None
    for text, preset in (("[]", None), ("{", None), ('{"preset": "quick"}', "quick")):
        path.write_text(text)
        assert page_preset(path) == preset
    path.write_text(json.dumps({"preset": "full", "missing_runs": 3}))
    assert page_preset(path) is None


@pytest.mark.parametrize("quick", [True, False])
@pytest.mark.parametrize("name", SCENARIOS)
def test_all_runs_of_an_empty_folder_are_lacking(tmp_path, name, quick):
    options = SuiteOptions(out=tmp_path, quick=quick, device="cpu")
    assert lacking(name, options) == planned(name, quick) > 0
    assert planned(name, True) < planned(name, False) or quick


@pytest.mark.parametrize(
    ("page", "lacks", "wanted"),
    [
        (None, {True: 0, False: 0}, {True: True, False: True}),  # only to be drawn
        ("quick", {True: 0, False: 9}, {True: False, False: True}),
        ("quick", {True: 9, False: 9}, {True: True, False: True}),  # of other sources
        ("full", {True: 9, False: 0}, {True: False, False: False}),
        ("full", {True: 9, False: 9}, {True: True, False: True}),
    ],
)
def test_what_is_whole_in_the_folder_is_not_run(
    tmp_path, monkeypatch, page, lacks, wanted
):
    monkeypatch.setattr(within, "page_preset", lambda path: page)
    monkeypatch.setattr(within, "lacking", lambda name, how: lacks[how.quick])
    found = within.work_of("divergence", SuiteOptions(out=tmp_path))
    assert {quick: seconds > 0 for quick, seconds in found.items()} == wanted


def test_stored_runs_are_not_lacking_unless_they_failed(tmp_path):
    options = SuiteOptions(out=tmp_path, quick=True, device="cpu")
    question = question_of(SCENARIOS["divergence"], options)
    task = question.tasks()[0]
    before = planned("divergence", True)
    with Store(tmp_path / "runs.sqlite") as store:
        store.put(task.run(seed) for seed in task.seeds[:3])
        store.put([task.run(task.seeds[3], status="failed", reason="a reason")])
    assert lacking("divergence", options) == before - 3
