"""Plant faults one at a time in a copy of the tree, and count what the tests catch.

`make mutants SEED=0 COUNT=100 MINUTES=20`. Each fault meets the tests that run its
line, those of its own place first, until one fails. Which lines a test file runs is
measured once for a tree and kept in `.mutants.json`. `equivalent.toml` names the faults
that change nothing, with the reason.
"""

import argparse
import hashlib
import json
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

# Seconds: a test file that takes longer is left out; what one fault may be given,
# beyond which only a test file that alone runs its line is taken.
SLOW_FILE, FOR_ONE = 120, 60
KEPT = ROOT / ".mutants.json"


def main():
    """Measure which lines each test file runs, plant the faults, print the score."""
    options = _options()
    os.chdir(ROOT)  # mutmut reads its settings from there
    found = [m for name in candidates.modules() for m in candidates.mutants(ROOT, name)]
    found = [m for m in found if m.folder in (options.room or candidates.FOLDERS)]
    changed = candidates.changed_lines(ROOT, options.base)
    chosen = candidates.chosen(found, changed, options.count, options.seed)
    with tempfile.TemporaryDirectory(prefix="gradclinic-mutants-") as folder:
        copies = Queue()
        for number in range(options.jobs):
            copies.put(Copy(ROOT, f"{folder}/{number}"))
        with ThreadPoolExecutor(copies.qsize()) as pool:
            known = lines_run(copies, pool, _test_files())
            deadline = time.monotonic() + 60 * options.minutes
            ends = pool.map(lambda m: _tried(copies, m, known, deadline), chosen)
            outcomes = dict(zip(chosen, ends, strict=True))
    report(outcomes, len(found))


def lines_run(copies, pool, tests):
    """{test file: (seconds, {path: lines run})} of those that pass in a copy in time.

    Kept in `.mutants.json` until a file of the tree changes.
    """
    tree = _tree()
    kept = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    found = kept["tests"] if kept.get("tree") == tree else {}

    def measured(test):
        copy = copies.get()
        try:
            passed, seconds, lines = copy.measured(test, SLOW_FILE)
        finally:
            copies.put(copy)
        return test, passed, seconds, {path: sorted(ran) for path, ran in lines.items()}

    for test, *rest in pool.map(measured, [t for t in tests if t not in found]):
        found[test] = rest
        KEPT.write_text(json.dumps({"tree": tree, "tests": found}))
    for test, (passed, *_) in found.items():
        if not passed:
            print(f"left out, slow or failing in a copy: {test}", flush=True)
    return {
        test: (seconds, {path: set(ran) for path, ran in lines.items()})
        for test, (passed, seconds, lines) in found.items()
        if passed
    }


def _tree():
    """A hash of all Python files and settings."""
    digest = hashlib.sha256()
    for folder in ("kernels", "scenarios", "bench", "reports", "tests"):
        for file in sorted((ROOT / folder).rglob("*")):
            if file.suffix in {".py", ".toml", ".html", ".css", ".json"}:
                digest.update(file.relative_to(ROOT).as_posix().encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()


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

    known: {test file: (seconds, {path: lines run})}. Where none of them fits into the
    time for one fault, it is the fastest.
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
    if reaching and not chosen:
        chosen = [min(reaching, key=lambda t: known[t][0])]
        seconds = known[chosen[0]][0]
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


def _test_files():
    """Those of the rooms with faults, and those of CUDA that use what is in them."""
    tests = ROOT / "tests"
    found = [
        f for room in ("bench", "reports") for f in (tests / room).rglob("test_*.py")
    ]
    uses = "gradclinic.bench"
    found += [f for f in (tests / "cuda").glob("test_*.py") if uses in f.read_text()]
    return sorted(file.relative_to(ROOT).as_posix() for file in found)


def _equivalent():
    listed = tomllib.loads((Path(__file__).parent / "equivalent.toml").read_text())
    return {(e["path"], *e["difference"]) for e in listed.get("mutant", ())}


def _options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--base", help="a commit: faults in lines changed since first")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument(
        "--room",
        action="append",
        choices=candidates.FOLDERS,
        help="only faults in this folder; may be repeated",
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
