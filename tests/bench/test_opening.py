"""`--open`: the page goes to the browser, or is named where there is none."""

import webbrowser

import pytest
from gradclinic.bench.commands import main
from gradclinic.bench.commands.options import open_page


def takes(address):
    return True


def refuses(address):
    return False


def fails(address):
    raise webbrowser.Error("no browser")


def test_a_page_is_opened_by_its_address(tmp_path, monkeypatch, capsys):
    asked = []
    monkeypatch.setattr(
        webbrowser, "open_new_tab", lambda address: asked.append(address) or 1
    )
    open_page(tmp_path / "a page.html")
    assert asked == [(tmp_path / "a page.html").as_uri()]
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("browser", [refuses, fails])
def test_without_a_browser_the_address_is_said(tmp_path, monkeypatch, capsys, browser):
    monkeypatch.setattr(webbrowser, "open_new_tab", browser)
    open_page(tmp_path / "index.html")
    assert (tmp_path / "index.html").as_uri() in capsys.readouterr().err


@pytest.mark.parametrize("browser", [takes, refuses])
@pytest.mark.parametrize("given", [[], ["--open"]])
def test_report_opens_its_first_page_and_ends_as_without(
    tmp_path, monkeypatch, browser, given
):
    asked = []
    monkeypatch.setattr(
        webbrowser, "open_new_tab", lambda a: asked.append(a) or browser(a)
    )
    (tmp_path / "profile.json").write_text(
        '{"schema": 1, "kind": "profile", "command": "gradclinic profile"}'
    )
    assert main(["report", str(tmp_path), *given]) == 0
    assert asked == ([(tmp_path / "profile.html").as_uri()] if given else [])
