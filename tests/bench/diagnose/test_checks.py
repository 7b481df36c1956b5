"""Each check: what fires it, and what must not."""

import numpy as np
import pandas as pd
import pytest
from gradclinic.bench.studies.diagnose.checks import CHECKS, Look, inspected
from gradclinic.bench.studies.diagnose.checks.finding import KINDS, named, short
from gradclinic.bench.studies.diagnose.checks.label_noise import contradicted
from gradclinic.bench.studies.diagnose.parts import held_out
from gradclinic.bench.studies.diagnose.reading import Rows, user_table

from ...quick import first_or_exhaustive
from .tables import clusters

N = 400


def look(frame, target="y", **how):
    table = user_table(Rows(frame, len(frame), "t.csv"), target, **how)
    rest, _ = held_out(table, table.groups, 0)
    return Look(table, rest, 0)


def plain(rows=N, seed=0, **columns):
    x, y = clusters(rows, seed=seed)
    return x.assign(y=y, **columns)


RNG = np.random.default_rng(5)
NUMBERS = RNG.normal(size=N)
Y = plain()["y"].to_numpy()
DAYS = pd.date_range("2026-01-01", periods=N).astype(str)
# What each check must find, and the columns that it must name first.
FIRES = [
    (
        "GC101",
        {"odd": ["?" if k % 50 == 0 else f"{v:.3f}" for k, v in enumerate(NUMBERS)]},
    ),
    ("GC101", {"odd": np.where(np.arange(N) == 7, np.inf, NUMBERS)}),
    ("GC102", {"odd": 3.0}),
    ("GC102", {"odd": "NL"}),
    ("GC102", {"odd": np.nan}),
    ("GC103", {"odd": RNG.permutation(N) + 1000}),
    ("GC103", {"odd": [f"u{k:05}" for k in range(N)]}),
    ("GC103", {"customer_id": RNG.permutation(10**6)[:N]}),
    ("GC104", {"odd": DAYS}),
    ("GC104", {"timestamp": np.arange(N) * 3600.0 + RNG.uniform(0, 9, N).cumsum()}),
    ("GC105", {"odd": [f"the client said {k} or so things" for k in range(N)]}),
    ("GC106", {"odd": Y * 9 + NUMBERS}),
    ("GC106", {"odd": np.where(Y, "paid", "open")}),
    ("GC106", {"odd": np.where(Y, NUMBERS + 20, np.nan)}),
    ("GC110", {"odd": np.where(np.arange(N) % 8 == 0, np.nan, NUMBERS)}),
    ("GC113", {"odd": NUMBERS * 1e5}),
    ("GC113", {"odd": 2000 + NUMBERS}),
    ("GC114", {"odd": plain()["f0"] + 1e-4 * NUMBERS}),
    ("GC115", {"odd": np.where(np.arange(N) == 9, 500.0, NUMBERS)}),
]


@pytest.mark.parametrize(("code", "columns"), FIRES, ids=range(len(FIRES)))
def test_a_planted_trouble_is_found_with_its_column(code, columns):
    found = CHECKS[code].check(look(plain(**columns)))
    (name,) = columns
    assert found.code == code and name in found.columns
    assert short(name) in found.evidence


@pytest.mark.parametrize("seed", first_or_exhaustive(range(4), [0]))
def test_nothing_is_found_in_a_plain_table(seed):
    assert [f.code for f in inspected(look(plain(seed=seed)))] == []


HARMLESS = {
    "a count": RNG.poisson(3, N),
    "a few categories": RNG.choice(["a", "b", "c"], N),
    "a rare gap": np.where(np.arange(N) == 3, np.nan, NUMBERS),
    "distinct fractions": RNG.uniform(size=N),
    "large whole numbers, some twice": RNG.integers(0, 5000, N) * 7 % 1999,
    "an indicator": RNG.integers(0, 2, N),
    "a heavy tail": RNG.standard_t(5, N),
    "a good feature": Y * 1.5 + NUMBERS,
}


@pytest.mark.parametrize("name", first_or_exhaustive(HARMLESS, ["a count"]))
def test_what_is_harmless_is_left_alone(name):
    # Large numbers beside small ones are of another scale, and no more than that.
    wanted = ["GC113"] if name.startswith("large") else []
    assert [f.code for f in inspected(look(plain(odd=HARMLESS[name])))] == wanted


def test_copies_and_contradictions():
    frame = plain(200)
    copied = pd.concat([frame, frame.sample(60, random_state=1)], ignore_index=True)
    copied = copied.sample(frac=1, random_state=2).reset_index(drop=True)
    assert 0.15 < _of(copied, "GC107").numbers["share"] < 0.5
    assert _of(copied, "GC108") is None
    grouped = copied.assign(g=np.arange(len(copied)) % 50)
    assert CHECKS["GC108"].check(look(grouped, group="g")).code == "GC108"
    assert CHECKS["GC107"].check(look(grouped, group="g")) is None
    torn = pd.concat(
        [frame, frame.head(20).assign(y=1 - frame["y"])], ignore_index=True
    )
    assert _of(torn, "GC109").numbers["share"] > 0.1


def test_equal_rows_of_few_values_are_no_copies():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.integers(0, 3, (N, 4)), columns=list("abcd"))
    frame["y"] = (frame["a"] + frame["b"] + rng.integers(0, 3, N) > 3).astype(int)
    assert all(_of(frame, code) is None for code in ("GC107", "GC108", "GC109"))


def test_imbalance_few_rows_and_rare_classes():
    frame = plain(1000, seed=1)
    frame["y"] = np.where(np.arange(1000) % 50 == 0, "rare", "usual")
    assert "“rare” has 20 rows (2 %)" in _of(frame, "GC112").evidence
    wide = pd.DataFrame(np.random.default_rng(0).normal(size=(150, 40)))
    wide["y"] = np.arange(150) % 2
    assert "150 rows for 40 inputs" in _of(wide, "GC116").evidence
    assert "60 rows" in _of(plain(60), "GC116").evidence
    rare = plain(300)
    rare["y"] = ["a", "b"] * 147 + ["c"] * 6
    assert "6 rows of the class “c”" in _of(rare, "GC116").evidence


def _of(frame, code):
    return CHECKS[code].check(look(frame))


def test_wrong_labels_are_found():
    rng = np.random.default_rng(3)
    x, y = clusters(900, columns=8, seed=3)
    x += 1.2 * y[:, None]
    clean = x.assign(y=y)
    noisy = x.assign(y=np.where(rng.random(900) < 0.2, 1 - y, y))
    assert _of(clean, "GC117") is None
    found = _of(noisy, "GC117")
    assert 0.1 < found.numbers["share"] < 0.3


def test_what_is_contradicted_and_the_surest_quarter():
    p = np.array([[0.9, 0.1], [0.7, 0.3], [0.2, 0.8], [0.55, 0.45]])
    wrong, sure = contradicted(p, np.array([0, 1, 1, 1]))
    assert wrong.tolist() == [False, True, False, True]
    assert sure.tolist() == [True, False, False, False]


@pytest.mark.parametrize("seed", range(2))
def test_classes_that_overlap_are_no_wrong_labels(seed):
    assert _of(plain(900, seed=seed), "GC117") is None


def test_drift_is_asked_in_the_order_of_time():
    rng = np.random.default_rng(0)
    frame = plain(600, seed=2)
    when = rng.permutation(600)
    frame["f0"] += 4 * when / 600
    frame["when"] = when
    assert _of(frame.drop(columns="when"), "GC111") is None
    found = CHECKS["GC111"].check(look(frame, time="when"))
    assert "in their order" not in found.evidence
    assert found.next_step.startswith("Train on recent rows")


def test_a_column_that_moves_with_the_rows_is_a_drift():
    frame = plain(odd=NUMBERS + np.linspace(0, 4, N))
    found = _of(frame, "GC111")
    assert found.numbers["auc"] > 0.8 and "by an AUC of 0.8" in found.evidence


def test_rows_sorted_by_class_do_not_drift():
    frame = plain(300).sort_values("y").reset_index(drop=True)
    assert _of(frame, "GC111") is None


def test_a_straight_leak_of_a_number():
    frame = plain()
    frame["y"] = np.linspace(0, 1, N)[RNG.permutation(N)] * 40
    frame["odd"] = 3 * frame["y"] + 0.1 * NUMBERS
    assert _of(frame, "GC106").columns == ("odd",)
    frame["odd"] = 3 * frame["y"] + 30 * NUMBERS
    assert _of(frame, "GC106") is None


def test_muted_checks_are_not_made_and_drop_nothing():
    frame = plain(odd=3.0, number=np.random.default_rng(0).permutation(N))
    seen = look(frame)
    assert [f.code for f in inspected(seen)] == ["GC102", "GC103"]
    assert seen.dropped == ["odd", "number"]
    seen = look(frame)
    assert "GC103" not in [f.code for f in inspected(seen, ("GC103",))]
    assert "number" in seen.names


@pytest.mark.parametrize("code", CHECKS)
def test_a_check_is_declared_whole(code):
    module = CHECKS[code]
    assert code.startswith("GC1") and module.__doc__ and module.check.__doc__
    assert 0 <= module.WEIGHT <= KINDS[-1][0] and module.TITLE


def test_names_in_sentences_are_short_and_on_one_line():
    assert named(["a"]) == "“a”" and named(["a", "b"]) == "“a” and “b”"
    assert named(list("abcde")) == "“a”, “b”, “c” and 2 more"
    assert len(short("x" * 300)) == 40 and short("a\nb\t c") == "a b c"
