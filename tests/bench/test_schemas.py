"""The schemas: whole, and told in words where a content does not follow."""

import json
from importlib.resources import files

import pytest
from gradclinic.bench import schemas
from gradclinic.bench.commands.list import inventory
from gradclinic.bench.schemas import faults, schema
from jsonschema import Draft202012Validator

NAMES = sorted(
    file.name.removesuffix(".json")
    for file in files(schemas).iterdir()
    if file.name.endswith(".json")
)


def objects(node, place=""):
    """(place, schema) of every object that a schema describes by its keys."""
    if isinstance(node, dict):
        if "properties" in node and "type" in node:
            yield place, node
        for key, value in node.items():
            yield from objects(value, f"{place}/{key}")
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from objects(value, f"{place}/{number}")


def test_every_content_has_a_schema():
    assert NAMES == [
        "compare",
        "curves",
        "detectors",
        "diagnose",
        "doctor",
        "gpu",
        "history",
        "list",
        "optimizers",
        "parity",
        "profile",
        "published",
        "scenario",
        "torch_tuned",
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_one_and_says_what_it_is_of(name):
    Draft202012Validator.check_schema(schema(name))
    assert schema(name)["title"] and schema(name)["description"].endswith(".")


@pytest.mark.parametrize("name", [name for name in NAMES if name != "gpu"])
def test_what_we_write_ourselves_has_no_key_that_is_not_told(name):
    told = dict(objects(schema(name)))
    loose = [p for p, each in told.items() if each.get("additionalProperties", True)]
    assert loose == []


@pytest.mark.parametrize("name", NAMES)
def test_every_definition_is_used(name):
    text = json.dumps(schema(name))
    unused = [d for d in schema(name)["$defs"] if f'"#/$defs/{d}"' not in text]
    assert unused == []


def test_what_can_be_listed_is_as_told():
    content = inventory()
    assert list(faults(content, "list")) == []
    content["problems"][0] |= {"more": 1}
    del content["layers"]
    content["scenarios"][1]["fixes"][0]["role"] = "a\nhope"
    content["losses"] = None
    assert sorted(faults(content, "list")) == [
        "layers is missing",
        "losses is not a list",
        "problems[0].more has no place there",
        r"scenarios[1].fixes[0].role is 'a\nhope', which cannot be",
    ]


@pytest.mark.parametrize(("value", "said"), [([], "it is not an object"), ({}, None)])
def test_the_whole_is_called_it(value, said):
    found = list(faults(value, "doctor"))
    assert found == [said] if said else len(found) == 3
