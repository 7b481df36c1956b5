"""A process that is told what to do answers, ends, or is late; none of it hangs."""

import numpy as np
import pytest
from gradclinic.bench.measurement.worker_process import WorkerProcess, answer

WORKER = """
import sys, time
from gradclinic.bench.measurement.worker_process import serve

class Worker:
    def __init__(self, request):
        self.request = request

    def one(self, *rest):
        print("a library says something")
        return {"did": ["one", *rest], "request": self.request}

    def sleep(self):
        time.sleep(60)

    def end(self):
        sys.exit(3)

    def fail(self):
        raise ValueError("It is wrong.\\nAnd this is why.")

def main(descriptor):
    serve(descriptor, Worker)
"""


@pytest.fixture
def child(tmp_path, monkeypatch):
    (tmp_path / "worker_of_this_test.py").write_text(WORKER)
    monkeypatch.syspath_prepend(tmp_path)
    child = WorkerProcess("worker_of_this_test", {"of": "it"})
    yield child
    child.close()


def test_an_answer(child):
    given = np.arange(3)
    did = child.ask("one", 2, given, seconds=30)
    assert did["request"] == {"of": "it"}
    assert did["did"][:2] == ["one", 2] and np.array_equal(did["did"][2], given)
    assert child.ask("one") == {"did": ["one"], "request": {"of": "it"}}


def test_an_error_is_an_answer_too(child):
    assert child.ask("fail") == {"reason": "ValueError: It is wrong."}
    assert child.ask("none")["reason"].startswith("AttributeError: ")
    assert child.ask("one")["did"] == ["one"]


def test_an_error_that_is_fatal_is_raised():
    with pytest.raises(AttributeError):
        answer(None, "one", fatal=(AttributeError,))


def test_a_process_that_is_late_is_ended(child):
    assert child.ask("one", seconds=30)["did"] == ["one"]
    assert child.ask("sleep", seconds=0.1) == {
        "reason": "it had no answer within 0.1 s"
    }
    # What it would have answered is nobody's answer.
    assert child.process.wait(30) == -9
    assert child.ask("two", seconds=30) == {"reason": "its process ended (-9)"}


def test_a_process_that_ends_is_said(child):
    assert child.ask("end", seconds=30)["reason"].startswith("its process ended (")
    assert child.process.wait(30) == 3
    assert child.ask("one") == {"reason": "its process ended (3)"}


def test_a_worker_that_cannot_be_made_is_said(tmp_path, monkeypatch):
    (tmp_path / "worker_of_none.py").write_text("def main(descriptor): 1 / 0")
    monkeypatch.syspath_prepend(tmp_path)
    child = WorkerProcess("worker_of_none", None)
    assert child.ask("one", seconds=30)["reason"].startswith("its process ended (")
    child.close()
    assert child.process.returncode in (1, -9)
