"""What the pages show beside the study, and that they can be drawn again."""

import json
from dataclasses import replace

from gradclinic.bench.commands import main
from gradclinic.bench.execution.entrant import registered
from gradclinic.bench.studies.optimizers.extras import extras, parity, rule
from gradclinic.bench.studies.optimizers.own import load
from gradclinic.bench.studies.optimizers.updates import updates

OWN = '''"""Mine: what I made."""

from gradclinic.kernels import Optimizer


def update(p, g, state, hyper, step, layout):
    """p <- p - lr g.

    Nothing else.
    """
    lr = p.dtype.type(hyper[0])
    for i in range(p.size):
        p[i] -= lr * g[i]


OPTIMIZER = Optimizer("mine", update, 0, "me, 2026", {"lr": 0.1})
'''


def silent(done, total, text):
    pass


def test_rules_are_the_words_of_their_files(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(OWN)
    found = rule(load(path))
    assert found == {
        "title": "Mine: what I made.",
        "text": ["p <- p - lr g.", "Nothing else."],
    }
    adamw = rule(registered("adamw"))
    assert adamw["title"].startswith("AdamW: ") and "<-" in adamw["text"][0]


def test_parity_is_that_of_the_optimizers_of_the_study(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(OWN)
    found = parity((registered("adamw"), load(path)))
    assert {row["optimizer"] for row in found["rows"]} == {"adamw"}
    assert all(row["passes"] for row in found["rows"])
    assert found["unproven"] == []
    unknown = replace(registered("adamw"), name="adamw_again")
    assert parity((unknown,))["unproven"] == ["adamw_again"]


def test_updates_cost_time_and_state():
    rows = updates((registered("sgd"), registered("adamw")), quick=True)["rows"]
    assert [row["state_bytes"] for row in rows] == [0.0, 8.0]
    assert all(0 < row["least"] <= row["median"] for row in rows)
    # What happens every tenth step is in each sample, as often as elsewhere.
    assert all(row["steps"] >= 10 and row["steps"] % 10 == 0 for row in rows)


def test_the_extras_are_json_of_every_optimizer(small):
    found = json.loads(json.dumps(extras(small, silent), allow_nan=False))
    names = [entrant.name for entrant in small.entrants]
    assert list(found["rules"]) == names
    assert [row["optimizer"] for row in found["updates"]["rows"]] == names
    assert list(found["surfaces"]["paths"]) == names


def test_pages_are_drawn_and_drawn_again(tmp_path, capsys):
    chosen = ("--optimizer", "sgd", "--problem", "wine", "--trials", "3", "--quick")
    assert main(["optimizers", *chosen, "--seeds", "2", "--out", str(tmp_path)]) == 0
    pages = {page.name: page.read_text() for page in tmp_path.glob("*.html")}
    assert set(pages) == {"optimizers.html", "optimizer-sgd.html", "problem-wine.html"}
    for name in pages:
        (tmp_path / name).unlink()
    assert main(["report", str(tmp_path)]) == 0
    assert "optimizers.html" in capsys.readouterr().out
    again = {page.name: page.read_text() for page in tmp_path.glob("*.html")}
    assert again == pages
    (tmp_path / "optimizers.json").write_text('{"schema": 1, "kind": "profile"}')
    assert main(["report", str(tmp_path)]) == 4
    assert "not a result of gradclinic optimizers" in capsys.readouterr().err
