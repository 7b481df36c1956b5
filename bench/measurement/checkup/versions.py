"""Python and the packages that numbers depend on."""

import platform
import sys
from dataclasses import dataclass

from ..machine import PACKAGES, cpu_model, package_version
from .check import Check

OLDEST_PYTHON = (3, 11)


@dataclass(frozen=True)
class Packages:
    """Facts. packages: (name, version), None where not installed."""

    python: tuple[int, ...]
    cpu: str
    system: str
    packages: tuple[tuple[str, str | None], ...]


def package_facts() -> Packages:
    """Look at what is installed."""
    packages = tuple((name, package_version(name)) for name in PACKAGES)
    system = f"{platform.system()} {platform.release()}"
    return Packages(sys.version_info[:3], cpu_model(), system, packages)


def packages(facts: Packages) -> Check:
    """List them; a missing one, or a Python too old, is a failure."""
    python = ".".join(map(str, facts.python))
    if facts.python < OLDEST_PYTHON:
        oldest = ".".join(map(str, OLDEST_PYTHON))
        return Check("versions", "fail", f"Python {python} is older than {oldest}.")
    missing = [name for name, version in facts.packages if version is None]
    if missing:
        found, step = f"Not installed: {', '.join(missing)}.", "pip install "
        return Check("versions", "fail", found, step + " ".join(missing))
    listed = ", ".join(f"{name} {version}" for name, version in facts.packages)
    found = f"{facts.cpu}; {facts.system}; Python {python}, {listed}."
    return Check("versions", "ok", found)
