"""A measurement keeps what it has, whatever ends it; parts that stand in measure."""

import sys
from types import ModuleType

import pytest
from gradclinic.bench.studies.gpu import measure as study
from gradclinic.bench.studies.gpu.settings import settings_for
from gradclinic.kernels.device import DeviceError

HOME = "gradclinic.bench.studies.gpu"
SETTINGS = settings_for(1)


@pytest.fixture
def parts(monkeypatch):
    """{name: a part's module}: `first` and `second`, which find one thing each."""
    machine = ModuleType("machine")
    machine.measured_on = lambda settings: {}
    monkeypatch.setitem(sys.modules, f"{HOME}.machine", machine)
    found = {}
    for name in ("first", "second"):
        module = found[name] = ModuleType(name)
        module.measure = lambda settings, part: (part.add(part.name), part.found)[1]
        monkeypatch.setitem(sys.modules, f"{HOME}.{name}", module)
    monkeypatch.setattr(study, "PARTS", dict.fromkeys(found, (1, [])))
    return found


def measured():
    """(what was kept each time, what was said, what ended it)"""
    kept, said = [], []
    keep = lambda content: kept.append({**content, "left_out": [*content["left_out"]]})  # noqa: E731
    try:
        study.measure(SETTINGS, said.append, keep)
    except BaseException as error:
        return kept, said, error
    return kept, said, None


def test_all_is_kept_as_it_is_found(parts):
    kept, _, error = measured()
    assert error is None
    assert kept[0]["first"] == ["first"] and kept[0]["second"] == []
    assert kept[0]["left_out"] == ["first: it was cut off.", "Not reached: second."]
    assert kept[-1]["second"] == ["second"] and kept[-1]["left_out"] == []


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(1)])
def test_what_is_found_before_it_is_cut_off_is_kept(parts, error):
    def cut_off(settings, part):
        part.leave_out("this and that")
        part.add("half of it")
        raise error

    parts["second"].measure = cut_off
    kept, _, ended = measured()
    assert ended is error
    last = kept[-1]
    assert (last["first"], last["second"]) == (["first"], ["half of it"])
    assert last["left_out"] == ["this and that", "second: it was cut off."]


@pytest.mark.parametrize("error", [ValueError("wrong"), DeviceError("It burns.")])
def test_what_is_found_before_a_fault_is_kept(parts, error):
    def fails(settings, part):
        part.add("half of it")
        raise error

    parts["first"].measure = fails
    kept, _, ended = measured()
    on_gpu = isinstance(error, DeviceError)
    assert (ended is error) == on_gpu
    assert kept[-1]["first"] == ["half of it"]
    assert kept[-1]["second"] == ([] if on_gpu else ["second"])
    assert any(str(error) in sentence for sentence in kept[-1]["left_out"])


def test_a_part_compiles_before_its_clock_starts(parts):
    order = []
    real = study.Budget.part
    parts["second"].prepare = lambda settings: order.append("prepare")

    class Budget(study.Budget):
        def part(self, name, content):
            order.append(name)
            return real(self, name, content)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(study, "Budget", Budget)
        _, said, error = measured()
    assert error is None and order == ["first", "prepare", "second"]
    assert "second: compiling." in said


def test_a_gpu_that_fails_while_it_compiles_ends_the_measurement(parts):
    def fails(settings):
        raise RuntimeError("CUDA_ERROR_ILLEGAL_ADDRESS: no")

    parts["second"].prepare = fails
    kept, _, error = measured()
    assert isinstance(error, DeviceError) and kept[-1]["first"] == ["first"]


def test_another_fault_of_compiling_is_left_to_the_part(parts):
    def fails(settings):
        raise ValueError("no compiler")

    parts["second"].prepare = fails
    kept, said, error = measured()
    assert error is None and kept[-1]["second"] == ["second"]
    assert "second: ValueError: no compiler" in said


def test_the_numbers_of_networks_that_tell_most_come_first():
    assert settings_for(1).networks[:3] == (4096, 264, 16)
