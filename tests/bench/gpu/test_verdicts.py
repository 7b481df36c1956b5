"""Ratios, verdicts, break-evens and shares of ceilings, against what was made up."""

import json

import pytest
from gradclinic.bench.studies.gpu.ceilings_reached import ceilings_of, share_of
from gradclinic.bench.studies.gpu.verdicts import break_even, compared, judged


def row_of(content, width, batch):
    (row,) = (r for r in content["rows"] if (r["width"], r["batch"]) == (width, batch))
    return row


def test_a_row_is_judged_as_it_was_made(make_measurement, known_crossovers):
    content = judged(make_measurement())
    for row in content["rows"]:
        truth = row["width"] / known_crossovers[row["batch"]]
        found = row["ratios"]["gpu step"]
        assert row["cpu"] == "cpu all threads"
        assert found["ratio"] == pytest.approx(truth, rel=0.05)
        assert found["verdict"] == ("faster" if truth > 1 else "slower")
        whole = row["ratios"]["gpu with transfers"]["ratio"]
        assert whole == pytest.approx(truth / 1.2, rel=0.05)


def test_one_thread_is_the_cpu_where_it_is_faster(make_measurement):
    measurement = make_measurement()
    seconds = measurement["grid"][0]["seconds"]
    seconds["cpu one thread"] = [s / 2 for s in seconds["cpu all threads"]]
    row = judged(measurement)["rows"][0]
    assert row["cpu"] == "cpu one thread"
    del seconds["cpu all threads"], seconds["cpu one thread"]
    row = judged(measurement)["rows"][0]
    assert row["cpu"] is None and row["ratios"]["gpu step"] is None


def test_equal_times_and_small_differences_are_not_judged_faster():
    times = [1.0 + 0.01 * k for k in range(12)]
    assert compared(times, times)["verdict"] == "no difference shown"
    slightly = [1.02 * t for t in times]  # sure, but below 3 %
    assert compared(slightly, times)["verdict"] == "no difference shown"
    assert compared([1.1 * t for t in times], times)["verdict"] == "faster"


@pytest.mark.parametrize("counts", [(9, 9), (12, 11), (1, 1)])
def test_too_few_samples_have_a_ratio_and_no_verdict(counts):
    cpu, gpu = ([2.0] * counts[0], [1.0] * counts[1])
    found = compared(cpu, gpu)
    assert found["ratio"] == 2 and found["verdict"] is None
    assert compared([], gpu) is None


def test_break_even_is_compilation_over_gain(make_measurement):
    entry = make_measurement(noise=0)["grid"][-1]  # width 2048, batch 256
    gain = 160 * entry["seconds"]["cpu all threads"][0] - entry["to_target"]["gpu"][0]
    assert break_even(entry)["runs"] == -(-12.0 // gain)
    entry |= {"to_target": None, "compile_seconds": 1e4}
    found, seconds = break_even(entry), entry["seconds"]
    gain = seconds["cpu all threads"][0] - seconds["gpu with transfers"][0]
    assert found["runs"] == -(-1e4 // (80 * gain)) and found["steps"] == 80
    assert found["of"] == "short training"


def test_where_the_gpu_loses_it_never_pays(make_measurement):
    entry = make_measurement()["grid"][0]
    assert break_even(entry)["runs"] is None
    assert break_even(entry)["gain_seconds"] < 0
    entry["compile_seconds"] = None
    assert break_even(entry) is None


def test_populations_cross_where_they_were_made_to(make_measurement):
    (found,) = judged(make_measurement())["populations"]
    assert found["crossing"]["at"] == pytest.approx(100, rel=0.05)
    verdicts = [row["compared"]["verdict"] for row in found["rows"]]
    assert verdicts == ["slower", "slower", "faster", "faster"]


def test_shares_are_of_the_slower_of_arithmetic_and_memory(make_measurement):
    ceiling = {"flops_per_s": 100.0, "bytes_per_s": 10.0}
    assert share_of(50, 1, 1.0, ceiling) == {"share": 0.5, "bound": "arithmetic"}
    assert share_of(50, 9, 1.0, ceiling) == {"share": 0.9, "bound": "memory"}
    assert share_of(0, 5, 1.0, ceiling)["share"] == 0.5
    assert share_of(0, 0, 1.0, ceiling)["share"] is None
    assert share_of(5, 1, 1.0, {**ceiling, "flops_per_s": None})["share"] is None
    content = judged(make_measurement())
    shares = {kernel["name"]: kernel["share"] for kernel in content["kernels"]}
    assert shares["matmul.product[large]"] == pytest.approx(2 * 1024**3 / 5e13 / 1e-4)
    assert shares["rows.gather"] == pytest.approx(0.5)
    assert content["updates"][0]["share"] == pytest.approx(2.8e9 / 8e-4 / 4e12, rel=0.1)
    assert ceilings_of({})["gpu"]["product"] is None


def test_ours_and_others_are_compared(make_measurement):
    content = judged(make_measurement())
    large, small = content["products"]
    assert large["compared"]["verdict"] == "slower" and small["compared"] is None
    (work,) = content["peers"]
    said = {r["name"]: r["compared"] and r["compared"]["verdict"] for r in work["rows"]}
    assert said == {
        "PyTorch CUDA graph": "slower",
        "gradclinic": None,
        "JAX scan": "faster",
        "PyTorch eager": "faster",
    }
    assert next(iter(said)) == "PyTorch CUDA graph"  # the fastest first


def test_another_machines_gpu_has_no_verdict_against_this_cpu(make_measurement):
    measurement = make_measurement()
    here = {(128, 32): [1.0, 1.1, 0.9], (4096, 32): [1.0]}
    found = judged(measurement, here)["here"]
    (row,) = found["rows"]
    assert row["low"] < row["ratio"] < row["high"] and "verdict" not in row
    assert [crossing["batch"] for crossing in found["crossings"]] == [32]
    assert judged(measurement)["here"] is None


# part: what there is less of without it.
ALONE = ("populations", "kernels", "peers", "updates", "products", "memory")
LOST = {part: {part} for part in ALONE} | {
    "grid": {"rows", "crossings", "points"},
    "ceilings": {"ceilings", "kernels", "points", "updates"},
}


@pytest.mark.parametrize("part", LOST)
def test_a_measurement_that_was_cut_off_is_judged_as_far_as_it_goes(
    make_measurement, part
):
    measurement = make_measurement()
    measurement[part] = type(measurement[part])()
    found, whole = judged(measurement, {}), judged(make_measurement(), {})
    json.dumps(found, allow_nan=False)
    assert set(found) == set(whole)
    assert {key for key in whole if found[key] != whole[key]} == LOST[part]


def test_points_of_the_roofline_are_those_of_the_largest_batch(make_measurement):
    """The narrowest, middle and widest network, on both, with what they move."""
    measurement = make_measurement()
    content = judged(measurement)
    rows = {row["network"]: row for row in content["rows"] if row["batch"] == 256}
    ceilings, points = content["ceilings"], content["points"]
    names = [rows[n]["network"] for n in sorted(rows, key=lambda n: rows[n]["width"])]
    chosen = [names[0], names[len(names) // 2], names[-1]]
    assert [(point["network"], point["device"]) for point in points] == [
        (name, device) for name in chosen for device in ("cpu", "gpu")
    ]
    for point in points:
        row = rows[point["network"]]
        which = row["cpu"] if point["device"] == "cpu" else "gpu step"
        seconds = row["times"][which]["seconds"]
        flops = 2.0 * row["multiply_adds"]
        moved = 28 * row["parameters"] + 4 * 256 * row["width"]
        assert point["batch"] == 256
        assert point["intensity"] == pytest.approx(flops / moved)
        assert point["flops_per_s"] == pytest.approx(flops / seconds)
        expected = share_of(flops, moved, seconds, ceilings[point["device"]])
        assert {k: point[k] for k in ("share", "bound")} == expected
        assert expected["share"] is not None
