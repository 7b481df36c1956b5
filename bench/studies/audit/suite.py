"""The pages of the suite: what they claim, beside what the stored runs give."""

import html
import json
import re
from collections.abc import Iterator
from math import exp, inf, isclose
from pathlib import Path

import numpy as np
import pandas as pd

from .question import ALPHA, CONTROLS, HELPS, MEASURED, SMALL, AuditedQuestion
from .runs import table
from .tuning import audit_doses, audit_pairs

NEW_DATA = "more data"
# The beginning or end of a sentence that names all fixes of one verdict.
SAID = {
    "cured": re.compile(r"^Cured by (.*)\.$"),
    "relieved": re.compile(r"^(.*) helps?, but the symptom is not shown to be gone\.$"),
    SMALL: re.compile(r"^The effect of (.*) is too small to matter here\.$"),
    "worse": re.compile(r"^(.*) made things worse here\.$"),
    "inconclusive": re.compile(r"^For (.*) these seeds do not decide"),
}
LABEL = re.compile(r"“(.*?)”")


def audit_suite(folder: Path) -> Iterator[str]:
    """Sentences on what does not follow, of every scenario page in the folder."""
    runs = table(folder / "runs.sqlite")
    for path in sorted(folder.glob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        if "symptom" not in content:
            continue
        for each in (content, *content["parts"]):
            yield from audit_question(each, runs)
            for case in _other_cases(each):
                yield from _audit_case(case, runs)
        yield from _page(folder, content)


def _other_cases(content: dict) -> Iterator[dict]:
    """Each case elsewhere as a question, with the yardstick of the page's question."""
    shared = {key: content[key] for key in ("metric", "delta", "seed")}
    for case in (content.get("elsewhere") or {"cases": ()})["cases"]:
        yield shared | case


def audit_question(content: dict, runs: pd.DataFrame) -> Iterator[str]:
    """Sentences on what does not follow of one question."""
    name, question = content["scenario"], AuditedQuestion(content, runs)
    if question.baseline.empty:
        yield f"{name}: there is no run of its baseline in runs.sqlite."
        return
    judged: dict = {}
    yield from _fixes(content, question, judged)
    for said in (
        *_symptom(content, question),
        *_also(content, question),
        *_best(content, question, judged),
        *_controls(content, judged),
        *_counts(content, question, judged),
        *_sentences(content, judged),
        *audit_doses(content, runs),
        *audit_pairs(content, question),
    ):
        yield f"{name}: {said}"


def _audit_case(content: dict, runs: pd.DataFrame) -> Iterator[str]:
    """Sentences on what does not follow of one case elsewhere."""
    name, question = content["scenario"], AuditedQuestion(content, runs)
    if question.baseline.empty:
        yield f"{name}: there is no run of its baseline in runs.sqlite."
        return
    yield from _fixes(content, question, {})
    middle = float(np.median(question.values(question.baseline)))
    if not _same(content["baseline"], middle):
        yield f"{name}: {_differ('the baseline', content['baseline'], middle)}"
    for said in (*_symptom(content, question), *audit_doses(content, runs)):
        yield f"{name}: {said}"


def _fixes(content, question, judged):
    """Sentences on every fix; judged: filled with {name: `Judged`}."""
    for fix in content["fixes"]:
        judged[fix["name"]] = question.judged(fix["name"], fix["level"] or 0.95)
        for said in _fix(fix, judged[fix["name"]], content, question):
            yield f"{content['scenario']}, {fix['label']}: {said}"


def _differ(what, said, found):
    return f"{what} is said to be {said}, and the runs give {found}."


def _same(said, found):
    """Are two numbers the same? None stands for what is not finite."""
    if said is None or found is None or not np.isfinite(found):
        return said is None and (found is None or not np.isfinite(found))
    return isclose(said, found, rel_tol=1e-6, abs_tol=1e-9)


def _fix(fix, found, content, question):
    if fix["n"] != len(found.seeds):
        yield _differ("the number of pairs", fix["n"], len(found.seeds))
    if fix["verdict"] != found.verdict:
        yield _differ("the verdict", fix["verdict"], found.verdict)
    if len(found.seeds) < 2:
        return
    fixes = sum(f["role"] == "fix" for f in content["fixes"])
    levels = [1 - ALPHA / (max(1, fixes) * looks) for looks in (1, 2)]
    if not any(isclose(fix["level"], level) for level in levels):
        yield _differ("the level", fix["level"], f"{levels[0]} or {levels[1]}")
    numbers = dict(zip(("low", "high"), found.bounds, strict=True))
    numbers |= dict(zip(("low90", "high90"), found.bounds90, strict=True))
    for key, number in ({"gain": found.value} | numbers).items():
        if not _same(fix[key], number):
            yield _differ(key, fix[key], number)
    for key, value in (("refuted", found.refuted), ("symptom_fires", found.fires)):
        if value is not None and fix[key] != bool(value):
            yield _differ(key, fix[key], bool(value))
    if bool(fix["guardrail"]) != found.harmed:
        yield _differ("a failed guardrail", bool(fix["guardrail"]), found.harmed)
    yield from _effect(fix["effect"], found, question)
    yield from _test_metric(fix, found, question)


def _effect(effect, found, question):
    counts = {
        "better": (found.gains > 0).sum(),
        "worse": (found.gains < 0).sum(),
        "equal": (found.gains == 0).sum(),
    }
    for key, count in counts.items():
        if effect[key] != count:
            yield _differ(f"the count of {key} pairs", effect[key], count)
    seeds = [seed for seed, _ in effect["pairs"]]
    if seeds != found.seeds:
        yield _differ("the list of seeds", seeds, found.seeds)
        return
    scale = "ratio" if "ratio" in effect else "difference"
    shown = [_shown(gain, scale, question) for gain in found.gains]
    for (seed, pair), number in zip(effect["pairs"], shown, strict=True):
        if not _same(pair, number):
            yield _differ(f"the {scale} of seed {seed}", pair, number)
    ends = sorted(_shown(b, scale, question) for b in found.bounds)
    for label, said, number in zip(
        ("", "lower end of the ", "upper end of the "),
        effect[scale],
        (_shown(found.value, scale, question), *ends),
        strict=True,
    ):
        if not _same(said, number):
            yield _differ(f"the {label}{scale}", said, number)


def _shown(gain, scale, question):
    """A gain as a ratio or difference of the metric."""
    change = -gain if question.metric["better"] == "lower" else gain
    if scale == "difference":
        return change
    return inf if change > 700 else exp(change)


def _test_metric(fix, found, question):
    if fix["test_metric"] is None:
        return
    rows = question.condition(fix["role"], fix["name"]).loc[found.seeds]
    sides = {"mean": rows, "baseline_mean": question.baseline.loc[found.seeds]}
    for key, side in sides.items():
        number = question.scores(side).mean(skipna=False)
        if not _same(fix["test_metric"][key], number):
            yield _differ(f"the test metric ({key})", fix["test_metric"][key], number)


def _symptom(content, question):
    seeds = question.shared(question.baseline)
    fires, refuted = question.symptom(question.baseline, seeds)
    for key, value in (("fires", fires), ("refuted", refuted)):
        if value is not None and content["symptom"][key] != bool(value):
            yield _differ(f"symptom {key}", content["symptom"][key], bool(value))


def _also(content, question):
    """Contents of an earlier version say nothing of other detectors."""
    for said in content.get("also", {"findings": []})["findings"]:
        found = question.also(said["detector"], said["role"], said["fix"])
        if found is None:
            continue
        for key, value in zip(("fires", "refuted"), found, strict=True):
            if said[key] != bool(value):
                what = f"{said['detector']} on {said['fix']} ({key})"
                yield _differ(what, said[key], bool(value))


def _best(content, question, judged):
    families = {f["name"]: f["family"] for f in content["fixes"] if f["role"] == "fix"}
    own = {n: family for n, family in families.items() if family != NEW_DATA}
    for key, among in (("fixes", families), ("without_new_data", own)):
        found = question.best(judged, among)
        if set(content["best"][key]) != found:
            said = ", ".join(content["best"][key]) or "none"
            yield _differ(f"best ({key})", said, ", ".join(sorted(found)) or "none")


def _controls(content, judged):
    said = {control["name"]: control["behaved"] for control in content["controls"]}
    for fix in content["fixes"]:
        if fix["role"] not in CONTROLS:
            continue
        verdict = judged[fix["name"]].verdict
        behaved = (verdict in HELPS) == (fix["role"] == "positive")
        found = None if verdict == "not measurable" else behaved
        if said.get(fix["name"]) != found:
            yield _differ(f"control {fix['name']}", said.get(fix["name"]), found)


def _counts(content, question, judged):
    failed = {(f["fix"], f["seed"]) for f in content["failed_runs"]}
    used = set(question.baseline.index)
    expected = list(range(question.start, question.start + len(used)))
    if not content["missing_runs"] and sorted(used) != expected:
        yield f"the baseline's seeds are {sorted(used)}, not {expected}."
    told = (*MEASURED, "unavailable")  # a device that is not there is no failure
    bad = question.runs[~question.runs.status.isin(told)]
    bad = bad[bad.fix.isin([*judged, "baseline", *question.sweep])]
    bad = bad[~bad.role.isin(["examination", "dose", "pair"])]
    lost = set(zip(bad.fix, bad.seed, strict=True))
    if failed != lost:
        yield _differ("the number of failed runs", len(failed), len(lost))


def _sentences(content, judged):
    labels = {
        f["label"]: judged[f["name"]].verdict
        for f in content["fixes"]
        if f["role"] == "fix"
    }
    for verdict, pattern in SAID.items():
        matches = [m for s in content["meaning"] if (m := pattern.match(s))]
        said = {label for m in matches for label in LABEL.findall(m[1])}
        found = {label for label, each in labels.items() if each == verdict}
        if said != found:
            yield (
                f"the sentence on what is {verdict} names"
                f" {', '.join(sorted(said)) or 'nothing'}, and the runs give"
                f" {', '.join(sorted(found)) or 'nothing'}."
            )


def _page(folder, content):
    path = folder / f"{content['scenario']}.html"
    if not path.is_file():
        yield f"{content['scenario']}: there is no page {path.name}."
        return
    words = _words(path)
    for each in (content, *content["parts"]):
        for sentence in each["meaning"]:
            if " ".join(sentence.split()) not in words:
                yield f"{each['scenario']}: the page does not say “{sentence}”"


def _words(path):
    text = re.sub(
        r"<(script|style|svg).*?</\1>",
        " ",
        path.read_text(encoding="utf-8"),
        flags=re.S,
    )
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", text)).split())
