"""The ten digits as paths of a pen, of our own drawing."""

import numpy as np


def _line(*points):
    """The corners of a broken line: float64[points, 2], (across, down)."""
    return np.array(points, float)


def _arc(centre, radii, first, last, points=14):
    """Points of an ellipse's arc, angles in degrees, clockwise on the page from right.

    centre, radii: (across, down). float64[points, 2].
    """
    angle = np.radians(np.linspace(first, last, points))
    return np.array(centre) + np.column_stack([np.cos(angle), np.sin(angle)]) * radii


# One path a digit in a square from 0 to 1, the second number downwards.
PATHS = (
    _arc((0.5, 0.5), (0.28, 0.42), -90, 270, 24),
    _line((0.36, 0.26), (0.54, 0.08), (0.54, 0.92)),
    np.vstack(
        [_arc((0.5, 0.32), (0.26, 0.24), -180, 35), _line((0.24, 0.92), (0.78, 0.92))]
    ),
    np.vstack(
        [
            _arc((0.46, 0.29), (0.26, 0.21), -150, 90),
            _arc((0.46, 0.71), (0.29, 0.21), -90, 150),
        ]
    ),
    _line((0.62, 0.92), (0.62, 0.08), (0.2, 0.66), (0.82, 0.66)),
    np.vstack(
        [
            _line((0.74, 0.08), (0.34, 0.08), (0.29, 0.47)),
            _arc((0.47, 0.66), (0.28, 0.26), -130, 140),
        ]
    ),
    np.vstack(
        [
            _line((0.66, 0.09), (0.42, 0.3), (0.27, 0.56)),
            _arc((0.5, 0.69), (0.25, 0.23), -180, 180, 20),
        ]
    ),
    _line((0.22, 0.08), (0.78, 0.08), (0.42, 0.92)),
    np.vstack(
        [
            _arc((0.5, 0.29), (0.22, 0.21), 90, -270, 20),
            _arc((0.5, 0.71), (0.27, 0.21), -90, 270, 20),
        ]
    ),
    np.vstack(
        [
            _arc((0.49, 0.32), (0.25, 0.24), 0, -360, 20),
            _line((0.72, 0.5), (0.58, 0.92)),
        ]
    ),
)


def distances(path, places):
    """How far places are from a path: float64[n].

    path: float64[points, 2]; places: float64[n, 2], in the path's units.
    """
    starts, along = path[:-1], np.diff(path, axis=0)
    offset = places[:, None] - starts
    length = np.maximum((along**2).sum(axis=1), 1e-12)
    share = np.clip((offset * along).sum(axis=2) / length, 0, 1)
    gap = offset - share[:, :, None] * along
    return np.sqrt((gap**2).sum(axis=2).min(axis=1))
