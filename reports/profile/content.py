"""The content of a profile with nothing missing: absent parts are empty."""

from typing import Any

from ..files import finite

OURS = "gradclinic"
_LISTS = (
    "peers",
    "cases",
    "throughput",
    "scaling",
    "phases",
    "optimizers",
    "diagnostics",
    "growth",
)
_DICTS = ("machine", "noise", "settings", "roofline", "start", "updates", "gpu")
_WORDS = {
    "command": "gradclinic profile",
    "seconds": None,
    "created": None,
    "gpu_missing": None,
    "version": None,
}
_SETTINGS = ("threads", "samples", "processes", "quick", "dtype", "optimizer")


def completed(content):
    """The same content in plain Python types, every part present.

    Numbers that are not finite become None; a case has rows and an own time.
    """
    known = {k: v for k, v in finite(content).items() if v is not None}
    filled: dict[str, Any] = dict(_WORDS)
    filled |= {name: [] for name in _LISTS} | {name: {} for name in _DICTS} | known
    filled["settings"] = dict.fromkeys(_SETTINGS) | filled["settings"]
    filled["noise"] = {"noisy": None, "reasons": []} | filled["noise"]
    filled["cases"] = [_case(case) for case in filled["cases"]]
    return filled


def _case(case):
    filled = {"label": case["name"], "kind": "step", "rows": [], "best": {}, "ours": {}}
    return filled | {k: v for k, v in case.items() if v is not None}


def engine_labels(content):
    """{name: label} of every engine, gradclinic itself included."""
    known = {peer["name"]: peer.get("label") for peer in content["peers"]}
    return {name: label or name for name, label in known.items()} | {OURS: OURS}


def case_labels(content):
    """{name: label} of every case."""
    return {case["name"]: case["label"] for case in content["cases"]}


def compared(case):
    """The rows of a case that have a ratio, those that lose most first."""
    rows = [row for row in case["rows"] if row.get("ratio")]
    return sorted(rows, key=lambda row: row["ratio"])
