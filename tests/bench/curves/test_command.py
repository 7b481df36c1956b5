"""`gradclinic diagnose --curves FILE`: exit codes, JSON, and what is printed."""

import json
from pathlib import Path

import pytest
from gradclinic.bench.commands import main
from gradclinic.bench.schemas import faults

FILES = Path(__file__).parent / "files"
OVER = "epoch,train_loss,val_loss\n" + "\n".join(
    f"{e},{1 / (e + 1):.4f},{0.5 + 0.02 * e:.4f}" for e in range(30)
)


SETTLED = "epoch,train_loss,val_loss\n" + "\n".join(
    f"{e},{0.3 + 0.5**e:.4f},{0.31 + 0.5**e:.4f}" for e in range(20)
)


@pytest.fixture
def run(tmp_path, capsys):
    def run(text, *options):
        path = tmp_path / "log.csv"
        path.write_text(text, encoding="utf-8")
        out = ["--out", str(tmp_path / "out")]
        code = main(["diagnose", "--curves", str(path), *out, *options])
        return code, capsys.readouterr()

    return run


def test_a_trouble_is_named_with_what_to_do(run, tmp_path):
    code, said = run(OVER)
    assert code == 0 and not said.err
    assert said.out.startswith("log.csv: Overfitting. The network is far better")
    assert "Next: Stop where the validation loss is lowest" in said.out
    assert "dead relu" in said.out and "The page is " in said.out
    assert (tmp_path / "out" / "curves.html").exists()


@pytest.mark.parametrize(("text", "code"), [(OVER, 1), (SETTLED, 0)])
def test_fail_on_trouble(run, text, code):
    ended, said = run(text, "--fail-on", "trouble")
    assert ended == code
    assert ("log.csv: a trouble was found." in said.err) == bool(code)


def test_json_follows_its_schema_and_is_alone_on_stdout(run, tmp_path):
    code, said = run(OVER, "--json")
    content = json.loads(said.out)
    assert code == 0 and list(faults(content, "curves")) == []
    assert content["verdict"] == "overfitting" and "Overfitting" in said.err
    stored = (tmp_path / "out" / "curves.json").read_text(encoding="utf-8")
    assert json.loads(stored) == content


def test_logs_of_each_kind_follow_the_schema(tmp_path, capsys):
    for name in ("jumps-ours.tsv", "run-away-torch.json", "torus-ours.csv"):
        path = FILES / name
        assert (
            main(["diagnose", "--curves", str(path), "--json", "--out", str(tmp_path)])
            == 0
        )
        content = json.loads(capsys.readouterr().out)
        assert list(faults(content, "curves")) == []
        assert content["source"]["name"] == path.name


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "epoch,loss\n0,1\n"])
def test_bad_data_is_one_sentence_and_4(run, text, tmp_path):
    code, said = run(text)
    assert code == 4 and not said.out and said.err.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_no_file_is_wrong_usage(capsys):
    assert main(["diagnose"]) == 2
    assert "--curves FILE" in capsys.readouterr().err


def test_the_numbers_behind_one_verdict_are_printed(run):
    code, said = run(OVER, "--explain", "overfitting")
    behind = said.out.partition("Behind the verdict on overfitting:\n")[2]
    assert code == 0 and len(behind.splitlines()) == 7
    assert "rise of the validation loss from its lowest value" in behind
    assert "(95 %: " in behind and ", alarm where it is surely > 5: it is\n" in behind
    code, said = run(OVER, "--explain", "underfitting", "--json")
    assert code == 0 and json.loads(said.out)["verdict"] == "overfitting"
    assert "Behind the verdict on underfitting:" in said.err


def test_a_verdict_of_another_name_is_refused_before_anything_runs(run, tmp_path):
    code, said = run(OVER, "--explain", "overfiting")
    assert code == 2 and "did you mean overfitting?" in said.err
    assert not (tmp_path / "out").exists()
