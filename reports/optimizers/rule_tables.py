"""A rule in words: its docstring, its parity, its paths on functions of two numbers."""

import re

from .. import words
from .content import StudyContent
from .tables import TableRow

_WRITTEN = {
    "<-": "←",
    "`": "",
    " state:": " State:",
    " hyper:": " Hyper-parameters, in their order:",
}


def prose(paragraphs: list[str]) -> list[str]:
    """A docstring's paragraphs as a page writes them."""
    for old, new in _WRITTEN.items():
        paragraphs = [f" {text}".replace(old, new).strip() for text in paragraphs]
    return paragraphs


def title(text: str) -> str:
    """What a rule is, without where its code points to."""
    return re.sub(r"[:;,]? see `[^`]*`", "", text).replace("`", "")


def parity(study: StudyContent, name: str) -> list[TableRow]:
    """The certificate's rows of an optimizer: reference, options, differences."""
    return [
        TableRow(
            row["source"],
            "",
            (
                row["label"],
                tuple(_difference(row, problem) for problem in row["differences"]),
                words.number(row["tolerance"]),
                row["passes"],
            ),
            row["reason"],
        )
        for row in study["parity"]["rows"]
        if row["optimizer"] == name
    ]


def _difference(row, problem):
    value = row["differences"][problem]
    return problem, "not stored" if value is None else words.number(value)


def surfaces(study: StudyContent, name: str) -> list[TableRow]:
    """An optimizer on the functions of two numbers: rate, and when it was near."""
    found = study["surfaces"]
    gradients = found.get("gradients")
    rows = []
    for function, run in zip(
        found["functions"], found["paths"].get(name, ()), strict=False
    ):
        if run["near"] is not None:
            said = f"after {run['near']} gradients"
        elif run["last"] is None:
            said = "diverged at every rate tried"
        else:
            said = (
                f"not within {gradients} gradients; {words.number(run['last'])} above"
                " the least at the end"
            )
        rows.append(
            TableRow(
                function["title"],
                "",
                ((said, ""), (words.number(run["lr"]), "")),
                function["formula"].replace("-", "\N{MINUS SIGN}"),
            )
        )
    return rows
