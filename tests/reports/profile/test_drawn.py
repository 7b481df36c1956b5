"""What the pictures of a profile show, read back from the drawn axes."""

import copy

import numpy as np
import pytest
from gradclinic.reports import write_profile_page
from gradclinic.reports.figures import style
from gradclinic.reports.figures.crossing import cell_words, draw_crossing, height_of
from matplotlib.colors import same_color, to_rgb
from matplotlib.patches import Rectangle

from .. import drawn, markup

CHECKS = (
    "profile-ratios",
    "profile-ratios-*",
    "profile-throughput-1",
    "profile-throughput-[2-4]",
    "profile-scaling",
    "profile-roofline",
    "profile-phases",
    "profile-optimizers",
    "profile-updates",
    "profile-growth-*",
    "profile-gpu-map",
    "profile-gpu-map-here",
    "profile-gpu-networks-1",
    "profile-gpu-roofline",
)
FASTER = "how many times as fast gradclinic is"
WIDTHS = "width of the layers (units)"


@pytest.fixture(scope="module")
def kept():
    return {}


@pytest.fixture
def told(content, kept):
    """One content for the whole file, so that it is drawn once."""
    return kept.setdefault("content", copy.deepcopy(content))


@pytest.fixture
def figures(told, kept, tmp_path):
    if "figures" not in kept:
        given = copy.deepcopy(told)
        kept["figures"] = drawn.recorded(lambda: write_profile_page(given, tmp_path))
    return kept["figures"]


def one(figures, stem):
    (axes,) = figures[stem].axes
    return figures[stem], axes


def test_every_picture_is_looked_at(figures):
    assert drawn.unmatched(figures, CHECKS) == []


def test_growth_is_in_microseconds_and_megabytes(figures, told):
    names = {"batch": "batch size", "networks": "number of networks"}
    for entry in told["growth"]:
        figure = figures[f"profile-growth-{entry['axis']}"]
        label = names.get(entry["axis"], entry["axis"])
        time, memory = figure.axes
        assert drawn.frame(time) == ("log", "log", label, "time, µs")
        assert drawn.frame(memory) == ("log", "log", label, "memory, MB")
        for axes, name, factor, key in (
            (time, "seconds", 1e6, "time"),
            (memory, "bytes", 1e-6, "memory"),
        ):
            x, y = drawn.points(axes.lines[0])
            assert x == entry["x"]
            assert y == pytest.approx([factor * value for value in entry[name]])
            fitted, line = drawn.points(axes.lines[1])
            assert fitted == [v for v in entry["x"] if v >= entry["from"]]
            slope = np.diff(np.log(line)) / np.diff(np.log(fitted))
            assert slope == pytest.approx(entry[f"{key}_exponent"]["value"])
            (said,) = (k for k in drawn.legend(figure) if k.startswith(f"{key}: "))
            assert drawn.same_look(drawn.legend(figure)[said], axes.lines[0])


def test_ratios_of_the_best_are_told_by_family(figures, told):
    figure, axes = one(figures, "profile-ratios")
    assert drawn.frame(axes) == ("log", "linear", FASTER, "")
    assert drawn.verticals(axes) == [1.0] and not axes.xaxis_inverted()
    keys, found = drawn.legend(figure), drawn.signs(axes)
    rows = [text for _, text in drawn.words(axes)]
    assert rows == [case["label"] for case in told["cases"]]
    for row, case in enumerate(told["cases"]):
        here = [s for s in found if s[1] == row + 0.42]
        assert len(here) == len(case["best"])
        for family, peer in case["best"].items():
            (ratio,) = (r for r in case["rows"] if r["peer"] == peer)
            (sign,) = (s for s in here if s[2] == keys[family].get_marker())
            assert sign[0] == ratio["ratio"]
            assert same_color(sign[3], keys[family].get_color())
            undecided = ratio["verdict"] == "no difference shown"
            assert same_color(sign[4], "white" if undecided else sign[3])
            spans = [span[:2] for span in drawn.spans(axes)[row + 0.42]]
            assert (ratio["ratio_low"], ratio["ratio_high"]) in spans


def test_ratios_of_a_case_are_of_all_its_engines(figures, told):
    labels = {peer["name"]: peer["label"] for peer in told["peers"]}
    for case in told["cases"]:
        stem = f"profile-ratios-{case['name'].replace(' ', '-')}"
        _, axes = one(figures, stem)
        assert drawn.frame(axes) == ("log", "linear", FASTER, "")
        known = {row["peer"]: row for row in case["rows"] if row["status"] == "ok"}
        written = [text for _, text in drawn.words(axes)]
        assert len(written) == len(known)
        for y, text in enumerate(written):
            (sign,) = (s for s in drawn.signs(axes) if s[1] == y + 0.42)
            (row,) = (r for r in known.values() if r["ratio"] == sign[0])
            assert text.startswith(labels[row["peer"]][:25])
            assert drawn.spans(axes)[y + 0.42][0][:2] == (
                row["ratio_low"],
                row["ratio_high"],
            )


def test_updates_stand_beside_torch(figures, told):
    _, axes = one(figures, "profile-updates")
    assert drawn.frame(axes) == ("log", "linear", FASTER, "")
    ratios = sorted(r["ratio"] for r in told["updates"]["rows"] if r["status"] == "ok")
    assert sorted(s[0] for s in drawn.signs(axes)) == ratios


def test_throughput_is_by_batch_then_by_engine(figures, told):
    figure, axes = one(figures, "profile-throughput-1")
    assert drawn.frame(axes) == ("log", "log", WIDTHS, "rows a second")
    for batch in (32, 128, 512):
        mine = [
            e
            for e in told["throughput"]
            if (e["engine"], e["batch"]) == ("gradclinic", batch)
        ]
        expected = [e["width"] for e in mine], [e["rows_per_second"] for e in mine]
        assert drawn.series(figure, axes)[f"batch {batch}"] == expected
    labels = {peer["name"]: peer["label"] for peer in told["peers"]}
    for number, batch in enumerate((32, 128, 512), 2):
        figure, axes = one(figures, f"profile-throughput-{number}")
        assert drawn.frame(axes) == ("log", "linear", WIDTHS, "GF/s")
        for engine in ("gradclinic", "jax_scan", "torch_fused"):
            mine = [
                e
                for e in told["throughput"]
                if (e["engine"], e["batch"]) == (engine, batch)
            ]
            _, y = drawn.series(figure, axes)[labels.get(engine, engine)]
            assert y == [e["gflops"] for e in mine]


def test_speed_by_threads_is_beside_the_ideal_line(figures, told):
    figure, axes = one(figures, "profile-scaling")
    assert drawn.frame(axes) == (
        "linear",
        "linear",
        "threads",
        "times as fast as one thread",
    )
    assert drawn.points(axes.lines[0]) == ([1, 2], [1, 2])
    handles, labels = axes.get_legend_handles_labels()
    assert set(drawn.legend(figure)) == {label.replace("\n", " ") for label in labels}
    for case in told["cases"]:
        entries = [e for e in told["scaling"] if e["case"] == case["name"]]
        ((label, bars),) = (
            (said, bars)
            for said, bars in zip(labels, handles, strict=True)
            if said.startswith(f"{case['label']}: ")
        )
        assert drawn.points(bars.lines[0])[1] == [e["speedup"] for e in entries]
        said = label.replace("\n", " ")
        assert said.endswith(f"{entries[-1]['speedup']:.2f} on 2 threads")
        ((_, (x, high)),) = [p.tolist() for p in bars.lines[2][0].get_segments()][1:]
        assert x == pytest.approx(2, rel=0.1) and high == entries[1]["high"]


def roofs_of(axes, count):
    """Speed at the right edge, and slope at the left one, of the first lines."""
    for line in [ln for ln in axes.lines if len(ln.get_xdata()) > 2][:count]:
        x, y = drawn.points(line)
        yield y[-1], y[0] / x[0]


def test_the_roofline_lies_under_its_ceilings(figures, told):
    figure, axes = one(figures, "profile-roofline")
    assert drawn.frame(axes) == (
        "log",
        "log",
        "operations per byte of memory",
        "GF/s (billion operations a second)",
    )
    found = told["roofline"]
    peaks, slopes = zip(*roofs_of(axes, 2), strict=True)
    assert peaks == pytest.approx(found["peak_gflops"])
    assert slopes == pytest.approx(found["triad_gb"])
    signs = {(s[0], s[1]): s for s in drawn.signs(axes)}
    numbers = {t.get_text(): tuple(t.xy) for t in axes.texts}
    keys = drawn.legend(figure)
    for place, point in enumerate(found["points"], 1):
        at = point["intensity"], point["gflops"]
        assert numbers[str(place)] == at
        (label,) = (k for k in keys if k.startswith(f"({place}) {point['label']}"))
        roof = 0 if point["threads"] == 1 else 1
        share = at[1] / min(found["peak_gflops"][roof], found["triad_gb"][roof] * at[0])
        assert f"{share:.0%}".rstrip("%") in label.split(": ")[1]
        assert signs[at][2] == keys[label].get_marker() == "so"[roof]
        assert same_color(signs[at][3], style.PALETTE[roof])


def test_phases_fill_the_step(figures, told):
    figure, axes = one(figures, "profile-phases")
    assert axes.get_xlabel() == "share of the time of a step"
    assert axes.get_xlim() == (0, 1) and axes.yaxis_inverted()
    keys, bars = drawn.legend(figure), [p for p in axes.patches]
    assert drawn.ticks(axes, "x")["50\N{NO-BREAK SPACE}%"] == 0.5
    for row, entry in enumerate(told["phases"]):
        start = 0.0
        for phase in entry["phases"]:
            share = phase["seconds"] / entry["step_seconds"]
            handle = keys[phase["name"]]
            (bar,) = (
                b
                for b in bars
                if abs(b.get_y() + b.get_height() / 2 - row - 0.46) < 1e-9
                and same_color(b.get_facecolor(), handle.get_facecolor())
            )
            assert (bar.get_x(), bar.get_width()) == pytest.approx((start, share))
            start += share


def test_updates_are_shares_of_the_rate_of_memory(figures, told):
    figure, axes = one(figures, "profile-optimizers")
    assert axes.get_xlabel() == "share of the rate of the triad"
    assert drawn.verticals(axes) == [1.0]
    shares = [entry["share_of_triad"] for entry in told["optimizers"]]
    bars = sorted(axes.patches, key=lambda bar: bar.get_y())
    assert [bar.get_width() for bar in bars] == pytest.approx(shares)
    assert list(drawn.legend(figure)) == ["triad, 39.8 GB/s"]
    assert [
        text.split(":")[1].split("%")[0].strip() for _, text in drawn.words(axes)
    ] == [f"{share:.0%}".rstrip("%") for share in shares]


CPU, GPU = style.PALETTE[1], style.PALETTE[0]


def side(colour):
    """Which of the two colours a colour is nearer to."""
    far = [np.subtract(to_rgb(colour[:3]), to_rgb(c)) for c in (CPU, GPU)]
    return ("CPU", "GPU")[np.argmin([np.square(f).sum() for f in far])]


def test_the_map_is_blue_where_the_gpu_is_faster(figures, told):
    _, axes = one(figures, "profile-gpu-map")
    rows = told["gpu"]["rows"]
    assert drawn.frame(axes) == ("linear", "linear", "rows in a batch", WIDTHS)
    columns, heights = drawn.ticks(axes, "x"), drawn.ticks(axes, "y")
    assert list(columns) == ["32", "256"] and not axes.yaxis_inverted()
    assert list(heights) == ["32", "128", "512", "2,048"]
    cells = {
        (p.get_x() + 0.5, p.get_y() + 0.5): p
        for p in axes.patches
        if isinstance(p, Rectangle) and p.get_width() == 1
    }
    written = {tuple(t.get_position()): t.get_text() for t in axes.texts}
    for row in rows:
        found = row["ratios"]["gpu step"]
        at = columns[str(row["batch"])], heights[f"{row['width']:,}"]
        sure = found["verdict"] in ("faster", "slower")
        assert written[at] == cell_words({"ratio": found["ratio"], "sure": sure})
        if abs(np.log2(found["ratio"])) > 0.5:
            faster = "GPU" if found["ratio"] > 1 else "CPU"
            assert side(cells[at].get_facecolor()) == faster
    keys = drawn.legend(figures["profile-gpu-map"])
    for name, colour in (("GPU", GPU), ("CPU", CPU)):
        assert same_color(keys[f"the {name} is faster"].get_facecolor(), colour)


@pytest.mark.parametrize("place", ["gpu-map", "gpu-map-here"])
def test_crossings_lie_at_their_width(figures, told, place):
    _, axes = one(figures, f"profile-{place}")
    gpu = told["gpu"] if place == "gpu-map" else told["gpu"]["here"]
    widths = sorted({row["width"] for row in gpu["rows"]})
    columns = drawn.ticks(axes, "x")
    bars = [drawn.points(ln) for ln in axes.lines if len(ln.get_xdata()) == 2]
    for crossing in gpu["crossings"]:
        x = columns[f"{crossing['batch']:,}"]
        here = [y[0] for xs, y in bars if np.mean(xs) == x]
        crosses = crossing["answer"] == "crosses"
        assert here == ([height_of(crossing["at"], widths)] if crosses else [])


@pytest.mark.parametrize(
    ("answer", "marker", "low"), [("always", "v", True), ("never", "^", False)]
)
def test_beyond_the_grid_a_triangle_points_the_way(answer, marker, low):
    rows = [{"width": w, "batch": 32, "ratio": 2.0, "sure": True} for w in (32, 64)]
    crossing = {
        "batch": 32,
        "answer": answer,
        "at": None,
        "low": None,
        "high": None,
        "interval": False,
        "sure": True,
    }
    figure = draw_crossing(rows, [crossing])
    ((x, y, drawn_marker, *_),) = drawn.signs(figure.axes[0])
    assert (x, drawn_marker, y < 0) == (0, marker, low)
    (said,) = (k for k in drawn.legend(figure) if "width" in k)
    assert drawn.legend(figure)[said].get_marker() == marker


def test_many_networks_are_in_steps_a_second(figures, told):
    figure, axes = one(figures, "profile-gpu-networks-1")
    (population,) = told["gpu"]["populations"]
    assert drawn.frame(axes) == (
        "log",
        "log",
        "networks in training",
        "steps a second, all networks",
    )
    lines = drawn.series(figure, axes)
    for key, label in (("cpu", "CPU, all threads"), ("gpu", "GPU")):
        x, y = lines[label]
        assert x == [row["networks"] for row in population["rows"]]
        assert y == pytest.approx(
            [1 / row[key]["seconds"] for row in population["rows"]]
        )
    assert drawn.verticals(axes) == [population["crossing"]["at"]]


def test_both_ceilings_are_in_billions(figures, told):
    _, axes = one(figures, "profile-gpu-roofline")
    gpu = told["gpu"]
    ceilings = [gpu["ceilings"][device] for device in ("cpu", "gpu")]
    peaks, slopes = zip(*roofs_of(axes, 2), strict=True)
    assert peaks == pytest.approx([c["flops_per_s"] / 1e9 for c in ceilings])
    assert slopes == pytest.approx([c["bytes_per_s"] / 1e9 for c in ceilings])
    found = {(s[0], s[1]): s[2] for s in drawn.signs(axes)}
    for point in gpu["points"]:
        at = point["intensity"], point["flops_per_s"] / 1e9
        assert found[at] == ("s" if point["device"] == "cpu" else "o")


SPARED = {
    "verdict",
    "kind",
    "status",
    "engine",
    "peer",
    "answer",
    "device",
    "axis",
    "date",
    "optimizer",
    "best",
}


def test_every_string_of_a_profile_stays_text(told, tmp_path):
    evil = markup.marked(told, SPARED)
    evil["noise"] = {"noisy": True, "reasons": [markup.MARK]}
    for peer in evil["peers"]:  # a key, which results are found by
        peer["name"] = peer["name"].removesuffix(markup.MARK)
    for row, before in zip(evil["gpu"]["rows"], told["gpu"]["rows"], strict=True):
        row["cpu"] = before["cpu"]  # another
    drawn.recorded(lambda: write_profile_page(evil, tmp_path))
    markup.check(tmp_path / "profile.html", least=100)
