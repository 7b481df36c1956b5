"""The tables of the section, as rows of words."""

from ... import words
from ...labels import optimizer_label
from ...sortable import Sortable, grouped
from ..verdicts import VERDICTS
from .sentences import break_even, day

_CPU = {"cpu one thread": "one thread", "cpu all threads": "all threads"}


def steps(gpu):
    """A dict of words for each network and batch."""
    return [_step(row) for row in gpu["rows"]]


def _step(row):
    times, ratios = row["times"], row["ratios"]
    blas = times["BLAS"]
    return {
        "network": row["network"],
        "batch": f"batch {row['batch']:,}",
        "cpu": (
            time_of(times[row["cpu"]] if row["cpu"] else None),
            _CPU.get(row["cpu"], ""),
        ),
        "blas": f"NumPy {time_of(blas)}" if blas else "",
        "gpu": (time_of(times["gpu step"]), _kernels(times)),
        "ratio": ratio_of(ratios["gpu step"]),
        "verdict": verdict_of(ratios["gpu step"]),
        "whole": (
            words.factor((ratios["gpu with transfers"] or {}).get("ratio")),
            time_of(times["gpu with transfers"]),
        ),
        "pays": break_even(row["break_even"]),
        "compiled": _compiled(row["compile_seconds"]),
        "bytes": words.size(row["bytes_device"]),
    }


def _compiled(seconds):
    return "" if seconds is None else f"compiles {words.duration(seconds)}"


def _kernels(times):
    alone = times["gpu kernels"]
    return f"kernels {time_of(alone)}" if alone else ""


def time_of(found):
    """The median; a dash where there were no samples."""
    return words.duration(found["seconds"] if found else None)


def ratio_of(found):
    """(ratio, interval) of a comparison."""
    if not found:
        return words.MISSING, ""
    return words.factor(found["ratio"]), words.factors(found["low"], found["high"])


def verdict_of(found):
    """A `ShownVerdict`; None where there were too few samples to judge."""
    name = found["verdict"] if found else None
    return VERDICTS[name] if name in VERDICTS else None


def runs_of(gpu):
    """What one training of the break-even is, in words; empty where it is not known."""
    known = [row["break_even"] for row in gpu["rows"] if row["break_even"]]
    kinds = dict.fromkeys(found["of"] for found in known)
    return " or ".join(f"a {kind}" for kind in kinds)


def trainings(gpu):
    """[(network, batch, steps, CPU, GPU, ratio, verdict)] of trainings to a loss."""
    return [
        (
            row["network"],
            f"batch {row['batch']:,}",
            words.number(found["steps"]),
            time_of(found["cpu"]),
            time_of(found["gpu"]),
            ratio_of(found),
            verdict_of(found),
        )
        for row in gpu["rows"]
        if (found := row["to_target"])
    ]


def beside_own(gpu):
    """[(network's width, batch, this CPU, the other's GPU, ratio)], of two machines."""
    steps = {(r["width"], r["batch"]): r["times"]["gpu step"] for r in gpu["rows"]}
    return [
        (
            grouped(row["width"]),
            grouped(row["batch"]),
            time_of(row["cpu"]),
            time_of(steps.get((row["width"], row["batch"]))),
            ratio_of(row),
        )
        for row in gpu["here"]["rows"]
    ]


def populations(population):
    """[(networks, CPU, GPU, ratio, verdict, where)] of a kind of network."""
    return [
        (
            grouped(row["networks"]),
            time_of(row["cpu"]),
            time_of(row["gpu"]),
            ratio_of(row["compared"]),
            verdict_of(row["compared"]),
            "shared memory" if row["shared_memory"] else "global memory",
        )
        for row in population["rows"]
    ]


def kernels(gpu):
    """A dict of words for each kernel, those furthest from their ceiling first."""

    def share(entry):
        return entry["share"] if entry["share"] is not None else 2.0

    return [
        {
            "name": entry["name"],
            "size": entry["size"],
            "time": words.duration(entry["seconds"]),
            "registers": words.number(entry["registers"]),
            "shared": words.size(entry["shared_bytes"]),
            "threads": words.number(entry["threads"]),
            "occupancy": words.percent(entry["occupancy"]),
            "share": (words.percent(entry["share"]), entry["bound"] or ""),
        }
        for entry in sorted(gpu["kernels"], key=share)
    ]


def updates(gpu):
    """[(optimizer, parameters, time, bytes a second, share of the copy's)]."""
    return [
        (
            optimizer_label(entry["optimizer"]),
            grouped(entry["parameters"]),
            words.duration(entry["seconds"]),
            rate(entry["bytes_per_s"]),
            words.percent(entry["share"]),
        )
        for entry in gpu["updates"]
    ]


def products(gpu):
    """[(size, ours, cuBLAS, ours in GF/s, times as fast, verdict)]."""
    found = []
    for entry in gpu["products"]:
        own = entry["own"]
        speed = entry["flops"] / own["seconds"] / 1e9 if own else None
        size = " × ".join(f"{number:,}" for number in entry["size"])
        compared = entry["compared"]
        found.append(
            (
                size,
                time_of(own),
                time_of(entry["cublas"]),
                words.number(speed),
                ratio_of(compared),
                verdict_of(compared),
            )
        )
    return found


def peers(work):
    """[(library, time, ratio, verdict, is it ours)] of a piece of work."""
    return [
        (
            row["name"],
            time_of(row["times"]),
            ratio_of(row["compared"]),
            verdict_of(row["compared"]),
            row["name"] == "gradclinic",
        )
        for row in work["rows"]
    ]


def work_title(work):
    """A piece of work: 784-512-512-10, batch 128."""
    many = f"{work['networks']:,} networks " if work["networks"] > 1 else ""
    return f"{many}{work['network']}, batch {work['batch']:,}"


def facts(gpu):
    """[(name, text)] of the machine, its memory and energy."""
    on, memory, energy = gpu["measured_on"], gpu["memory"], gpu["energy"]
    free, total = memory.get("device_free"), memory.get("device_total")
    lines = {
        "GPU": on["gpu"],
        "Memory of the GPU": words.size(total or None),
        "In use at the end": words.size(total - free) if total else None,
        "Multiprocessors": words.number(on["multiprocessors"]),
        "Compute capability": on["capability"],
        "Driver": on["driver"],
        "Processor beside it": on["cpu"],
        "Threads": words.number(on["cores"]),
        "Host memory, at most": words.size(memory.get("host_peak") or None),
        "Machine": on["machine"],
        "Date": day(on["date"]),
    }
    if energy:
        lines["Power"] = f"{words.number(energy['watts'])} W ({energy['network']})"
        millis = words.number(1e3 * energy["joules_per_step"])
        lines["Energy of a step"] = f"{millis} mJ"
    if tests := gpu["tests"]:
        lines["Tests of its kernels"] = (
            f"{tests['passed']:,} passed, {tests['failed']:,} failed"
        )
    known = [(name, said) for name, said in lines.items() if said not in (None, "–")]
    return known + [(name, version) for name, version in on["versions"].items()]


def rate(bytes_per_s):
    """Bytes a second in words."""
    said = words.size(bytes_per_s)
    return Sortable(said if said == words.MISSING else f"{said}/s", bytes_per_s)
