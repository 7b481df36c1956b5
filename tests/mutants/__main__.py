"""Plant faults one at a time in a copy of the tree, and count what the tests catch.

`make mutants SEED=0 COUNT=100 MINUTES=20`. Each fault meets the tests that run its
line, those of its own place first, until one fails. `equivalent.toml` names the faults
that change nothing, with the reason.
"""

import argparse
import os
import sys
import tempfile
import time
import tomllib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePath
from queue import Queue

from . import candidates
from .candidates import ROOT
from .copies import Copy

# Seconds: a test file that takes longer is left out; what one fault may be given.
SLOW_FILE, FOR_ONE = 40, 60
# Left out unmeasured: they train or compile for longer than that.
SLOW = {
    "tests/bench/test_suite.py",
    "tests/bench/test_warm.py",
    "tests/bench/parity/test_parity.py",
    *(
        f"tests/bench/optimizers/test_{name}.py"
        for name in ("command", "further", "own", "study", "surfaces")
    ),
}


def main():
    """Measure which lines each test file runs, plant the faults, print the score."""
    options = _options()
    os.chdir(ROOT)  # mutmut reads its settings from there
    deadline = time.monotonic() + 60 * options.minutes
    found = [m for name in candidates.modules() for m in candidates.mutants(ROOT, name)]
    changed = candidates.changed_lines(ROOT, options.base)
    chosen = candidates.chosen(found, changed, options.count, options.seed)
    with tempfile.TemporaryDirectory(prefix="gradclinic-mutants-") as folder:
        copies = Queue()
        for number in range(os.cpu_count() or 1):
            copies.put(Copy(ROOT, f"{folder}/{number}"))
        with ThreadPoolExecutor(copies.qsize()) as pool:
            tests = list(pool.map(lambda t: _measured(copies, t), _test_files()))
            known = {t: (s, lines) for t, passed, s, lines in tests if passed}
            for test, passed, *_ in tests:
                if not passed:
                    print(f"left out, slow or failing in a copy: {test}", flush=True)
            ends = pool.map(lambda m: _tried(copies, m, known, deadline), chosen)
            outcomes = dict(zip(chosen, ends, strict=True))
    report(outcomes, len(found))


def report(outcomes, planned):
    """Print the survivors, then how many of how many were caught in each folder."""
    tried = {m: end for m, end in outcomes.items() if end != "not tried"}
    equivalent = _equivalent()
    count = Counter()
    for mutant, end in sorted(tried.items(), key=lambda item: str(item[0])):
        lines = candidates.difference(ROOT, mutant)
        if end == "survived" and (mutant.path, *lines) in equivalent:
            end = "equivalent"
        count[mutant.folder, end] += 1
        if end == "survived":
            print(f"\n{mutant.path}:{mutant.line} survived", *lines, sep="\n  ")
    print(f"\n{len(tried)} of {planned} possible faults were planted.\n")
    print(
        f"{'folder':20} {'caught':>7} {'survived':>9} {'equivalent':>11} {'score':>6}"
    )
    for folder in (*candidates.FOLDERS, "all"):
        ends = [
            sum(n for (f, e), n in count.items() if e == end and folder in (f, "all"))
            for end in ("caught", "survived", "equivalent")
        ]
        score = f"{ends[0] / max(1, ends[0] + ends[1]):.0%}"
        print(f"{folder:20} {ends[0]:7} {ends[1]:9} {ends[2]:11} {score:>6}")


def tests_for(mutant, known):
    """The test files that run a mutant's line, of its own place first; and seconds.

    known: {test file: (seconds, {path: lines run})}.
    """
    spans = candidates.statement_lines((ROOT / mutant.path).read_text())
    lines = set(spans.get(mutant.line, spans))
    reaching = [
        t for t, (_, ran) in known.items() if lines & ran.get(mutant.path, set())
    ]
    chosen, seconds = [], 0.0
    for test in sorted(
        reaching, key=lambda t: (_distance(mutant.path, t), known[t][0])
    ):
        if seconds + known[test][0] <= FOR_ONE:
            chosen.append(test)
            seconds += known[test][0]
    return chosen, seconds


def _distance(path, test):
    """Fewer is nearer: words of the module's path that the test's path lacks."""
    words = set(PurePath(path).with_suffix("").parts)
    return len(words - set(PurePath(test.replace("test_", "")).with_suffix("").parts))


def _tried(copies, mutant, known, deadline):
    if time.monotonic() > deadline:
        return "not tried"
    tests, seconds = tests_for(mutant, known)
    if not tests:
        return "survived"
    copy = copies.get()
    try:
        text = candidates.source_of(ROOT, mutant)
        return (
            "survived"
            if copy.passes(mutant.path, text, tests, 20 + 4 * seconds)
            else "caught"
        )
    finally:
        copies.put(copy)


def _measured(copies, test):
    copy = copies.get()
    try:
        return test, *copy.measured(test, SLOW_FILE)
    finally:
        copies.put(copy)


def _test_files():
    found = (
        file.relative_to(ROOT).as_posix()
        for room in ("bench", "reports")
        for file in (ROOT / "tests" / room).rglob("test_*.py")
    )
    return sorted(set(found) - SLOW)


def _equivalent():
    listed = tomllib.loads((Path(__file__).parent / "equivalent.toml").read_text())
    return {(e["path"], *e["difference"]) for e in listed.get("mutant", ())}


def _options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--base", help="a commit: faults in lines changed since first")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
