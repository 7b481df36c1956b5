"""Where compiled kernels are kept, and when they are compiled anew."""

import contextlib
import os
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from gradclinic.kernels import OPTIMIZERS, jit
from gradclinic.kernels.elementwise import loop
from numba.core import caching

SHOW = "from gradclinic.kernels.jit import cache_folder; print(cache_folder())"
COMPILE = """
import numpy as np
from gradclinic.kernels.philox import fill_uniform
out = np.empty(1)
fill_uniform(out, 0.0, 1.0, 0, 0, 0)
print(out[0])
"""
# Closures of the same code that hold different things, each called at 3.
NAMED = """
from .jit import inner

@inner
def held(x):
    return {value} * x
"""
CLOSURES = """
import numpy as np
from .first import held as first
from .jit import inner, jit
from .second import held as second

def scaled(k):
    @jit
    def closure(x):
        return k * x
    return closure

def around(held):
    @jit
    def closure(x):
        return held(x)
    return closure

def by_default(k):
    @inner
    def closure(x, k=k):
        return k * x
    return closure

def of_array(a):
    @jit
    def closure(x):
        return a[0] * x
    return closure

ALL = [
    *map(scaled, (1, True, 1.0, 2.5)),
    *map(around, (first, second, scaled(6), scaled(7), by_default(8), by_default(9))),
    *map(of_array, (np.array([10]), np.array([11]))),
]
"""
CALL = """
from gradclinic.kernels.closures import ALL
order = range(len(ALL))[::{step}]
results = dict((i, ALL[i](3)) for i in order)
print([results[i] for i in range(len(ALL))], end=" ")
print(sum(sum(f.stats.cache_hits.values()) for f in ALL))
"""


@pytest.fixture
def copy(tmp_path):
    """A copy of the kernels, in a namespace package of its own."""
    kernels = tmp_path / "site" / "gradclinic" / "kernels"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(jit.SOURCES, kernels, ignore=ignored)
    return kernels


def run(copy, program, cache, **environment):
    """The last line a program prints, or says to stderr, with the copied kernels."""
    site = str(copy.parents[1])
    variables = {**os.environ, "GRADCLINIC_CACHE_DIR": str(cache), **environment}
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {site!r})\n{program}"],
        env=variables, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return (done.stdout or done.stderr).strip().splitlines()[-1]


def test_an_edit_of_a_callee_in_another_file_is_noticed(copy, tmp_path):
    before = run(copy, COMPILE, tmp_path / "cache")
    assert run(copy, COMPILE, tmp_path / "cache") == before
    folders = set((tmp_path / "cache").iterdir())
    philox = copy / "philox.py"
    philox.write_text(philox.read_text().replace("0x9E3779B9", "0x9E3779B8"))
    assert run(copy, COMPILE, tmp_path / "cache") != before
    assert len(set((tmp_path / "cache").iterdir()) - folders) == 1


def test_the_chosen_folder_is_used_and_nothing_is_written_beside_the_sources(
    copy, tmp_path
):
    files = sorted(copy.rglob("*"))
    environment = {"PYTHONDONTWRITEBYTECODE": "1"}
    folder = Path(run(copy, COMPILE + SHOW, tmp_path / "cache", **environment))
    assert folder.parent == tmp_path / "cache"
    assert list(folder.rglob("philox.fill_uniform*.nbc"))
    assert sorted(copy.rglob("*")) == files


def test_an_unwritable_choice_falls_back_to_a_temporary_folder(copy, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    folder = run(copy, SHOW, blocked / "cache", TMPDIR=str(tmp_path))
    assert Path(folder).parent == tmp_path / "gradclinic-cache"


def test_no_writable_folder_is_one_sentence(copy, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    program = f"import tempfile; tempfile.tempdir = {str(blocked)!r}\n{SHOW}"
    message = run(copy, program, blocked / "cache")
    assert message.startswith("OSError: no folder for compiled kernels is writable")
    assert message.endswith("set GRADCLINIC_CACHE_DIR to one that is")


def test_divergence_stays_visible_under_the_compiler_options():
    assert not jit.FASTMATH & {"nnan", "ninf", "fast"}


def test_code_that_two_save_at_once_is_not_mixed_up():
    """Each reads the index before the other has written, unless they take turns."""
    folder = jit.cache_folder() / "at_once"
    folder.mkdir(exist_ok=True)
    both_have_read = threading.Barrier(2, timeout=0.5)

    class Slow(jit.LockedCacheFile):
        def _save_index(self, overloads):
            with contextlib.suppress(threading.BrokenBarrierError):
                both_have_read.wait()
            super()._save_index(overloads)

    files = [Slow(str(folder), "rule", "stamp") for _ in range(2)]
    kinds = ("float32", "float64")
    with ThreadPoolExecutor(2) as pool:
        saved = [
            pool.submit(f.save, kind, kind)
            for f, kind in zip(files, kinds, strict=True)
        ]
    assert [future.result() for future in saved] == [None, None]
    assert [files[0].load(kind) for kind in kinds] == list(kinds)
    shutil.rmtree(folder)


def test_closures_of_one_code_never_share_and_are_found_again(copy, tmp_path):
    for name, value in (("first", 4), ("second", 5)):
        (copy / f"{name}.py").write_text(NAMED.format(value=value))
    (copy / "closures.py").write_text(CLOSURES)
    results = "[3, 3, 3.0, 7.5, 12, 15, 18, 21, 24, 27, 30, 33]"
    for step, hits in ((1, 0), (-1, 12)):
        program = CALL.format(step=step)
        assert run(copy, program, tmp_path / "cache") == f"{results} {hits}"


def test_no_two_rules_of_ours_share_a_file():
    rules = [o.rule for o in OPTIMIZERS.values() if o.elementwise]
    assert all(jit.ours(rule) and jit.known(rule) for rule in rules)
    assert len({jit._file_name(rule) for rule in rules}) == len(rules) > 20


def scalars_outside(hyper, step):
    return (hyper[0],)


def element_outside(p, g, state, i, c):
    p[i] -= c[0] * g[i]


def test_code_from_outside_is_never_kept(monkeypatch):
    """Not on its own, in a loop of ours, nor typed into a shell in our folder."""
    monkeypatch.chdir(jit.SOURCES)
    typed = {}
    exec("def typed(x):\n    return x", typed)
    held = loop(jit.inner(scalars_outside), jit.inner(element_outside))
    for function in (element_outside, typed["typed"], held):
        assert isinstance(jit.jit(function)._cache, caching.NullCache)
    rule = jit.jit(OPTIMIZERS["adam"].rule)
    assert isinstance(rule._cache, jit.ContentCache)
