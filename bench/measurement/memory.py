"""What a process holds of memory, from Linux's /proc; None where there is no /proc.

Of the counters, `VmHWM` is the exact peak of all resident pages, code and mapped files
included; `RssAnon` is what the process allocated and touched; `VmData` is what it may
touch without asking again, which RLIMIT_DATA limits. Source: proc_pid_status(5).
"""

import psutil

from .container import memory_left

_FIELDS = ("VmHWM", "VmRSS", "VmData", "RssAnon", "RssFile", "RssShmem")


def process_memory(pid: int | str = "self") -> dict[str, int] | None:
    """Return VmHWM, VmRSS, VmData, RssAnon, RssFile and RssShmem in bytes.

    None where /proc does not tell them, or the process has ended.
    """
    try:
        with open(f"/proc/{pid}/status", encoding="utf-8", errors="replace") as status:
            pairs = dict(line.split(":", 1) for line in status if ":" in line)
        return {name: int(pairs[name].split()[0]) * 1024 for name in _FIELDS}
    except (OSError, KeyError):
        return None


def mapped_bytes(folder: str) -> int:
    """Return the bytes of files of a folder that this process has mapped and touched.

    0 where /proc does not tell. Source: proc_pid_smaps(5).
    """
    total, mine = 0, False
    try:
        with open("/proc/self/smaps", encoding="utf-8", errors="replace") as maps:
            for line in maps:
                if line.startswith("Rss:"):
                    total += int(line.split()[1]) * 1024 if mine else 0
                elif not line.split(maxsplit=1)[0].endswith(":"):
                    mine = f" {folder}/" in line
    except OSError:
        return 0
    return total


def reset_peak() -> bool:
    """Set VmHWM back to what is resident now; False where that cannot be done.

    Source: proc_pid_clear_refs(5), value 5. ru_maxrss will not do: a child starts
    with its parent's.
    """
    try:
        with open("/proc/self/clear_refs", "w", encoding="utf-8") as clear:
            clear.write("5")
    except OSError:
        return False
    return True


def available_bytes() -> int:
    """Return what can still be allocated without swapping, container limit included."""
    free, left = psutil.virtual_memory().available, memory_left()
    return free if left is None else min(free, left)
