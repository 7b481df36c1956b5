"""The roofline's ceilings and points, as far as they were measured."""

from .. import words
from ..figures.roofline import Roof, RooflinePoint


def roofs_and_points(content):
    """([Roof], [Point]): roofs of one thread and of all, points under theirs.

    The second entry of each ceiling is that of all threads of the study.
    """
    found = content["roofline"]
    most = content["settings"].get("threads")
    names = ["1 thread", words.count(most, "thread") if most else "all threads"]
    columns = [found.get(name) or [] for name in ("peak_gflops", "triad_gb")]
    blas = [*(found.get("blas_gflops") or []), None, None]
    roofs = [
        Roof(name, peak, triad, rate)
        for name, peak, triad, rate in zip(names, *columns, blas, strict=False)
        if peak and triad
    ]
    if most == 1:
        roofs = roofs[:1]
    return roofs, [_point(point, roofs) for point in _measured(found) if roofs]


def _measured(found):
    return [
        point
        for point in found.get("points") or ()
        if (point.get("intensity") or 0) > 0 and (point.get("gflops") or 0) > 0
    ]


def _point(point, roofs):
    alone = point.get("threads") == 1 or len(roofs) == 1
    label = point.get("label") or point["name"]
    return RooflinePoint(label, point["intensity"], point["gflops"], 0 if alone else 1)
