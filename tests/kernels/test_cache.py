"""Where machine code of kernels is kept, and when it is compiled anew."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest
from gradclinic.kernels import OPTIMIZERS, cache, folder, jit, sources
from gradclinic.kernels.cache import SealedFiles
from gradclinic.kernels.elementwise import loop
from hypothesis import given
from hypothesis import strategies as st
from numba.core import caching

# What compiles anew in processes of its own, of a kind that another test has seen.
SLOW = pytest.mark.exhaustive
SHOW = "from gradclinic.kernels.folder import cache_folder; print(cache_folder())"
COMPILE = """
import numpy as np
from gradclinic.kernels.philox import fill_uniform
out = np.empty(1)
fill_uniform(out, 0.0, 1.0, 0, 0, 0)
print(out[0])
"""
HITS = """
print(out[0], sum(fill_uniform.stats.cache_hits.values()))
"""
FIRST = f"""{COMPILE}
from gradclinic.kernels.folder import cache_folder
print(out[0], sum(fill_uniform.stats.cache_hits.values()), cache_folder())
"""
NO_HOME = """
import pathlib

def home():
    raise RuntimeError("Could not determine home directory.")

pathlib.Path.home = home
"""
VANISHED = """
import shutil
from gradclinic.kernels.folder import cache_folder
shutil.rmtree(cache_folder().parent)
cache_folder().parent.write_text("in the way")
"""
# A file of more than so many bytes cannot be written, as on a full disk.
FULL = """
import resource
from gradclinic.kernels import philox
resource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.RLIM_INFINITY))
"""
# Closures of the same code that hold different things, each called at 3.
NAMED = """
from .jit import inner

@inner
def kept(x):
    return {value} * x
"""
CLOSURES = """
import numpy as np
from .first import kept as first
from .jit import inner, jit
from .second import kept as second

def scaled(k):
    @jit
    def closure(x):
        return k * x
    return closure

def around(kept):
    @jit
    def closure(x):
        return kept(x)
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


def copied(folder):
    """A copy of the kernels, in a namespace package of its own."""
    kernels = folder / "site" / "gradclinic" / "kernels"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(sources.SOURCES, kernels, ignore=ignored)
    return kernels


@pytest.fixture
def copy(tmp_path):
    return copied(tmp_path)


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    """What a first process did in a copy of its own, and what it left.

    value: drawn by a kernel; hits: how often it found code; cache, used: the folder
    that it was told, and the one that it names; before, after: the files of the copy.
    """
    folder = tmp_path_factory.mktemp("compiled")
    copy, cache = copied(folder), folder / "cache"
    before = sorted(copy.rglob("*"))
    said = run(copy, FIRST, cache, PYTHONDONTWRITEBYTECODE="1")
    value, hits, used = said.split(maxsplit=2)
    return SimpleNamespace(
        value=value,
        hits=hits,
        cache=cache,
        used=Path(used),
        before=before,
        after=sorted(copy.rglob("*")),
    )


@pytest.fixture
def kept(compiled, tmp_path):
    """A folder of code that a process compiled before, to be changed."""
    return shutil.copytree(compiled.cache, tmp_path / "cache")


def run(copy, program, cache, **environment):
    """The last line a program prints, or says to stderr, with the copied kernels."""
    site = str(copy.parents[1])
    variables = {**os.environ, "GRADCLINIC_CACHE_DIR": str(cache), **environment}
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {site!r})\n{program}"],
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    return (done.stdout or done.stderr).strip().splitlines()[-1]


def test_an_edit_of_a_callee_in_another_file_is_noticed(copy, compiled, kept):
    files = set(kept.rglob("philox*.nbc"))
    philox = copy / "philox.py"
    philox.write_text(philox.read_text().replace("0x9E3779B9", "0x9E3779B8"))
    value, hits = run(copy, COMPILE + HITS, kept).split()
    assert value != compiled.value and hits == "0"
    assert len(set(kept.rglob("philox*.nbc")) - files) == len(files) > 0


def test_the_chosen_folder_is_used_and_nothing_is_written_beside_the_sources(compiled):
    assert compiled.used.parent == compiled.cache and compiled.hits == "0"
    assert list(compiled.used.rglob("philox.fill_uniform*.nbc"))
    assert compiled.after == compiled.before


def test_an_unwritable_choice_falls_back_to_a_temporary_folder(copy, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    used = Path(run(copy, SHOW, blocked / "cache", TMPDIR=str(tmp_path)))
    assert used.parent == tmp_path / f"gradclinic-cache-{os.geteuid()}"
    assert stat.S_IMODE(used.parent.stat().st_mode) == 0o700


def test_without_a_home_the_folder_is_a_temporary_one(copy, tmp_path):
    settings = {"TMPDIR": str(tmp_path), "XDG_CACHE_HOME": ""}
    used = run(copy, NO_HOME + COMPILE + SHOW, "", **settings)
    assert Path(used).parent == tmp_path / f"gradclinic-cache-{os.geteuid()}"


def test_no_code_is_loaded_from_wherever_one_is(temporary, monkeypatch):
    """A home, or a folder for caches, that is no absolute path is none."""
    monkeypatch.chdir(temporary[0])
    monkeypatch.delenv("GRADCLINIC_CACHE_DIR", raising=False)
    monkeypatch.setenv("HOME", "here")
    monkeypatch.setenv("XDG_CACHE_HOME", "there")
    assert list(folder._candidates()) == [temporary[1]]


@SLOW
def test_without_any_writable_folder_kernels_run_and_are_not_kept(
    copy, compiled, tmp_path
):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    program = f"import tempfile; tempfile.tempdir = {str(blocked)!r}\n{COMPILE}"
    value = run(copy, program, blocked / "cache")
    assert float(value) == float(compiled.value)
    assert run(copy, program + SHOW, blocked / "cache") == "None"


@pytest.fixture
def temporary(monkeypatch, tmp_path):
    """The folder that temporary folders are in, and ours there."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path, tmp_path / f"gradclinic-cache-{os.geteuid()}"


def nothing_there(ours):
    """The name is free."""


def a_link(ours):
    elsewhere = ours.with_name("elsewhere")
    elsewhere.mkdir(mode=0o700)
    ours.symlink_to(elsewhere)


def open_to_all(ours):
    ours.mkdir()
    ours.chmod(0o777)


def a_file(ours):
    ours.write_text("")


@pytest.mark.parametrize(
    "found", [nothing_there, a_link, open_to_all, a_file], ids=lambda f: f.__name__
)
def test_code_is_loaded_from_folders_of_this_user_alone(found, temporary):
    parent, ours = temporary
    found(ours)
    used = folder.temporary_folder()
    assert (used == ours) == (found is nothing_there)
    assert used.parent == parent and used.name.startswith(ours.name)
    assert stat.S_IMODE(used.lstat().st_mode) == 0o700 and used.is_dir()
    assert (
        folder.temporary_folder() == used
    )  # the next process loads what this one made


def test_a_folder_that_another_user_made_is_not_used(temporary, monkeypatch):
    parent, _ = temporary
    other = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: other)
    taken = parent / f"gradclinic-cache-{other}"
    taken.mkdir(mode=0o700)  # by who we really are
    assert folder.temporary_folder() != taken


def test_told_to_compile_nothing_it_says_so_in_a_sentence(copy, tmp_path):
    program = "import gradclinic.kernels.philox"
    assert run(copy, program, tmp_path / "cache", NUMBA_DISABLE_JIT="1") == (
        "ImportError: gradclinic trains by compiled code, which NUMBA_DISABLE_JIT=1"
        " switches off: unset NUMBA_DISABLE_JIT"
    )


DAMAGE = {
    "emptied": lambda content: b"",
    "halved": lambda content: content[: len(content) // 2],
    "zeroed": lambda content: bytes(len(content)),
}


@pytest.mark.parametrize(
    "damage",
    ["halved", *(pytest.param(n, marks=SLOW) for n in ("emptied", "zeroed"))],
)
def test_what_cannot_be_read_is_compiled_anew_and_replaced(
    damage, copy, compiled, kept
):
    files = [path for path in kept.rglob("*") if path.is_file()]
    assert files
    for path in files:
        path.write_bytes(DAMAGE[damage](path.read_bytes()))
    for hits in "01":
        assert run(copy, COMPILE + HITS, kept) == f"{compiled.value} {hits}"


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(VANISHED, id="vanished"),
        pytest.param(FULL, id="full", marks=SLOW),
    ],
)
def test_what_cannot_be_written_is_not_kept(trouble, copy, compiled, tmp_path):
    value = run(copy, trouble + COMPILE, tmp_path / "cache")
    assert not list(tmp_path.rglob("*.nbc*"))
    assert value == compiled.value


@given(st.data())
def test_a_file_changed_anywhere_is_not_there(data):
    with tempfile.TemporaryDirectory() as place:
        files = SealedFiles(Path(place, "module"), "rule")
        files.save("key", b"machine code")
        assert files.load("key") == b"machine code"
        (path,) = Path(place).rglob("*.nbc")
        content = bytearray(path.read_bytes())
        where = data.draw(st.integers(0, len(content) - 1))
        if data.draw(st.booleans()):
            content[where] ^= data.draw(st.integers(1, 255))
        else:
            del content[where:]
        path.write_bytes(content)
        assert files.load("key") is None


def test_code_of_another_key_under_the_same_name_is_not_taken(tmp_path, monkeypatch):
    files = SealedFiles(tmp_path, "rule")
    monkeypatch.setattr(files, "_path", lambda key: tmp_path / "rule.nbc")
    files.save("float32", b"code")
    assert files.load("float64") is None


def test_divergence_stays_visible_under_the_compiler_options():
    assert not jit.FASTMATH & {"nnan", "ninf", "fast"}


def test_code_that_many_save_at_once_is_not_mixed_up(tmp_path):
    """Each a key of its own and one that all have; whoever reads finds it whole."""
    keys, whole = [f"float{k}" for k in range(8)], b"x" * 100_000

    def save(key):
        files = SealedFiles(tmp_path / "module", "rule")
        for _ in range(20):
            files.save(key, key)
            files.save("all", whole)
            assert files.load("all") == whole
        return files.load(key)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(save, keys)) == keys
    files = SealedFiles(tmp_path / "module", "rule")
    assert [files.load(key) for key in keys] == keys
    assert len(list(tmp_path.rglob("*"))) == len(keys) + 2  # no drafts are left
    files.flush()
    assert [files.load(key) for key in ("all", *keys)] == [None] * 9


@SLOW
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
    assert all(cache.ours(rule) and cache.known(rule) for rule in rules)
    assert len({cache.fingerprint(rule) for rule in rules}) == len(rules) > 20


def scalars_outside(hyper, step):
    return (hyper[0],)


def element_outside(p, g, state, i, c):
    p[i] -= c[0] * g[i]


def test_code_from_outside_is_never_kept(monkeypatch):
    """Not on its own, in a loop of ours, nor typed into a shell in our folder."""
    monkeypatch.chdir(sources.SOURCES)
    typed = {}
    exec("def typed(x):\n    return x", typed)
    kept = loop(jit.inner(scalars_outside), jit.inner(element_outside))
    for function in (element_outside, typed["typed"], kept):
        assert isinstance(jit.jit(function)._cache, caching.NullCache)
    rule = jit.jit(OPTIMIZERS["adam"].rule)
    assert isinstance(rule._cache, cache.ContentCache)
