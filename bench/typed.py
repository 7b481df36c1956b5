"""Commands as they can be typed again: with the options that were given, quoted."""

import shlex
import shutil
import sys
from pathlib import Path
from typing import Any

OUT = Path("gradclinic-report")  # where pages go unless told otherwise


def typed(*words: str, **options: Any) -> str:
    """`gradclinic run overfitting --seed 7` for a shell.

    Nothing is said of an option that is None, False, 0 or empty, nor of the folder
    `OUT`; True is a switch, and a tuple one option a value.
    """
    line = list(words)
    for name, value in options.items():
        flag = f"--{name}"
        for each in value if isinstance(value, tuple) else (value,):
            if each is True:
                line.append(flag)
            elif each and each != OUT:
                line += [flag, str(each)]
    return shlex.join(line)


def program() -> list[str]:
    """The words that start gradclinic here."""
    if shutil.which("gradclinic"):
        return ["gradclinic"]
    if Path(sys.argv[0]).name == "__main__.py":
        return [sys.executable, "-m", "gradclinic.bench"]
    return [sys.argv[0]]
