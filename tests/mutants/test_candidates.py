"""Which faults are planted where: a choice by seed, changed lines first."""

import subprocess

import pytest

from . import candidates
from .candidates import FOLDERS, Mutant

FOUND = [
    Mutant(f"{folder}/{name}.py", line, line)
    for folder in FOLDERS
    for name in "ab"
    for line in range(1, 21)
]


def test_the_same_seed_chooses_the_same_faults():
    first = candidates.chosen(FOUND, {}, 20, 0)
    assert first == candidates.chosen(FOUND, {}, 20, 0)
    assert first != candidates.chosen(FOUND, {}, 20, 1)
    assert len(set(first)) == 20


def test_every_folder_has_as_many():
    chosen = candidates.chosen(FOUND, {}, 40, 3)
    assert [sum(m.folder == f for m in chosen) for f in FOLDERS] == [10] * len(FOLDERS)


def test_changed_lines_come_first_and_all_others_after():
    changed = {"reports/a.py": {3, 4}, "reports/none.py": {1}}
    chosen = candidates.chosen(FOUND, changed, len(FOUND) + 5, 0)
    assert {(m.path, m.line) for m in chosen[:2]} == {
        ("reports/a.py", 3),
        ("reports/a.py", 4),
    }
    assert len(chosen) == len(set(chosen)) == len(FOUND)


def test_a_line_belongs_to_its_statement_and_imports_to_none():
    text = "\n".join(
        [
            "X = 1",
            "def f(a):",
            "    b = g(",
            "        a,",
            "    )",
            "    if b:",
            "        return a",
        ]
    )
    lines = candidates.statement_lines(text)
    assert 1 not in lines and 2 not in lines
    assert list(lines[4]) == [3, 4, 5] and list(lines[6]) == [6]
    assert list(lines[7]) == [7]


def test_changed_lines_are_those_of_git(tmp_path):
    def git(*words):
        how = ("-c", "user.name=a", "-c", "user.email=a@b")
        subprocess.run(["git", *how, *words], cwd=tmp_path, check=True)

    git("init", "-q")
    file = tmp_path / "a.py"
    file.write_text("one\ntwo\nthree\n")
    git("add", ".")
    git("commit", "-qm", "first")
    assert candidates.changed_lines(tmp_path, None) == {}
    git("tag", "v1")
    file.write_text("one\n2\nthree\nfour\n")
    assert candidates.changed_lines(tmp_path, None) == {"a.py": {2, 4}}
    assert candidates.changed_lines(tmp_path, "HEAD") == {"a.py": {2, 4}}


def test_what_is_spared_exists_and_is_not_among_the_modules():
    assert candidates.modules() and all(m.endswith(".py") for m in candidates.modules())
    assert not any("parity/references" in name for name in candidates.modules())


def test_prose_is_left_alone_and_words_are_not(tmp_path):
    pytest.importorskip("mutmut")
    file = tmp_path / "a.py"
    file.write_text('def f(x):\n    return g(x, 2, "a long sentence", scale="log")\n')
    planted = candidates.mutants(tmp_path, "a.py")
    texts = [candidates.source_of(tmp_path, mutant) for mutant in planted]
    assert all(mutant.line == 2 for mutant in planted)
    assert any('g(x, 3, "a long sentence", scale="log")' in text for text in texts)
    assert any('scale="XXlogXX"' in text for text in texts)
    assert any('g(x, 2, "a long sentence", )' in text for text in texts)
    assert not any("XXa long" in text or "LOG" in text for text in texts)
