"""Both sides of a guarded trial in this process: no fork, no limit, made-up links."""

import math
import os
import pickle
import resource
import signal
from types import SimpleNamespace

import pytest
from gradclinic.bench.execution import guarded_child, guarded_server, safety

if reason := safety.unsupported():
    pytest.skip(reason, allow_module_level=True)

REQUEST = {
    "function": "m:f",
    "argument": pickle.dumps("ab"),
    "budget": 100,
    "cap": 200,
    "timeout": 2.5,
}


class Link:
    """One end of a connection: what is to be received, and what was sent."""

    def __init__(self, *incoming):
        self.incoming, self.sent, self.closed = list(incoming), [], False

    def recv(self):
        if not self.incoming:
            raise EOFError
        return self.incoming.pop(0)

    def send(self, message):
        self.sent.append(message)

    def close(self):
        self.closed = True

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


@pytest.fixture
def limits(monkeypatch):
    """The limits that were set, {kind: (soft, hard)}; hard ones as they were."""
    hard = resource.RLIM_INFINITY
    known = dict.fromkeys(
        (resource.RLIMIT_DATA, resource.RLIMIT_CPU, resource.RLIMIT_CORE), (hard, hard)
    )
    monkeypatch.setattr(guarded_child.resource, "getrlimit", known.get)
    monkeypatch.setattr(guarded_child.resource, "setrlimit", known.__setitem__)
    return known


@pytest.fixture
def memory(monkeypatch):
    """What the child is told that it holds: more at every look."""
    looks = iter(range(1000, 9000, 1000))
    monkeypatch.setattr(
        guarded_child, "process_memory", lambda: {"VmData": next(looks)}
    )


def test_a_child_may_take_its_budget_on_top_of_what_it_holds(limits, memory):
    guarded_child._limit(100, 2.5)
    unlimited = resource.RLIM_INFINITY
    assert limits[resource.RLIMIT_DATA] == (1100, unlimited)
    assert limits[resource.RLIMIT_CPU] == (math.ceil(2.5) + 1, unlimited)
    guarded_child._lift_limit()
    assert limits[resource.RLIMIT_DATA] == (unlimited, unlimited)


def test_a_child_that_cannot_see_its_memory_does_not_run(limits, monkeypatch):
    monkeypatch.setattr(guarded_child, "process_memory", lambda: None)
    with pytest.raises(OSError, match="/proc/self/status cannot be read"):
        guarded_child._limit(100, 2.5)


@pytest.mark.parametrize(
    ("hard", "wanted", "soft"),
    [
        (50, 40, 40),
        (50, 50, 50),
        (50, 60, 50),
        (50, resource.RLIM_INFINITY, 50),
        (resource.RLIM_INFINITY, 60, 60),
    ],
)
def test_a_limit_is_never_above_the_hard_one(limits, hard, wanted, soft):
    limits[resource.RLIMIT_DATA] = (7, hard)
    guarded_child._soften(resource.RLIMIT_DATA, wanted)
    assert limits[resource.RLIMIT_DATA] == (soft, hard)


@pytest.mark.parametrize(
    ("error", "status", "reason"),
    [
        (
            MemoryError("Unable to allocate.\nMore."),
            "MemoryError",
            "MemoryError: Unable to allocate.",
        ),
        (MemoryError(), "MemoryError", "MemoryError."),
        (ValueError("No..."), "failed", "ValueError: No."),
        (KeyboardInterrupt(), "failed", "KeyboardInterrupt."),
    ],
)
def test_an_error_is_a_report(limits, memory, error, status, reason):
    limits[resource.RLIMIT_DATA] = (1, resource.RLIM_INFINITY)

    def fails(argument):
        raise error

    report = guarded_child._report(fails, "ab")
    assert 0 <= report.pop("seconds") < 60
    assert report == {
        "status": status,
        "reason": reason,
        "result": None,
        "memory": {"VmData": 1000},
    }
    # Lifted, so that the report can be written.
    assert limits[resource.RLIMIT_DATA][0] == resource.RLIM_INFINITY


def test_a_result_is_pickled_once_the_limit_is_lifted(limits, memory):
    def function(argument):
        assert limits[resource.RLIMIT_DATA][0] == 1
        return Pickled(limits, argument * 2)

    limits[resource.RLIMIT_DATA] = (1, resource.RLIM_INFINITY)
    report = guarded_child._report(function, "ab")
    assert (report["status"], report["reason"]) == ("fits", "")
    assert pickle.loads(report["result"]) == "abab"
    assert report["memory"] == {"VmData": 1000} and 0 <= report["seconds"] < 60


class Pickled:
    """A string that may be pickled only without a limit."""

    def __init__(self, limits, text):
        self.limits, self.text = limits, text

    def __reduce__(self):
        assert self.limits[resource.RLIMIT_DATA][0] == resource.RLIM_INFINITY
        return str, (self.text,)


def test_a_result_that_cannot_be_sent_is_a_failure(limits, memory):
    report = guarded_child._report(lambda argument: lambda: None, "ab")
    assert report["status"] == "failed" and report["result"] is None
    assert report["memory"] == {"VmData": 1000}


class Ended(BaseException):
    """In the place of the end of the process."""


@pytest.fixture
def child(monkeypatch, limits, memory):
    """What `run_limited` did, in order; the end of the process is an `Ended`."""
    done = []

    def end(code):
        done.append(("exit", code))
        raise Ended

    monkeypatch.setattr(guarded_child.os, "_exit", end)
    monkeypatch.setattr(guarded_child, "_die_first", lambda: done.append("first"))
    monkeypatch.setattr(guarded_child, "reset_peak", lambda: done.append("reset"))
    real = guarded_child._limit
    monkeypatch.setattr(
        guarded_child, "_limit", lambda *a: (done.append(("limit", *a)), real(*a))
    )
    return done


def test_a_child_limits_itself_runs_reports_and_ends(child):
    def function(argument):
        child.append(("run", argument))
        return argument * 2

    link = Link()
    with pytest.raises(Ended):
        guarded_child.run_limited(function, REQUEST, link)
    assert child == ["first", ("limit", 100, 2.5), "reset", ("run", "ab"), ("exit", 0)]
    baseline, report = link.sent
    assert baseline == {"baseline": {"VmData": 2000}}
    assert (report["status"], report["memory"]) == ("fits", {"VmData": 3000})
    assert pickle.loads(report["result"]) == "abab"


def test_a_child_ends_even_where_it_cannot_report(child):
    with pytest.raises(Ended):
        guarded_child.run_limited(None, REQUEST | {"argument": b"broken"}, Link())
    assert child[-1] == ("exit", 0) and ("limit", 100, 2.5) not in child


def test_a_child_is_the_first_to_die(limits, monkeypatch, tmp_path):
    calls, score = [], tmp_path / "score"
    libc = SimpleNamespace(prctl=lambda *a: calls.append(a))
    monkeypatch.setattr(guarded_child.ctypes, "CDLL", lambda name: libc)
    monkeypatch.setattr(guarded_child.os, "setpgid", lambda *a: calls.append(a))
    real = open

    def opened(name, mode, encoding):
        assert (name, mode) == ("/proc/self/oom_score_adj", "w")
        return real(score, mode, encoding=encoding)

    monkeypatch.setattr("builtins.open", opened)
    guarded_child._die_first()
    # PR_SET_PDEATHSIG is 1 in <linux/prctl.h>.
    assert calls == [(0, 0), (1, signal.SIGKILL)]
    assert limits[resource.RLIMIT_CORE] == (0, 0)
    assert score.read_text() == "1000"


def test_a_container_may_forbid_to_die_first(limits, monkeypatch):
    def forbidden(*_, **__):
        raise PermissionError

    libc = SimpleNamespace(prctl=lambda *a: None)
    monkeypatch.setattr(guarded_child.ctypes, "CDLL", lambda name: libc)
    monkeypatch.setattr(guarded_child.os, "setpgid", lambda *a: None)
    monkeypatch.setattr("builtins.open", forbidden)
    guarded_child._die_first()


@pytest.fixture
def server(monkeypatch):
    """`main` on a link; a function to the messages that it sends."""

    def serve(*incoming, broken=None):
        link = Link(*incoming)
        monkeypatch.setattr(guarded_server, "Connection", lambda number: link)
        monkeypatch.setattr(guarded_server, "settle_heap", lambda: 77)
        monkeypatch.setattr(guarded_server, "_warm_up", lambda dotted: broken)
        monkeypatch.setattr(
            guarded_server, "_answer", lambda request, caller: (request, caller is link)
        )
        guarded_server.main(5)
        return link.sent

    return serve


def test_a_server_says_that_it_is_warm_and_answers_until_its_caller_ends(server):
    assert server("m:f", "one", "two") == [
        {"broken": None, "slack": 77},
        ("one", True),
        ("two", True),
    ]


def test_a_server_that_cannot_warm_up_answers_nothing(server):
    assert server("m:f", "one", broken="Why.") == [{"broken": "Why.", "slack": 77}]


def test_a_function_is_found_by_its_dotted_name():
    assert guarded_server.resolve("os.path:join") is os.path.join
    assert guarded_server._warm_up("gc:collect") is None
    assert guarded_server._warm_up(None) is None
    said = guarded_server._warm_up("os.path:nothing_of_this_name")
    assert said.startswith("The guarded process cannot warm up: AttributeError: ")
    assert said.endswith(".")


def test_a_function_that_is_not_there_is_a_failure():
    request = REQUEST | {"function": "no_such_module:f"}
    found = guarded_server._answer(request, None)
    assert found["status"] == "failed"
    assert found["reason"] == ("ModuleNotFoundError: No module named 'no_such_module'.")


class Dog:
    """A watchdog that barks at its `last` look, and notes what it is told."""

    last = None

    def __init__(self, request):
        self.request, self.alarm, self.looks, self.began = request, None, [], []
        Dog.made = self

    def look(self, memory):
        self.looks.append(memory)
        if len(self.looks) == self.last:
            self.alarm = "Stopped."

    def begin(self, baseline):
        self.began.append((baseline, len(self.looks)))

    def outcome(self, report, code):
        return {"report": report, "code": code, "alarm": self.alarm}


@pytest.fixture
def watched(monkeypatch):
    """`_watch` over made-up links: (what it returns, its dog, the signals it sent)."""

    def watch(messages, ready=None, last=None, status=0, group=True):
        reader, caller, sent = Link(*messages), Link(), []
        turns = iter(ready or [])

        def wait(links, seconds):
            assert links == [reader, caller] and seconds == guarded_server.TICK
            return [
                {"child": reader, "caller": caller}[x] for x in next(turns, ["child"])
            ]

        def killpg(pid, number):
            sent.append(("group", pid, number))
            if not group:
                raise ProcessLookupError

        monkeypatch.setattr(Dog, "last", last)
        monkeypatch.setattr(guarded_server, "Watchdog", Dog)
        monkeypatch.setattr(guarded_server, "wait", wait)
        monkeypatch.setattr(guarded_server, "process_memory", lambda pid: ("of", pid))
        monkeypatch.setattr(guarded_server.os, "kill", lambda *a: sent.append(a))
        monkeypatch.setattr(guarded_server.os, "killpg", killpg)
        monkeypatch.setattr(
            guarded_server.os, "waitpid", lambda pid, how: (pid, status)
        )
        found = guarded_server._watch(42, reader, caller, REQUEST)
        return found, Dog.made, sent

    return watch


BASELINE, REPORT = {"baseline": {"VmRSS": 1}}, {"status": "fits"}
GROUP = ("group", 42, signal.SIGKILL)


@pytest.mark.parametrize("group", [True, False])
def test_a_child_is_looked_at_until_it_reports(watched, group):
    ready = [[], ["child"], [], ["child"]]
    found, dog, sent = watched([BASELINE, REPORT], ready, group=group)
    assert found == {"report": REPORT, "code": 0, "alarm": None}
    assert dog.request is REQUEST and dog.looks == [("of", 42)] * 4
    assert dog.began == [({"VmRSS": 1}, 2)]
    assert sent == [GROUP]  # whatever it had started itself


def test_a_child_over_its_limit_is_killed(watched):
    found, dog, sent = watched(
        [BASELINE], [["child"], [], []], last=3, status=signal.SIGKILL
    )
    assert found == {"report": None, "code": -signal.SIGKILL, "alarm": "Stopped."}
    assert len(dog.looks) == 3 and sent == [(42, signal.SIGKILL), GROUP]


def test_a_report_that_comes_with_the_alarm_counts(watched):
    found, _, sent = watched([BASELINE, REPORT], [["child"], ["child"]], last=2)
    assert found["report"] == REPORT and sent == [GROUP]


def test_a_child_that_dies_has_no_report(watched):
    found, _, sent = watched([BASELINE], status=signal.SIGSEGV)
    assert found == {"report": None, "code": -signal.SIGSEGV, "alarm": None}
    assert sent == [GROUP]


def test_a_child_that_nobody_waits_for_is_killed(watched):
    found, _, sent = watched([BASELINE], [["child"], ["caller"]])
    assert found["alarm"] == "Nobody waits for the result any more."
    assert sent == [(42, signal.SIGKILL), GROUP]


def test_the_parent_keeps_its_end_of_the_link_alone(monkeypatch):
    """In the child it is the other way round: only the writer stays open."""
    reader, writer, caller = Link(), Link(), Link()
    monkeypatch.setattr(guarded_server, "Pipe", lambda duplex: (reader, writer))
    monkeypatch.setattr(guarded_server, "resolve", lambda dotted: ("found", dotted))
    monkeypatch.setattr(guarded_server.os, "fork", lambda: 42)
    monkeypatch.setattr(
        guarded_server,
        "_watch",
        lambda *given: (given, writer.closed, reader.closed),
    )
    given, writer_closed, reader_closed = guarded_server._answer(REQUEST, caller)
    assert given == (42, reader, caller, REQUEST)
    assert writer_closed and not reader_closed and reader.closed and not caller.closed
    ran = []
    for link in (reader, writer, caller):
        link.closed = False

    def run_limited(*given):
        ran.append((given, caller.closed, reader.closed, writer.closed))
        raise Ended

    monkeypatch.setattr(guarded_server.os, "fork", lambda: 0)
    monkeypatch.setattr(guarded_server, "run_limited", run_limited)
    with pytest.raises(Ended):
        guarded_server._answer(REQUEST, caller)
    assert ran == [((("found", "m:f"), REQUEST, writer), True, True, False)]


def test_free_memory_of_the_heap_is_told(monkeypatch):
    trimmed = []

    class Information:
        restype = None

        def __call__(self):
            return SimpleNamespace(fordblks=33)

    libc = SimpleNamespace(malloc_trim=trimmed.append, mallinfo2=Information())
    frozen = []
    monkeypatch.setattr(guarded_server.ctypes, "CDLL", lambda name: libc)
    for name in ("collect", "freeze"):
        monkeypatch.setattr(
            guarded_server.gc, name, lambda name=name: frozen.append(name)
        )
    assert guarded_server.settle_heap() == 33
    assert trimmed == [0] and frozen == ["collect", "freeze"]
    fields = [name for name, _ in libc.mallinfo2.restype._fields_]
    # In the order of <malloc.h>.
    assert fields == [
        "arena",
        "ordblks",
        "smblks",
        "hblks",
        "hblkhd",
        "usmblks",
        "fsmblks",
        "uordblks",
        "fordblks",
        "keepcost",
    ]
    del libc.mallinfo2
    assert guarded_server.settle_heap() is None
