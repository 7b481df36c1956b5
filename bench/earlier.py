"""Pages of an earlier run: those of another seed are not replaced unasked."""

import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from .errors import UsageError
from .typed import OUT, typed


def check_seed(out: Path, names: Iterable[str], seed: int, force: bool) -> None:
    """Raise UsageError where OUT holds pages, to be written anew, of another seed.

    names: of the JSON files, without `.json`. A file that cannot be read stands in
    nobody's way. force: replace them.
    """
    found = {} if force else {name: seed_of(out / f"{name}.json") for name in names}
    others = {name: s for name, s in found.items() if s is not None and s != seed}
    if not others:
        return
    name, other = next(iter(others.items()))
    more = f" and {len(others) - 1} more" if len(others) > 1 else ""
    elsewhere = typed(out=f"{out if out != OUT else OUT}-seed-{seed}")
    raise UsageError(
        f"{out} holds the page of {name}{more} for --seed {other}; {elsewhere} keeps"
        f" it and writes those of --seed {seed} elsewhere, --force replaces it."
    )


def seed_of(path: Path) -> int | None:
    """The seed of a stored result, None where there is none."""
    with suppress(OSError, ValueError, AttributeError):
        content = json.loads(path.read_bytes())
        seed = content.get("seed", content.get("settings", {}).get("seed"))
        return seed if isinstance(seed, int) else None
    return None
