"""A stored measurement is read whole, or refused in one sentence."""

import json

import pytest
from gradclinic.bench.errors import BadData, ResourceUnavailable
from gradclinic.bench.schemas import faults
from gradclinic.bench.studies.gpu.stored import load


def put(content, *path, value):
    for step in path[:-1]:
        content = content[step]
    content[path[-1]] = value


def drop(content, *path):
    for step in path[:-1]:
        content = content[step]
    del content[path[-1]]


def stored(folder, content):
    path = folder / "gpu.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def test_a_whole_measurement_is_read(make_measurement, tmp_path):
    measurement = make_measurement()
    assert load(stored(tmp_path, measurement)) == measurement
    assert list(faults(measurement, "gpu")) == []


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("grid", 3, "seconds", "gpu step"), [1.0, -1.0], "grid[3].seconds.gpu step"),
        (
            ("grid", 0, "seconds", "BLAS"),
            [float("nan")],
            "grid[0].seconds.BLAS[0] is not a number",
        ),
        (("grid", 0, "seconds", "BLAS"), "fast", "grid[0].seconds.BLAS is not a list"),
        (("grid", 0, "width"), 0, "grid[0].width"),
        (("grid", 0, "width"), 8.5, "whole number"),
        (("grid", 0, "batch"), True, "whole number"),
        (("grid",), {}, "grid is not a list"),
        (("grid", 0), 3, "grid[0] is not an object"),
        (("measured_on", "gpu"), None, "measured_on.gpu is not text"),
        (("measured_on", "simulated"), "no", "is not true or false"),
        (("ceilings", "copy_bytes_per_s"), float("inf"), "ceilings.copy_bytes_per_s"),
        (("energy", "watts"), -3, "energy.watts is -3, which cannot be"),
        (("left_out", 0), 3, "left_out[0] is not text"),
    ],
)
def test_a_wrong_value_is_named_by_its_place(
    make_measurement, tmp_path, path, value, words
):
    measurement = make_measurement()
    put(measurement, *path, value=value)
    with pytest.raises(BadData, match=r"^[^\n]*cannot be used: ") as error:
        load(stored(tmp_path, measurement))
    assert words in str(error.value) and "bench/gpu.sh" in str(error.value)


@pytest.mark.parametrize(
    "path",
    [
        ("grid",),
        ("left_out",),
        ("measured_on", "date"),
        ("grid", 1, "parameters"),
        ("kernels", 0, "occupancy"),
        ("energy", "watts"),
    ],
)
def test_a_missing_value_is_named(make_measurement, tmp_path, path):
    measurement = make_measurement()
    drop(measurement, *path)
    with pytest.raises(BadData, match=f"{path[-1]} is missing"):
        load(stored(tmp_path, measurement))


@pytest.mark.parametrize(
    "path",
    [
        ("grid", 0, "seconds", "BLAS"),
        ("grid", 0, "training_steps"),
        ("grid", 0, "to_target"),
        ("ceilings", "cublas_flops_per_s"),
        ("memory", "host_peak"),
    ],
)
def test_what_may_be_missing_may(make_measurement, tmp_path, path):
    measurement = make_measurement()
    drop(measurement, *path)
    assert load(stored(tmp_path, measurement)) == measurement


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"schema": "gradclinic gpu 1"', "is not whole JSON"),
        ("[" * 100_000, "is not whole JSON"),
        ('{"schema": "gradclinic gpu 2"}', "only 'gradclinic gpu 1' can be read"),
        ('{"schema": 1, "kind": "profile"}', "is not a measurement of a GPU"),
        ("[]", "is not a measurement of a GPU"),
        ('{"schema": "gradclinic gpu 1"}', "measured_on is missing"),
    ],
)
def test_what_is_no_measurement_is_refused(tmp_path, text, words):
    with pytest.raises(BadData) as error:
        load(stored(tmp_path, text))
    assert words in str(error.value)


def test_bytes_that_are_no_text_are_refused(tmp_path):
    (tmp_path / "gpu.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadData, match="is not whole JSON"):
        load(tmp_path / "gpu.json")


def test_no_file_is_one_sentence(tmp_path):
    with pytest.raises(ResourceUnavailable, match=r"Cannot use .*absent\.json"):
        load(tmp_path / "absent.json")
