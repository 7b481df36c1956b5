"""How the tests of the kernels ended, read from what `pytest -v` printed.

Of a run that was cut off, too, which has written no report.
"""

import re

# Beside a test's name, with the share of all tests that is done.
_VERDICT = re.compile(r"\b(PASSED|FAILED|ERROR|SKIPPED)\b")
_SHARE = re.compile(r"\[ *\d+%\]")
_END = re.compile(r"^=+ .* in [\d.]+s\b", re.MULTILINE)


def outcome(log: str) -> dict[str, int]:
    """{passed, failed, skipped}; errors count as failed."""
    counts: dict[str, int] = {"passed": 0, "failed": 0, "skipped": 0}
    for line in log.splitlines():
        found = _VERDICT.search(line)
        if found and _SHARE.search(line):
            word = found[1].lower()
            counts["failed" if word == "error" else word] += 1
    return counts


def with_tests(content: dict, log: str | None) -> dict:
    """A measurement and the tests' `outcome`; as it is where there were none."""
    if log is None:
        return content
    cut_off = [] if _END.search(log) else ["tests: they were cut off."]
    left_out = [*content["left_out"], *cut_off]
    return {**content, "tests": outcome(log), "left_out": left_out}
