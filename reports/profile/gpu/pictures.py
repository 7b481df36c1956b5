"""The pictures of the section: maps, populations, rooflines of both."""

from functools import partial

from ...figures.crossing import describe_crossing, draw_crossing
from ...figures.lines import describe_lines, draw_lines
from ...figures.roofline import Roof, RooflinePoint, describe_roofline, draw_roofline
from .sentences import answers, short

_DEVICES = ("cpu", "gpu")


def pictures(gpu, show):
    """{gpu_map, gpu_beside_own, gpu_networks, gpu_roofline}: lists of pictures."""
    found = {name: [] for name in ("gpu_map", "gpu_beside_own", "gpu_networks")}
    found["gpu_roofline"] = []
    if not gpu:
        return found
    mark = f"Measured on another machine: {short(gpu)}." if gpu.get("imported") else ""
    rows = [_cell(r) for r in gpu["rows"] if r["ratios"]["gpu step"]]
    title = "Times as fast as the CPU: a training step on the GPU"
    found["gpu_map"] = _map("gpu-map", rows, gpu["crossings"], (title, mark), show)
    if own_cpu := gpu["here"]:
        rows = [row | {"sure": _beside_one(row)} for row in own_cpu["rows"]]
        title = "The same GPU against the CPU of this machine"
        said = (title, f"The CPU of this machine and {short(gpu)}, of another machine.")
        found["gpu_beside_own"] = _map(
            "gpu-map-here", rows, own_cpu["crossings"], said, show
        )
    found["gpu_networks"] = [
        _networks(population, number, mark, show)
        for number, population in enumerate(gpu["populations"], start=1)
    ]
    found["gpu_roofline"] = _roofline(gpu, mark, show)
    return found


def _map(stem, rows, crossings, text, show):
    if not rows:
        return []
    batches = {row["batch"] for row in rows}
    shown = [crossing for crossing in crossings if crossing["batch"] in batches]
    said = [f"{batch}: {answer}" for batch, answer in answers(shown)]
    draw = partial(draw_crossing, rows, shown)
    return [show(stem, draw, describe_crossing(rows, shown, said), text)]


def _cell(row):
    found = row["ratios"]["gpu step"]
    return {
        "width": row["width"],
        "batch": row["batch"],
        "ratio": found["ratio"],
        "sure": found["verdict"] in ("faster", "slower"),
    }


def _beside_one(row):
    return row["low"] is not None and (row["low"] > 1 or row["high"] < 1)


def _networks(population, number, mark, show):
    rows, crossing = population["rows"], population["crossing"]
    series = [
        {
            "label": label,
            "x": [row["networks"] for row in rows],
            "y": [1 / row[key]["seconds"] if row[key] else None for row in rows],
        }
        for key, label in (("cpu", "CPU, all threads"), ("gpu", "GPU"))
    ]
    verticals = [{"label": "the GPU is faster from", "x": crossing["at"]}]
    plot = {
        "title": f"Many networks {population['network']} at once",
        "series": series,
        "x_label": "networks in training",
        "y_label": "steps a second, all networks",
        "x_scale": "log",
        "y_scale": "log",
        "verticals": verticals if crossing["at"] else [],
    }
    draw = partial(draw_lines, plot)
    text = (plot["title"], mark)
    return show(f"gpu-networks-{number}", draw, describe_lines(plot), text)


def _roofline(gpu, mark, show):
    roofs, points = roofs_and_points(gpu)
    if not points:
        return []
    draw, title = partial(draw_roofline, roofs, points), "Steps under both ceilings"
    said = describe_roofline(roofs, points)
    return [show("gpu-roofline", draw, said, (title, mark))]


def roofs_and_points(gpu):
    """([Roof], [Point]) of the devices whose ceilings were measured, the CPU first."""
    roofs, places = [], {}
    for device in _DEVICES:
        found = gpu["ceilings"][device]
        if found["flops_per_s"] and found["bytes_per_s"]:
            places[device] = len(roofs)
            peak, rate = found["flops_per_s"] / 1e9, found["bytes_per_s"] / 1e9
            own = found.get("own_flops_per_s")
            lower = own / 1e9 if own and own < found["flops_per_s"] else None
            roofs.append(Roof(device.upper(), peak, rate, lower))
    points = [
        RooflinePoint(
            f"{point['network']}, {point['device'].upper()}",
            point["intensity"],
            point["flops_per_s"] / 1e9,
            places[point["device"]],
        )
        for point in gpu["points"]
        if point["device"] in places
    ]
    return roofs, points
