"""Pages of one seed are not replaced unasked by those of another."""

import json

import pytest
from gradclinic.bench.earlier import check_seed, seed_of
from gradclinic.bench.errors import UsageError


@pytest.fixture
def folder(tmp_path):
    for name in ("overfitting", "divergence"):
        (tmp_path / f"{name}.json").write_text(json.dumps({"seed": 3}))
    return tmp_path


def test_the_same_seed_replaces_its_pages(folder):
    check_seed(folder, ["overfitting", "divergence"], 3, force=False)


def test_another_seed_is_refused_and_told_what_to_do(folder):
    with pytest.raises(UsageError) as caught:
        check_seed(folder, ["overfitting", "divergence", "x"], 7, force=False)
    said = str(caught.value)
    assert "overfitting and 1 more for --seed 3" in said
    assert f"--out {folder}-seed-7" in said and "--force replaces" in said


@pytest.mark.parametrize(
    ("names", "seed", "force"),
    [(["overfitting"], 7, True), (["underfitting"], 7, False), ([], 7, False)],
)
def test_what_is_forced_or_absent_is_not_refused(folder, names, seed, force):
    check_seed(folder, names, seed, force)


@pytest.mark.parametrize(
    ("content", "seed"),
    [
        ('{"seed": 4}', 4),
        ('{"settings": {"seed": 5}}', 5),
        ('{"seed": "4"}', None),
        ("{}", None),
        ("[4]", None),
        ('{"seed"', None),
    ],
)
def test_the_seed_of_a_file(tmp_path, content, seed):
    (tmp_path / "a.json").write_text(content)
    assert seed_of(tmp_path / "a.json") == seed


def test_no_file_has_no_seed(tmp_path):
    assert seed_of(tmp_path / "none.json") is None
