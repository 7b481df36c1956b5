"""Whatever string a result of a scenario holds, on the page it is text."""

import pytest
from gradclinic.reports import write_index, write_scenario_page

from . import markup

SPARED = {
    "verdict",
    "role",
    "scale",
    "better",
    "x_scale",
    "y_scale",
    "kind",
    "comparison",
    "bytes_kind",
    "created",
}


@pytest.fixture
def evil(make_result):
    result = make_result("divergence")
    result["machine"] |= {"noisy": True, "noise_reasons": ["Others ran."]}
    result["missing_runs"] = 3
    result["parts"] = [make_result() | {"scenario": "divergence.part"}]
    return markup.marked(result, SPARED)


def test_every_string_of_a_result_stays_text(evil, tmp_path):
    page = write_scenario_page(evil, tmp_path)
    markup.check(page, least=150)
    text = page.read_text()
    for reason in (evil["failed_runs"][0]["reason"], evil["fixes"][2]["note"]):
        escaped = reason.replace(
            markup.MARK, "&lt;b onclick=&#34;x&#34;&gt;&amp;&#34;&#39;"
        )
        assert escaped in text


def test_every_string_on_the_index_stays_text(evil, tmp_path):
    markup.check(write_index([evil, evil["parts"][0]], tmp_path), least=30)
