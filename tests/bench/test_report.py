"""`gradclinic report` on a folder with a profile: its page is drawn again."""

import json

import pytest
from gradclinic.bench.commands import main

PROFILE = {"schema": 1, "kind": "profile", "command": "gradclinic profile"}


def stored(folder, content):
    (folder / "profile.json").write_text(json.dumps(content))
    return folder


def test_a_profile_alone_is_drawn_again(tmp_path, capsys):
    assert main(["report", str(stored(tmp_path, PROFILE))]) == 0
    assert "Nothing was compared." in (tmp_path / "profile.html").read_text()
    assert not (tmp_path / "index.html").exists()
    assert str(tmp_path / "profile.html") in capsys.readouterr().out


def test_its_numbers_are_printed(tmp_path, capsys):
    assert main(["report", str(stored(tmp_path, PROFILE)), "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out) == [PROFILE]
    assert "profile.html" in err


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (PROFILE | {"schema": 2}, "newer gradclinic"),
        (PROFILE | {"kind": "other"}, "not a result of gradclinic profile"),
        (["profile"], "not a result of gradclinic profile"),
    ],
)
def test_a_file_that_is_no_profile_is_named(tmp_path, capsys, content, words):
    assert main(["report", str(stored(tmp_path, content))]) == 4
    assert words in capsys.readouterr().err


def test_a_broken_file_is_named(tmp_path, capsys):
    (tmp_path / "profile.json").write_text('{"schema": ')
    assert main(["report", str(tmp_path)]) == 4
    assert "make it again by gradclinic profile" in capsys.readouterr().err


def test_a_history_is_drawn_again_though_its_schema_is_another(tmp_path, monkeypatch):
    content = {"schema": 2, "kind": "history"}
    (tmp_path / "history.json").write_text(json.dumps(content))
    drawn = []
    monkeypatch.setattr(
        "gradclinic.reports.write_history_page",
        lambda content, folder: drawn.append(content) or folder / "history.html",
    )
    assert main(["report", str(tmp_path)]) == 0
    assert drawn == [content]
    (tmp_path / "history.json").write_text('{"schema": 3, "kind": "history"}')
    assert main(["report", str(tmp_path)]) == 4
