"""A process that is told what to do answers, ends, or is late; none of it hangs."""

import pytest
from gradclinic.bench.measurement.held import Held

# Stands for a module that `python -m` runs: answers each line, and is slow when asked.
WORKER = """
import json, sys, time
lines = iter(sys.stdin)
next(lines)
for line in lines:
    command, *rest = json.loads(line)
    if command == "sleep":
        time.sleep(60)
    if command == "end":
        sys.exit(3)
    print(json.dumps({"did": [command, *rest]}), flush=True)
"""


@pytest.fixture
def held(tmp_path):
    (tmp_path / "worker_of_this_test.py").write_text(WORKER)
    held = Held("worker_of_this_test", {}, {"PYTHONPATH": str(tmp_path)})
    yield held
    held.close()


def test_an_answer(held):
    assert held.ask("one", 2) == {"did": ["one", 2]}
    assert held.ask("three", seconds=30) == {"did": ["three"]}


def test_a_process_that_is_late_is_ended(held):
    assert held.ask("one", seconds=30) == {"did": ["one"]}
    assert held.ask("sleep", seconds=0.1) == {"reason": "it had no answer within 0.1 s"}
    # What it would have answered is nobody's answer.
    assert held.process.wait(30) == -9
    assert held.ask("two", seconds=30) == {"reason": "its process ended (-9)"}


def test_a_process_that_ends_is_said(held):
    assert held.ask("end", seconds=30)["reason"].startswith("its process ended (")
    assert held.process.wait(30) == 3
    assert held.ask("one") == {"reason": "its process ended (3)"}
