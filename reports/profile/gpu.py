"""CPU against GPU: the sentence of the answer, tables in words, and the map."""

from functools import partial

from .. import words
from ..figures.crossover import describe_crossover, draw_crossover
from ..figures.roofline import Point, Roof, describe_roofline, draw_roofline
from .verdicts import verdict_of

ROWS = {
    "cpu one thread": "Processor, one thread",
    "cpu all threads": "Processor, all threads",
    "BLAS": "NumPy with BLAS",
    "gpu kernels": "GPU, kernels only",
    "gpu step": "GPU, a step",
    "gpu with transfers": "GPU, with copies",
    "this machine's cpu": "This processor",
}
MOST_POINTS = 8  # of a roofline
_RATIOS = {
    "ratio": ("gpu-map", "Processor’s time ÷ the GPU’s, a step"),
    "here": ("gpu-map-here", "This processor’s time ÷ that GPU’s, a step"),
}


def measured(content):
    """Is there a measurement of a GPU?"""
    return bool(content["gpu"].get("reading"))


def machine(content):
    """The GPU and the machine it is in, in a sentence."""
    facts = content["gpu"]["measurement"]["measured_on"]
    cores = words.count(facts["cores"], "core") if facts.get("cores") else ""
    about = ", ".join(x for x in (facts["machine"], facts.get("cpu"), cores) if x)
    driver = f", driver {facts['driver']}" if facts.get("driver") else ""
    return f"{facts['gpu']}{driver}, in {about}, on {facts['date']}"


def outcome(content):
    """From which width on a GPU pays, in sentences."""
    reading = content["gpu"]["reading"]
    said = [_crossing(line) for line in reading["crossover"]]
    if not said:
        return "No step was timed on both processor and GPU."
    return " ".join(said)


def _crossing(line):
    batch, widths = f"With {line['batch']:,} rows a batch", line["widths"]
    if line["width"] is None:
        return f"{batch} the processor is the faster one up to {widths[-1]:,} units."
    if not line["width"]:
        return f"{batch} the GPU is the faster one from {widths[0]:,} units on."
    return (
        f"{batch} the GPU is the faster one from {round(line['width']):,} units a layer"
        f" on ({_end(line['low'], widths)} to {_end(line['high'], widths)})."
    )


def _end(width, widths):
    if width is None:
        return f"more than {widths[-1]:,}"
    return f"{round(width):,}" if width else f"less than {widths[0]:,}"


def columns(content):
    """The names of the rows that were measured, in the order of `ROWS`."""
    found = {n for e in content["gpu"]["reading"]["grid"] for n in e["times"]}
    return [name for name in ROWS if name in found]


def steps(content):
    """[(network, batch, times, ratio, verdict, break-even)] of the grid."""
    names = columns(content)
    return [
        (
            entry["network"],
            words.number(entry["batch"]),
            [(ROWS[n], words.duration(entry["times"].get(n))) for n in names],
            pair(entry["ratio"]),
            verdict_of(entry["ratio"] or {}),
            _break_even(entry),
        )
        for entry in content["gpu"]["reading"]["grid"]
    ]


def pair(ratio):
    """(ratio, interval) in words."""
    if not ratio:
        return words.MISSING, ""
    interval = words.factors(ratio["low"], ratio["high"])
    return words.factor(ratio["ratio"]), interval or "too few samples for an interval"


def _break_even(entry):
    if entry["break_even"] is None:
        return words.MISSING
    return words.count(int(entry["break_even"]), "training")


def targets(content):
    """[(network, batch, processor, GPU, ratio)] of trainings to a loss."""
    return [
        (
            entry["network"],
            words.number(entry["batch"]),
            words.duration(entry["target_times"].get("cpu all threads")),
            words.duration(entry["target_times"].get("gpu")),
            pair(entry["target"]),
        )
        for entry in content["gpu"]["reading"]["grid"]
        if entry["target"]
    ]


def populations(content):
    """[(networks, network, processor, GPU, ratio, verdict, where)]"""
    return [
        (
            words.number(entry["networks"]),
            entry["network"],
            words.duration(entry["times"].get("cpu all threads")),
            words.duration(entry["times"].get("gpu")),
            pair(entry["ratio"]),
            verdict_of(entry["ratio"] or {}),
        )
        for entry in content["gpu"]["reading"]["populations"]
    ]


def kernels(content):
    """[(name, size, time, registers, occupancy, share)], the slowest first."""
    return [
        (
            entry["name"],
            entry.get("size") or "",
            words.duration(entry["median"]),
            words.number(entry.get("registers")),
            words.percent(entry.get("occupancy")),
            words.percent(entry.get("share")),
        )
        for entry in content["gpu"]["reading"]["kernels"]
    ]


def products(content):
    """[(size, ours, cuBLAS, ratio)], rates in billions of operations a second."""
    return [
        (
            " × ".join(f"{n:,}" for n in entry["size"]),
            _rate(entry["own"]),
            _rate(entry["cublas"]),
            pair(entry["ratio"]),
        )
        for entry in content["gpu"]["reading"]["products"]
    ]


def _rate(value):
    return words.MISSING if value is None else f"{words.number(value / 1e9)} GF/s"


def updates(content):
    """[(optimizer, parameters, time, bytes a second, share of a copy's)]"""
    return [
        (
            entry["optimizer"],
            words.number(entry["parameters"]),
            words.duration(entry["median"]),
            words.MISSING
            if entry["rate"] is None
            else f"{words.number(entry['rate'] / 1e9)} GB/s",
            words.percent(entry["share"]),
        )
        for entry in content["gpu"]["reading"]["updates"]
    ]


def peers(content):
    """[(network, batch, networks, name, time, ratio)] of other libraries on the GPU."""
    return [
        (
            entry["network"],
            words.number(entry["batch"]),
            entry["name"],
            words.duration(entry["median"]),
            pair(entry["ratio"]) if entry["ratio"] else ("", ""),
        )
        for entry in content["gpu"]["reading"]["peers"]
    ]


def notes(content):
    """What was left out, memory, energy: sentences."""
    found, said = content["gpu"]["measurement"], []
    memory, energy = found.get("memory") or {}, found.get("energy")
    if memory.get("device_total"):
        said.append(f"The GPU has {words.size(memory['device_total'])} of memory.")
    if memory.get("host_peak"):
        said.append(f"The host took {words.size(memory['host_peak'])} at most.")
    if energy:
        said.append(
            f"A step of {energy['network']} takes"
            f" {words.number(energy['joules_per_step'])} joules on the GPU, which drew"
            f" {words.number(energy['watts'])} watts meanwhile."
        )
    said += found.get("left_out") or []
    if late := found.get("left_out_here"):
        said.append(f"This processor would have taken too long for {'; '.join(late)}.")
    return said


def gpu_pictures(content, show):
    """The map of ratios, that beside this processor, and the roofline."""
    if not measured(content):
        return []
    drawn = _maps(content, show)
    roofs, points = _roofs(content), _points(content)
    if roofs and points:
        draw = partial(draw_roofline, roofs, points)
        text = ("Speed of the kernels against arithmetic for each byte", "")
        said = describe_roofline(roofs, points)
        drawn.append(show("gpu-roofline", draw, said, text))
    return drawn


def _roofs(content):
    """The measured ceilings of the GPU, and of the processor beside it."""
    ceilings = content["gpu"]["measurement"].get("ceilings") or {}
    own, cublas, copied, flops, rate = (
        ceilings.get(name)
        for name in (
            "own_flops_per_s", "cublas_flops_per_s", "copy_bytes_per_s",
            "cpu_flops_per_s", "cpu_bytes_per_s",
        )
    )  # fmt: skip
    if not own or not copied:
        return []
    peak = max(own, cublas or 0) / 1e9
    roofs = [Roof("GPU", peak, copied / 1e9, own / 1e9)]
    if flops and rate:
        roofs.append(Roof("its processor", flops / 1e9, rate / 1e9, None))
    return roofs


def _points(content):
    """The kernels that take longest, as points under the GPU's roof."""
    found = [
        Point(
            entry["name"],
            entry["flops"] / entry["bytes"],
            entry["flops"] / entry["median"] / 1e9,
            0,
        )
        for entry in content["gpu"]["reading"]["kernels"]
        if entry["flops"] and entry["bytes"]
    ]
    return found[:MOST_POINTS]


def _maps(content, show):
    reading, drawn = content["gpu"]["reading"], []
    for name, (stem, title) in _RATIOS.items():
        cells = {
            (entry["width"], entry["batch"]): entry[name]["ratio"]
            for entry in reading["grid"]
            if entry[name]
        }
        lines = reading["crossover" if name == "ratio" else "crossover_here"]
        if cells:
            draw = partial(draw_crossover, cells, lines)
            text = (title, "Networks of three layers and ten outputs.")
            drawn.append(show(stem, draw, describe_crossover(cells, lines), text))
    return drawn
