"""`python -m gradclinic.bench.studies.gpu OUT.json`: measure, and write as it goes.

By the standard library's parser: a machine that has a GPU may have no click.
"""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import NoReturn

from ....kernels.device import DeviceError, chosen_device, failure
from ....kernels.threads import chosen_threads
from ...errors import INTERRUPTED, ResourceUnavailable
from .settings import settings_for
from .suite_outcome import with_tests


def _need_gpu() -> None:
    try:
        chosen_device("cuda")
    except DeviceError as error:
        _give_up(str(error))


def _give_up(sentence: str) -> NoReturn:
    _say(sentence)
    sys.exit(ResourceUnavailable.exit_code)


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def _at_least_one(text: str) -> float:
    seconds = float(text)
    if not 1 <= seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not a time of at least 1 s")
    return seconds


def parsed(arguments: list[str]) -> argparse.Namespace:
    """The command line; ends with exit code 2 and a sentence where it is wrong."""
    parser = argparse.ArgumentParser(
        "python -m gradclinic.bench.studies.gpu",
        allow_abbrev=False,
        description="Measure this machine's GPU beside its CPU, and write OUT as JSON."
        " Exits 5 where there is no GPU to use, or it fails; OUT then holds what was"
        " measured until then.",
    )
    add = parser.add_argument
    add("out", nargs="?", type=Path, metavar="OUT")
    add(
        "--check",
        action="store_true",
        help="only see whether a kernel runs on a GPU here: exit 0 or 5",
    )
    add("--seconds", type=_at_least_one, help="for all of it, at most")
    add("--quick", action="store_true", help="fewer sizes and samples: a first look")
    add("--tiny", action="store_true", help="smallest sizes, as a simulator needs")
    add("--no-peers", action="store_true", help="leave out PyTorch and JAX")
    add(
        "--tests",
        type=Path,
        metavar="LOG",
        help="measure nothing: put the counts of what `pytest -v` printed into OUT",
    )
    given = parser.parse_args(arguments)
    if not given.check and given.out is None:
        parser.error("OUT is missing: the JSON file to write")
    return given


def main(arguments: list[str]) -> None:
    """Do what the command line says."""
    given = parsed(arguments)
    if given.tests:
        content = json.loads(given.out.read_text(encoding="utf-8"))
        log = given.tests.read_text(encoding="utf-8", errors="replace")
        write(given.out, with_tests(content, log))
        return
    _need_gpu()
    if given.check:
        if reason := failure():
            _give_up(reason)
        return
    from .measure import measure

    settings = settings_for(
        chosen_threads(None), given.seconds, given.quick, given.tiny, not given.no_peers
    )
    try:
        measure(settings, _say, lambda content: write(given.out, content))
    except DeviceError as error:
        _give_up(str(error))
    except KeyboardInterrupt:
        _say("Interrupted: what there was by then is written.")
        sys.exit(INTERRUPTED)


def write(out: Path, content: dict) -> None:
    """Write JSON so that the file is whole at any time."""
    out.parent.mkdir(parents=True, exist_ok=True)
    beside = out.with_name(out.name + ".part")
    beside.write_text(
        json.dumps(content, indent=1, allow_nan=False) + "\n", encoding="utf-8"
    )
    os.replace(beside, out)


if __name__ == "__main__":
    main(sys.argv[1:])
