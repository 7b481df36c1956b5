"""Numbers in human words."""

from math import inf, nan

import pytest
from gradclinic.reports import words
from hypothesis import given
from hypothesis import strategies as st

NBSP = "\N{NO-BREAK SPACE}"
numbers = st.floats(-1e300, 1e300)


def plain(text):
    return text.replace(NBSP, " ")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "–"),
        (nan, "–"),
        (inf, "–"),
        (0, "0"),
        (-0.0, "0"),
        (3, "3"),
        (-3, "−3"),
        (12.13, "12.1"),
        (0.1, "0.1"),
        (0.04879, "0.0488"),
        (1797, "1,797"),
        (999.7, "1,000"),
        (9.999, "10"),
        (0.00115, "0.00115"),
        (1.24e-7, "1.2×10⁻⁷"),
        (-3.4e9, "−3.4×10⁹"),
    ],
)
def test_a_number_has_three_digits(value, said):
    assert words.number(value) == said


@given(numbers)
def test_a_number_reads_back(value):
    said = words.number(value)
    digits = str.maketrans("−⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "--0123456789")
    back = float(said.translate(digits).replace(",", "").replace("×10", "e"))
    assert back == pytest.approx(value, rel=0.06)


@pytest.mark.parametrize(
    ("value", "said"),
    [(512, "512 bytes"), (12_340, "12.3 kB"), (44e6, "44 MB"), (1.2e9, "1.2 GB")],
)
def test_bytes_are_decimal(value, said):
    assert plain(words.size(value)) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1.2e-5, "12 µs"),
        (0.34, "340 ms"),
        (2.3, "2.3 s"),
        (119, "119 s"),
        (204, "3.4 min"),
        (7560, "2.1 h"),
        (None, "–"),
    ],
)
def test_seconds_come_in_the_unit_one_would_say(value, said):
    assert plain(words.duration(value)) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.4312, "×0.43"),
        (1.0, "×1.00"),
        (1.17, "×1.17"),
        (3.549, "×3.55"),
        (13.21, "×13.2"),
        (143.4, "×143"),
        (0.0432, "×0.043"),
        (0.00098, "×0.00098"),
        (1e-7, "×10⁻⁷"),
        (7.8e-7, "×7.8×10⁻⁷"),
        (1.3e6, "×1.3×10⁶"),
        (2.3e12, "×2.3×10¹²"),
        (1234.0, "×1,234"),
        (0.0, "×0"),
        (None, "–"),
        (nan, "–"),
    ],
)
def test_a_ratio_has_one_form(value, said):
    assert words.times(value) == said


@given(st.floats(1e-3, 9e4))
def test_a_ratio_reads_back(value):
    back = float(words.times(value)[1:].replace(",", ""))
    assert back == pytest.approx(value, rel=0.06)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.27, 0.68, ".27 to .68"),
        (0.95, 1.1, ".95 to 1.10"),
        (0.0431, 13.21, ".043 to 13.2"),
        (0.27, None, ".27 or more"),
        (None, 0.68, ".68 or less"),
        (None, None, ""),
    ],
)
def test_an_interval_of_ratios_stands_in_brackets(low, high, said):
    assert words.times_between(low, high) == said


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (0.032, "share", "+3.2 points"),
        (-0.04, "share", "−4.0 points"),
        (0.0, "share", "0.0 points"),
        (0.0123, "nats", "+0.0123 nats"),
        (-2e6, "bytes", "−2 MB"),
        (None, "nats", "–"),
    ],
)
def test_a_difference_has_its_sign(value, unit, said):
    assert plain(words.signed(value, unit)) == said


def test_an_interval_of_differences_stands_in_brackets():
    assert words.signed_between(0.011, 0.053, "share") == "1.1 to 5.3"
    assert words.signed_between(-0.011, None, "share") == "−1.1 to no bound"
    assert words.signed_between(None, None) == ""


def test_what_is_known_no_better_has_two_digits():
    assert [words.rounded(v) for v in (0.00756, 1.234, 14.4, 0, None)] == [
        "0.0076",
        "1.2",
        "14",
        "0",
        "–",
    ]


def test_a_seed_is_a_name_and_no_count():
    assert (words.plain_number(3000), words.number(3000)) == ("3000", "3,000")


def test_lists_and_counts_read_as_prose():
    assert words.joined(["a", "b", "c"]) == "a, b and c"
    assert words.joined(["a"]) == "a"
    assert words.count(0, "fix", "fixes") == "no fix"
    assert words.count(1, "fix", "fixes") == "1 fix"
    assert words.count(2, "run") == "2 runs"


def test_percentages_do_not_break():
    assert words.glued("5% or 10 %") == f"5{NBSP}% or 10{NBSP}%"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "–"),
        (nan, "–"),
        (0.9, "0.90"),
        (0.03412, "0.034"),
        (1, "1.00"),
        (9.996, "10.0"),
        (41.87, "41.9"),
        (99.96, "100"),
        (118.2, "118"),
        (1234.5, "1,234"),
        (-0.5, "−0.50"),
    ],
)
def test_a_factor_keeps_its_zeros(value, said):
    assert words.factor(value) == said


def test_an_interval_of_factors_needs_both_ends():
    assert words.factors(0.9, 1.25) == "0.90 to 1.25"
    assert words.factors(0.9, None) == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ranking (AUC)", "Ranking (AUC)"),
        ("R²", "R²"),
        ("test loss", "Test loss"),
        ("", ""),
    ],
)
def test_only_the_first_letter_of_a_heading_becomes_large(text, said):
    assert words.headed(text) == said
