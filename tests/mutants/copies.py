"""A copy of the tree to plant faults in, and the tests to run there."""

import os
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

_OPTIONS = (
    *("-x", "-q", "--no-header", "--tb=no", "-p", "no:cacheprovider", "-p", "no:xdist"),
    "--hypothesis-seed=0",
)
_COVERAGE = ("-m", "coverage", "run", "--source=gradclinic/bench,gradclinic/reports")
_IGNORED = shutil.ignore_patterns("__pycache__", ".*", "*.egg-info", "gradclinic-*")


class Copy:
    """A copy of the tree in `folder`, arranged as it is installed.

    So its `gradclinic` comes before the installed one, and no file of the working tree
    is ever written.
    """

    def __init__(self, root, folder):
        self.root, self.folder = Path(root), Path(folder)
        shutil.copytree(root, folder, ignore=_IGNORED)
        project = tomllib.loads((self.folder / "pyproject.toml").read_text())
        places = project["tool"]["setuptools"]["package-dir"]
        for name, place in sorted(places.items()):
            target = self.folder / name.replace(".", "/")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(self.folder / place, target)
            (self.folder / place).symlink_to(target)

    def measured(self, test, limit):
        """(passed, seconds, {path: lines run}) of one test file.

        seconds: of the processor, for others may keep it busy too; limit: of those.
        """
        data = self.folder / "lines"
        how = (*_COVERAGE, f"--data-file={data}", "-m")
        code, seconds = self._run(how, [test], 4 * limit)
        fine = code == 0 and seconds < limit
        return fine, seconds, self._lines(data) if fine else {}

    def passes(self, path, text, tests, limit):
        """Do the tests pass, in `limit` seconds, with this text in a file's place?

        Those of CUDA apart: they run in Numba's simulator, which the others must not.
        """
        file = self.folder / path
        before = file.read_text()
        for cached in file.parent.glob(f"__pycache__/{file.stem}.*"):
            cached.unlink()
        file.write_text(text)
        apart = [t for t in tests if simulated(t)]
        groups = [t for t in tests if not simulated(t)], apart
        try:
            return all(
                self._run(("-m",), group, limit)[0] == 0 for group in groups if group
            )
        finally:
            file.write_text(before)

    def _run(self, how, tests, limit):
        """(exit code of pytest, None where it did not end in time; processor time)."""
        places = os.pathsep.join([str(self.folder), os.environ.get("PYTHONPATH", "")])
        environment = {"PYTHONPATH": places, "PYTHONDONTWRITEBYTECODE": "1"}
        if simulated(tests[0]):
            environment["NUMBA_ENABLE_CUDASIM"] = "1"
        process = subprocess.Popen(
            [
                sys.executable,
                *how,
                "pytest",
                *_OPTIONS,
                *tests,
                f"--basetemp={self.folder / 'temporary'}",
            ],
            cwd=self.folder,
            env=os.environ | environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        seconds = _ended(process, limit)
        return (None if seconds is None else process.returncode), seconds or limit

    def _lines(self, file):
        from coverage import CoverageData

        data = CoverageData(str(file))
        data.read()
        found = {}
        for name in data.measured_files():
            path = Path(name).relative_to(self.folder.resolve() / "gradclinic")
            found[str(path)] = set(data.lines(name) or ())
        return found


def simulated(test):
    """Does a test file need Numba's simulator of a GPU?"""
    return test.startswith("tests/cuda/")


def _ended(process, limit):
    """Seconds of the processor that it took; None, and it is killed, beyond `limit`."""
    deadline = time.monotonic() + limit
    while True:
        pid, status, used = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            return used.ru_utime + used.ru_stime
        if time.monotonic() > deadline:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return None
        time.sleep(0.05)
