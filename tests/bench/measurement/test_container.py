"""Memory limits of control groups, read from made-up folders."""

import pytest
from gradclinic.bench.measurement import container


@pytest.fixture
def groups(tmp_path, monkeypatch):
    """Write files below a made-up /sys/fs/cgroup; the first argument is our group."""
    monkeypatch.setattr(container, "_ROOT", tmp_path / "sys")
    monkeypatch.setattr(container, "_GROUPS", tmp_path / "cgroup")

    def write(ours, files):
        (tmp_path / "cgroup").write_text(ours)
        for name, content in files.items():
            path = tmp_path / "sys" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{content}\n")

    return write


def test_tightest_group_above_us_decides(groups):
    groups(
        "0::/outer/inner\n",
        {
            "outer/memory.max": 1000,
            "outer/memory.current": 300,
            "outer/memory.stat": "anon 200\ninactive_file 100",
            "outer/inner/memory.max": "max",
            "outer/inner/memory.current": 300,
        },
    )
    assert (container.memory_limit(), container.memory_left()) == (1000, 800)


def test_a_path_of_the_host_unseen_inside_falls_back_to_the_top(groups):
    groups("0::/system/pod1\n", {"memory.max": 500, "memory.current": 600})
    assert (container.memory_limit(), container.memory_left()) == (500, 0)


def test_version_one(groups):
    groups(
        "5:cpu:/\n4:memory:/job\n",
        {
            "memory/job/memory.limit_in_bytes": 700,
            "memory/job/memory.usage_in_bytes": 500,
            "memory/memory.limit_in_bytes": 9223372036854771712,
            "memory/memory.usage_in_bytes": 5000,
        },
    )
    assert (container.memory_limit(), container.memory_left()) == (700, 200)


def test_no_limit_and_no_groups(groups, tmp_path):
    groups("0::/\n", {"memory.max": "max", "memory.current": 1})
    assert container.memory_limit() is None
    (tmp_path / "cgroup").unlink()
    assert container.memory_left() is None
