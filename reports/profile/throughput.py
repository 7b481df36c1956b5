"""Throughput against the width of the layers, as plots of lines."""

from .content import OURS, engine_labels


def throughput_plots(content):
    """Plots for `draw_lines`: gradclinic's rows a second, then arithmetic by engine.

    Where there is only one engine its batch sizes share one plot.
    """
    entries = content["throughput"]
    engines = list(dict.fromkeys(entry["engine"] for entry in entries))
    batches = sorted({entry["batch"] for entry in entries})
    own = [e for e in entries if e["engine"] == OURS] or entries[:0]
    plots = []
    if _known(own, "rows_per_second"):
        series = _by_batch(own, batches, "rows_per_second")
        plots.append(_plot("Rows trained a second", series, "rows a second", "log"))
    if not _known(entries, "gflops"):
        return plots
    if len(engines) == 1:
        series = _by_batch(entries, batches, "gflops")
        return [*plots, _plot("Arithmetic a second", series, "GF/s", "linear")]
    return plots + [_by_engine(content, engines, batch) for batch in batches]


def _by_engine(content, engines, batch):
    labels = engine_labels(content)
    entries = [entry for entry in content["throughput"] if entry["batch"] == batch]
    series = [
        _series(labels.get(engine, engine), found, "gflops")
        for engine in engines
        if (found := [entry for entry in entries if entry["engine"] == engine])
    ]
    return _plot(f"Arithmetic a second, batch {batch:,}", series, "GF/s", "linear")


def _by_batch(entries, batches, key):
    return [
        _series(f"batch {batch:,}", found, key)
        for batch in batches
        if (found := [entry for entry in entries if entry["batch"] == batch])
    ]


def _series(label, entries, key):
    ordered = sorted(entries, key=lambda entry: entry["width"])
    return {
        "label": label,
        "x": [entry["width"] for entry in ordered],
        "y": [entry.get(key) for entry in ordered],
    }


def _plot(title, series, y_label, y_scale):
    sentences = {
        "GF/s": "GF/s: billion additions and multiplications a second. Higher is"
        " faster.",
        "rows a second": "gradclinic, by the width of the layers.",
    }
    return {
        "title": title,
        "sentence": sentences[y_label],
        "series": series,
        "x_label": "width of the layers (units)",
        "y_label": y_label,
        "x_scale": "log",
        "y_scale": y_scale,
    }


def _known(entries, key):
    return any(entry.get(key) for entry in entries)
