"""`gradclinic compare`: what is printed, written and returned; bad input."""

import json

import pytest
from gradclinic.bench.commands import main

from .made import drawn, places, result, stored

SEEDS, OTHERS = range(10), range(1000, 1010)


@pytest.fixture
def folders(tmp_path):
    """Three folders: a result, one where a fix helps more, the first one again."""
    before = result(drawn("l2", 0.3, SEEDS))
    after = result(drawn("l2", 0.9, OTHERS, master=1), seed=1)
    return [
        stored(tmp_path / name, content)
        for name, content in (("a", before), ("b", after), ("c", before))
    ]


def compare(folder, *words):
    return main(["compare", *map(str, words), "--out", str(folder / "out")])


@pytest.mark.parametrize(
    ("fail_on", "places", "code"),
    [
        ((), (0, 1), 0),
        (("changed",), (0, 1), 1),
        (("shown",), (0, 1), 1),
        (("changed", "shown"), (0, 2), 0),
        (("changed",), (0, 2, 1), 1),
    ],
)
def test_it_ends_with_one_only_where_asked_and_changed(
    folders, tmp_path, fail_on, places, code
):
    options = [word for name in fail_on for word in ("--fail-on", name)]
    assert compare(tmp_path, *[folders[k] for k in places], *options) == code


def test_a_verdict_alone_is_changed_but_not_shown(folders, tmp_path):
    content = result(drawn("l2", 0.3, SEEDS) | {"verdict": "relieved"})
    other = stored(tmp_path / "d", content)
    assert compare(tmp_path, folders[0], other, "--fail-on", "shown") == 0
    assert compare(tmp_path, folders[0], other, "--fail-on", "changed") == 1


def test_it_says_what_changed_and_where_the_page_is(folders, tmp_path, capsys):
    assert compare(tmp_path, *folders) == 0
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert lines[0] == f"{folders[0]} and {folders[1]}:" and not err
    assert "  Master seed: 0 / 1" in lines and "  Overfitting: changed" in lines
    assert any("L2: cured; helps more, x0.5" in line for line in lines)
    assert "  Overfitting: nothing changed" in lines
    assert lines[-2] == "1 effect changed."
    assert lines[-1] == f"The page is {(tmp_path / 'out' / 'compare.html').resolve()}"


def test_json_is_printed_alone_and_written_beside_the_page(folders, tmp_path, capsys):
    assert compare(tmp_path, *folders[:2], "--json") == 0
    out, err = capsys.readouterr()
    written = json.loads((tmp_path / "out" / "compare.json").read_text())
    assert json.loads(out) == written and "1 effect changed." in err
    assert written["command"].startswith(f"gradclinic compare {folders[0]}")


def test_one_folder_the_same_twice_and_none_are_wrong_usage(folders, tmp_path, capsys):
    for words in ([], [folders[0]], [folders[0], folders[0] / ".." / "a"]):
        assert compare(tmp_path, *words) == 2
        assert capsys.readouterr().err.strip().count("\n") == 0


@pytest.mark.parametrize("kind", ["missing", "file", "empty", "damaged", "newer"])
def test_a_folder_without_results_is_bad_data(folders, tmp_path, capsys, kind):
    bad = tmp_path / "bad"
    if kind == "file":
        bad.write_text("x")
    elif kind != "missing":
        bad.mkdir()
    if kind == "damaged":
        (bad / "overfitting.json").write_text('{"schema": 1,')
    if kind == "newer":
        stored(bad, result() | {"schema": 9})
    assert compare(tmp_path, folders[0], bad) == 4
    said = capsys.readouterr().err.strip()
    assert said and "\n" not in said and str(bad) in said


def test_folders_that_share_nothing_are_bad_data(folders, tmp_path, capsys):
    other = stored(tmp_path / "d", places({"adam": (1, 1, 1)}))
    assert compare(tmp_path, folders[0], other) == 4
    assert "share no scenario" in capsys.readouterr().err
    assert not (tmp_path / "out" / "compare.html").exists()


def test_a_scenario_that_only_one_holds_is_told(folders, tmp_path, capsys):
    stored(folders[1], result(name="slow_training"))
    assert compare(tmp_path, *folders[:2]) == 0
    assert f"only in {folders[1]}: slow_training" in capsys.readouterr().out
