"""Images of digits in MNIST's shape, drawn by strokes: nothing is downloaded."""

from functools import cache

import numpy as np

from .strokes import PATHS, distances
from .table import Table

_FINE = 65  # distances are tabled on so many places a side
_LOW, _HIGH = -0.5, 1.5  # of a digit's own square, which is 0 to 1
_BOX = 20 / 28  # what a digit fills of the image's side, as in MNIST
_TOGETHER = 64  # images whose arrays stay in a cache
_WAVES = 3  # a bend is made of cosines below this frequency, in either direction


@cache
def _fields():
    """How far each place is from each digit's path: float64[10, fine, fine]."""
    line = np.linspace(_LOW, _HIGH, _FINE)
    places = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)
    fields = np.stack([distances(path, places) for path in PATHS], dtype=np.float32)
    return fields.reshape(-1, _FINE, _FINE)


def _looked_up(digit, across, down):
    """Distances at places of each image's digit, linear in between: float32[n, p].

    digit: int[n]; across, down: float32[n, p] in the digit's square.
    """
    scale = np.float32((_FINE - 1) / (_HIGH - _LOW))
    last = np.float32(_FINE - 1.001)
    u = np.clip((across - np.float32(_LOW)) * scale, 0, last)
    v = np.clip((down - np.float32(_LOW)) * scale, 0, last)
    i, j = u.astype(np.int32), v.astype(np.int32)
    u, v = u - i, v - j
    flat = _fields().ravel()
    at = (digit[:, None].astype(np.int32) * _FINE + j) * _FINE + i
    above = flat[at] * (1 - u) + flat[at + 1] * u
    below = flat[at + _FINE] * (1 - u) + flat[at + _FINE + 1] * u
    return above * (1 - v) + below * v


def _drawn(digit, motion, waves, size):
    """Ink of the images of some digits, from 0 to 1: float32[n, size size].

    motion: float32[n, 5 + 2 waves]: the pen's width in pixels, the move across and
    down, the angle, the zoom, and how far each wave bends across and down. waves:
    float32[waves, size size].
    """
    pen, right, low, angle, factor = (motion[:, k : k + 1] for k in range(5))
    line = ((np.arange(size) + 0.5) / size - 0.5).astype(np.float32)
    x, y = np.tile(line, size) - right, np.repeat(line, size) - low
    cos, sin = np.cos(angle) / factor, np.sin(angle) / factor
    bends = motion[:, 5:].reshape(len(motion), 2, -1)
    across = cos * x + sin * y + bends[:, 0] @ waves + np.float32(0.5)
    down = cos * y - sin * x + bends[:, 1] @ waves + np.float32(0.5)
    gap = _looked_up(digit, across, down) * factor * size
    return np.clip(0.5 + pen / 2 - gap, 0, 1)


def _motion(rng, n, far, bend, thickness):
    """What `_drawn` takes of n images, drawn at random: float32[n, 5 + 2 waves].

    far: how far the moves, the angle (radians) and the zoom go at most.
    """
    either = rng.uniform(-1, 1, (n, 5)) * (0.5, *far)
    either[:, 0] = thickness * 2 ** either[:, 0]
    either[:, 4] = _BOX * np.exp(either[:, 4])
    bends = bend / _WAVES * rng.standard_normal((n, 2 * _WAVES**2))
    return np.hstack([either, bends]).astype(np.float32)


def glyphs(
    rng,
    n_samples=3000,
    size=28,
    shift=3.0,
    rotation=20.0,
    zoom=0.2,
    bend=0.06,
    thickness=2.0,
    noise=0.1,
):
    """Grey images of digits drawn by a pen, in MNIST's shape: rows of size size pixels.

    Each is one of ten paths, bent by smooth random waves, rotated by up to `rotation`
    degrees, zoomed by up to exp(+-zoom) and moved by up to `shift` pixels; the pen is
    `thickness` pixels wide, times 2^-.5 to 2^.5. Ink runs from 0 to 1 with an edge one
    pixel wide; then `noise` N(0, 1) is added and what lies outside 0 to 1 is cut off.
    Source of the practice: Simard, Steinkraus & Platt (2003), section 2, whose elastic
    distortions the bends are; the digits' box of 20 pixels in 28 is MNIST's (LeCun et
    al., 1998, section III.A).
    """
    n, size = int(n_samples), int(size)
    digit = rng.randint(10, size=n)
    far = shift / size, shift / size, np.radians(rotation), zoom
    motion = _motion(rng, n, far, bend, thickness)
    line = np.pi * (np.arange(size) + 0.5) / size
    wave = np.cos(np.arange(_WAVES)[:, None] * line).astype(np.float32)
    waves = np.einsum("aj,bi->abji", wave, wave).reshape(-1, size * size)
    ink = np.empty((n, size * size))
    for at in range(0, n, _TOGETHER):
        some = slice(at, at + _TOGETHER)
        ink[some] = _drawn(digit[some], motion[some], waves, size)
    if noise:
        ink = np.clip(ink + noise * rng.standard_normal(ink.shape), 0, 1)
    about = f"Images of ten digits, {size} x {size} pixels from 0 to 1, drawn by a pen"
    y = digit[:, None].astype(np.float64)
    return Table(ink, y, 10, f"{about} with random bends, afresh for every seed.")
