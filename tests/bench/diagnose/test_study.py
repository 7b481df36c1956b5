"""A diagnosis whole: its content, its page, its command, its prescription."""

import json
import re
from io import StringIO

import numpy as np
import pandas as pd
import pytest
from gradclinic.bench import diagnose
from gradclinic.bench.commands import main
from gradclinic.bench.errors import UsageError
from gradclinic.bench.schemas import faults
from gradclinic.reports.files import finite

from ...reports.scripted import plain
from .tables import QUICK, UNTRIED, clusters


def test_the_content_follows_its_schema(found):
    assert list(faults(finite(found.content), "diagnose")) == []


def test_the_same_seed_finds_the_same(found, evil):
    again = diagnose(evil, "</h1><target>&", seed=1, **QUICK)
    for key in ("verdicts", "test", "headline", "prescription", "chosen"):
        assert again.content[key] == found.content[key]
    gains = [[f["gain"] for f in each.content["fixes"]] for each in (again, found)]
    assert gains[0] == gains[1]


def test_the_page_is_whole_small_offline_and_escaped(found, tmp_path):
    page = found.page(tmp_path / "page.html")
    text = page.read_text()
    assert page.stat().st_size < 1_000_000 and text.endswith("</html>")
    assert "<script" not in plain(text) and "<target>" not in text
    assert not re.search(r"(src|href)=\"https?:", text)
    assert "&lt;script&gt;" in text and "x" * 299 not in text.split("<pre")[0]
    assert json.loads((tmp_path / "page.json").read_text())["kind"] == "diagnose"
    assert len(list((tmp_path / "figures").glob("*.png"))) >= 2


def test_python_sees_frames_text_and_html(found):
    assert list(found.verdicts.columns)[:2] == ["code", "title"]
    assert {"gain", "low", "cost"} <= set(found.fixes.columns)
    assert len(found.fixes) == len(found.content["fixes"]) >= 5
    html = found._repr_html_()
    assert "<script" not in html and "<table>" in html
    assert found.headline[0] in repr(found)
    from rich.console import Console

    console = Console(width=200, file=StringIO(), record=True)
    console.print(found)
    assert found.headline[0][:30] in console.export_text()


def test_fixes_are_judged_on_the_same_splits(found):
    fixes = [f for f in found.content["fixes"] if f["verdict"] != "not measurable"]
    assert fixes and all(f["n"] == QUICK["splits"] for f in fixes)
    assert all(f["cost"] > 0 for f in fixes)
    helping = [f["verdict"] in ("cured", "relieved") for f in fixes]
    assert helping == sorted(helping, reverse=True)


def test_values_are_learnt_too(tmp_path):
    x, _ = clusters(100)
    y = 300 + 50 * x["f0"] - 20 * x["f1"] ** 2
    found = diagnose(x, y, **QUICK | {"epochs": 20})
    assert list(faults(finite(found.content), "diagnose")) == []
    assert found.content["metric"]["key"] == "rmse"
    assert found.content["table"]["task"] == "regression"
    page = found.page(tmp_path / "p.html").read_text()
    assert "a number to predict" in page


@pytest.mark.parametrize("how", [{"group": "g"}, {"time": "g"}, {"metric": "roc_auc"}])
def test_groups_times_and_metrics(how):
    x, y = clusters(120)
    found = diagnose(x.assign(g=np.arange(120) // 4, y=y), "y", **UNTRIED | how)
    split = {"group": "groups", "time": "time"}.get(next(iter(how)), "random")
    assert found.content["table"]["split_by"] == split
    assert list(faults(finite(found.content), "diagnose")) == []


def test_memory_and_budget_are_heeded():
    x, y = clusters(200)
    found = diagnose(x, y, memory=3_000, **UNTRIED)
    assert "GC209" in set(found.verdicts["code"])
    assert found.content["fixes"] == []
    assert any("--budget" in said for said in found.content["unknowns"])


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"mute": ("GC999",)}, "no such check"),
        ({"task": "ranking"}, "one of classification"),
        ({"metric": "rmse"}, "none of classification"),
    ],
)
def test_wrong_usage_is_one_sentence(how, said):
    x, y = clusters(60)
    with pytest.raises(UsageError, match=said):
        diagnose(x, y, **UNTRIED | how)


@pytest.fixture(scope="module")
def command(tmp_path_factory):
    """A run of the command on a table with a constant column: (folder, file, code)."""
    folder = tmp_path_factory.mktemp("command")
    x, y = clusters(120)
    file = folder / "table.csv"
    x.assign(same="NL", y=np.where(y, "yes", "no")).to_csv(file, index=False)
    words = ["diagnose", str(file), "--target", "y", "--out", str(folder / "out")]
    words += ["--epochs", "2", "--network", "8", "--threads", "1"]
    return folder, file, main([*words, "--fail-on", "GC102"])


def test_the_command_writes_page_numbers_and_prescription(command):
    folder, file, code = command
    assert code == 1  # the constant column
    out = folder / "out"
    assert {"diagnose.html", "diagnose.json", "prescription.toml", "figures"} <= {
        path.name for path in out.iterdir()
    }
    content = json.loads((out / "diagnose.json").read_text())
    assert content["command"].startswith(f"gradclinic diagnose {file} --target y")
    assert "--network 8" in content["command"]


def test_the_prescription_trains_what_was_tested(command, capsys):
    folder, _, _ = command
    out = folder / "out"
    content = json.loads((out / "diagnose.json").read_text())
    words = ["run", "--config", str(out / "prescription.toml"), "--json"]
    assert main([*words, "--out", str(folder / "trained")]) == 0
    result = json.loads(capsys.readouterr().out)
    tested = content["test"]["results"][1 if content["chosen"] else 0]["value"]
    assert content["metric"]["key"] == "accuracy"
    np.testing.assert_allclose(result["values"]["test_metric"], tested, atol=1e-6)
    weights = np.load(folder / "trained" / "trained.npz")
    assert sum(weights[name].size for name in weights.files) == 5 * 8 - 8 + 8 + 18 - 0


def test_report_draws_the_page_again(command):
    folder, _, _ = command
    page = folder / "out" / "diagnose.html"
    before = page.read_bytes()
    page.unlink()
    assert main(["report", str(folder / "out")]) == 0
    assert page.read_bytes() == before


def test_fail_on_names_what_there_is(tmp_path, capsys):
    words = ["diagnose", "wine", "--out", str(tmp_path), "--fail-on", "GC1"]
    assert main(words) == 2
    assert (
        "--fail-on GC1: there are trouble, baseline, GC101" in capsys.readouterr().err
    )


def test_a_frame_of_few_rows_is_diagnosed():
    x, y = clusters(40)
    found = diagnose(pd.DataFrame(x), y, **UNTRIED)
    assert "GC116" in set(found.verdicts["code"])
