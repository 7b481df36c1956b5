"""The expected duration: the sum of what was measured, or nothing."""

import pytest
from gradclinic.bench import durations, make_durations
from gradclinic.bench.durations import WHOLE, expected, in_words, measured
from gradclinic.scenarios import SCENARIOS

FIGURES = {
    "host": "2 cores (Example 3000)",
    "date": "March 2026",
    "run": {"quick": {"a": 31.0, "b": 28.0}},
    "optimizers": {"quick": {WHOLE: 240.0}},
}


@pytest.fixture
def figures(tmp_path, monkeypatch):
    path = tmp_path / "durations.toml"
    path.write_text(make_durations.as_toml(FIGURES))
    monkeypatch.setattr(durations, "FILE", path)
    monkeypatch.setattr(make_durations, "FILE", path)


def test_what_is_written_reads_back(figures):
    assert measured() == FIGURES


def test_scenarios_add_up(figures):
    assert expected("run", True, ("a", "b"), cores=2) == [
        "This takes about 30 s on 2 cores: 60 s of processor time, as measured on"
        " 2 cores (Example 3000), March 2026; less where runs are stored."
    ]
    assert "about 4 min on one core" in expected("optimizers", True, cores=1)[0]


@pytest.mark.parametrize(
    ("command", "quick", "names"),
    [("run", True, ("a", "new")), ("run", False, ("a",)), ("run", True, ())],
)
def test_nothing_is_said_of_what_was_not_measured(figures, command, quick, names):
    assert expected(command, quick, names) == []


def test_without_a_file_nothing_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(durations, "FILE", tmp_path / "none.toml")
    assert expected("run", True, ("a",)) == []


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(3, "10 s"), (94, "90 s"), (101, "2 min"), (1700, "28 min"), (5400, "1.5 h")],
)
def test_durations_are_said_coarsely(seconds, said):
    assert in_words(seconds) == said


def test_the_stored_figures_are_of_what_there_is():
    found = measured()
    assert set(found["run"]["quick"]) <= {*SCENARIOS, WHOLE}
    assert all(s > 0 for table in found["run"].values() for s in table.values())


def test_the_maker_measures_what_is_asked_and_keeps_the_rest(figures, monkeypatch):
    asked = []
    monkeypatch.setattr(
        make_durations, "seconds_of", lambda *what: asked.append(what) or 12.34
    )
    make_durations.main(["run.full"])
    assert asked == [("run", name, "full") for name in (*SCENARIOS, WHOLE)]
    assert measured()["run"]["quick"] == FIGURES["run"]["quick"]
    assert measured()["run"]["full"] == dict.fromkeys((*SCENARIOS, WHOLE), 12.3)
