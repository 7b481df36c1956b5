"""Long work shows on stderr that it lives: a bar on a terminal, lines elsewhere."""

import io
import sys
import time

import pytest
from gradclinic.bench import progress
from gradclinic.bench.progress import progress_bar


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def stream(monkeypatch):
    def put(made):
        monkeypatch.setattr(sys, "stderr", made)
        return made

    monkeypatch.setattr(progress, "EVERY", 0.01)
    return put


def shown(stream, words):
    """Wait until the stream has the words."""
    while words not in stream.getvalue():
        time.sleep(0.01)
    return stream.getvalue()


def test_lines_come_while_work_lasts_and_end_with_it(stream, capsys):
    log = stream(io.StringIO())
    with progress_bar("Compiling kernels") as report:
        assert shown(log, "\n").startswith("Compiling kernels ... 0 s\n")
        report(37, 80, "overfitting: dropout")
        shown(log, "overfitting: dropout: 37 of 80, 0 s\n")
    before = log.getvalue()
    time.sleep(0.05)
    assert log.getvalue() == before
    assert "\x1b" not in before and capsys.readouterr().out == ""


def test_quick_work_says_nothing(stream, monkeypatch):
    monkeypatch.setattr(progress, "EVERY", 60.0)
    log = stream(io.StringIO())
    with progress_bar("Starting") as report:
        report(1, 2, "half")
    assert log.getvalue() == ""


def test_variables_do_not_make_a_file_a_terminal(stream, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    log = stream(io.StringIO())
    with progress_bar("Looking"):
        shown(log, "Looking ... 0 s")
    assert "\x1b" not in log.getvalue()


def test_a_terminal_gets_a_bar(stream, monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    terminal = stream(Terminal())
    with progress_bar("Looking") as report:
        report(1, 2, "half")
        shown(terminal, "half")
    assert "\x1b" in terminal.getvalue() and "1/2" in terminal.getvalue()


def test_work_goes_on_where_nobody_reads(stream):
    class Closed(io.StringIO):
        def write(self, text):
            raise BrokenPipeError

    stream(Closed())
    with progress_bar("Looking") as report:
        time.sleep(0.05)
        report(1, 2, "half")
