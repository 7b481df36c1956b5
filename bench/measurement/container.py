"""What a container (control group) leaves of the machine's memory.

Cores need nothing of ours: `joblib.cpu_count` already knows affinity and quota.
"""

import os
from pathlib import Path

_ROOT = Path("/sys/fs/cgroup")
_GROUPS = Path("/proc/self/cgroup")
# What version 1 reports where nothing was set: the largest multiple of a page.
_UNLIMITED = 1 << 60
_VERSIONS = {
    2: ("memory.max", "memory.current", "inactive_file"),
    1: ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
}


def memory_limit() -> int | None:
    """Return the tightest memory limit of the groups above us in bytes, or None."""
    return min((limit for limit, _ in _limits()), default=None)


def memory_left() -> int | None:
    """Return bytes until the tightest group is full, or None without any limit.

    Inactive file pages do not count as used: the kernel drops them first.
    """
    return min((left for _, left in _limits()), default=None)


def _limits():
    """Yield (limit, left) in bytes of each group that has a limit."""
    for folder, version in _folders():
        limit_file, usage_file, cached = _VERSIONS[version]
        limit, usage = _number(folder / limit_file), _number(folder / usage_file)
        if limit is None or usage is None or limit >= _UNLIMITED:
            continue
        usage -= _statistic(folder / "memory.stat", cached)
        yield limit, max(0, limit - usage)


def _folders():
    """Yield (folder, version) of our memory group and all groups above it."""
    try:
        lines = os.fsdecode(_GROUPS.read_bytes()).splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if controllers and "memory" not in controllers.split(","):
            continue
        top, version = (_ROOT / "memory", 1) if controllers else (_ROOT, 2)
        folder = top / path.lstrip("/")
        # Inside a container the path may be the host's, unseen here: its top remains.
        for level in (folder, *folder.parents):
            if level.is_relative_to(top):
                yield level, version


def _number(path: Path) -> int | None:
    try:
        return int(path.read_bytes())
    except (OSError, ValueError):  # no such file, or the word "max"
        return None


def _statistic(path: Path, name: str) -> int:
    try:
        lines = path.read_bytes().decode().splitlines()
    except OSError:
        return 0
    return next((int(x.split()[1]) for x in lines if x.split()[0] == name), 0)
