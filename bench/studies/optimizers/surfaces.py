"""Functions of two numbers on which optimizers are shown, never ranked."""

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, e, exp, pi, sin, sqrt

Gradient = Callable[[float, float], tuple[float, float]]


@dataclass(frozen=True)
class Surface:
    """A function of two numbers.

    least: its smallest value; minima: where it is taken; box: (x from, to, y from, to)
    of the picture. Source: of the function and, where it is standard, of its start.
    """

    name: str
    title: str
    formula: str
    value: Callable[[float, float], float]
    gradient: Gradient
    start: tuple[float, float]
    least: float
    minima: tuple[tuple[float, float], ...]
    box: tuple[float, float, float, float]
    source: str


def rosenbrock(x, y):
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2


def rosenbrock_gradient(x, y):
    return -2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)


def beale(x, y):
    return sum((c - x * (1 - y**k)) ** 2 for k, c in _BEALE)


def beale_gradient(x, y):
    rest = [(k, c - x * (1 - y**k)) for k, c in _BEALE]
    return (
        sum(-2 * r * (1 - y**k) for k, r in rest),
        sum(2 * r * x * k * y ** (k - 1) for k, r in rest),
    )


def himmelblau(x, y):
    return (x * x + y - 11) ** 2 + (x + y * y - 7) ** 2


def himmelblau_gradient(x, y):
    a, b = x * x + y - 11, x + y * y - 7
    return 4 * x * a + 2 * b, 2 * a + 4 * y * b


def rastrigin(x, y):
    return 20 + sum(u * u - 10 * cos(2 * pi * u) for u in (x, y))


def rastrigin_gradient(x, y):
    dx, dy = (2 * u + 20 * pi * sin(2 * pi * u) for u in (x, y))
    return dx, dy


def ackley(x, y):
    radius = sqrt((x * x + y * y) / 2)
    waves = (cos(2 * pi * x) + cos(2 * pi * y)) / 2
    return 20 + e - 20 * exp(-0.2 * radius) - exp(waves)


def ackley_gradient(x, y):
    radius = sqrt((x * x + y * y) / 2)
    slope = 2 * exp(-0.2 * radius) / radius if radius else 0.0
    crest = pi * exp((cos(2 * pi * x) + cos(2 * pi * y)) / 2)
    dx, dy = (slope * u + crest * sin(2 * pi * u) for u in (x, y))
    return dx, dy


def saddle(x, y):
    return x * x - y * y + y**4 / 2


def saddle_gradient(x, y):
    return 2 * x, -2 * y + 2 * y**3


def valley(x, y):
    u, v = _TURN[0] * x + _TURN[1] * y, _TURN[0] * y - _TURN[1] * x
    return (u * u + 100 * v * v) / 2


def valley_gradient(x, y):
    u, v = _TURN[0] * x + _TURN[1] * y, _TURN[0] * y - _TURN[1] * x
    return _TURN[0] * u - 100 * _TURN[1] * v, _TURN[1] * u + 100 * _TURN[0] * v


_BEALE = ((1, 1.5), (2, 2.25), (3, 2.625))
_TURN = (cos(pi / 6), sin(pi / 6))

SURFACES = (
    Surface(
        "rosenbrock",
        "Rosenbrock",
        "(1 - x)² + 100 (y - x²)²",
        rosenbrock,
        rosenbrock_gradient,
        (-1.2, 1.0),
        0.0,
        ((1.0, 1.0),),
        (-2.0, 2.0, -1.0, 3.0),
        "Rosenbrock (1960), The Computer Journal 3",
    ),
    Surface(
        "beale",
        "Beale",
        "(1.5 - x + xy)² + (2.25 - x + xy²)² + (2.625 - x + xy³)²",
        beale,
        beale_gradient,
        (1.0, 1.0),
        0.0,
        ((3.0, 0.5),),
        (-0.5, 4.5, -2.0, 2.0),
        "Moré, Garbow & Hillstrom (1981), ACM TOMS 7",
    ),
    Surface(
        "himmelblau",
        "Himmelblau",
        "(x² + y - 11)² + (x + y² - 7)²",
        himmelblau,
        himmelblau_gradient,
        (0.0, 0.0),
        0.0,
        (
            (3.0, 2.0),
            (-2.805118, 3.131312),
            (-3.779310, -3.283186),
            (3.584428, -1.848126),
        ),
        (-5.0, 5.0, -5.0, 5.0),
        "Himmelblau (1972), Applied nonlinear programming",
    ),
    Surface(
        "rastrigin",
        "Rastrigin",
        "20 + x² - 10 cos 2πx + y² - 10 cos 2πy",
        rastrigin,
        rastrigin_gradient,
        (-2.3, 1.7),
        0.0,
        ((0.0, 0.0),),
        (-3.0, 3.0, -3.0, 3.0),
        "Rastrigin (1974), Systems of extremal control",
    ),
    Surface(
        "ackley",
        "Ackley",
        "20 + e - 20 exp(-0.2 √((x² + y²)/2)) - exp((cos 2πx + cos 2πy)/2)",
        ackley,
        ackley_gradient,
        (2.2, -1.6),
        0.0,
        ((0.0, 0.0),),
        (-3.0, 3.0, -3.0, 3.0),
        "Ackley (1987), A connectionist machine for genetic hillclimbing",
    ),
    Surface(
        "saddle",
        "Saddle",
        "x² - y² + y⁴/2",
        saddle,
        saddle_gradient,
        (1.5, 1e-3),
        -0.5,
        ((0.0, 1.0), (0.0, -1.0)),
        (-1.8, 1.8, -1.6, 1.6),
        "a saddle at (0, 0) with a minimum on either side",
    ),
    Surface(
        "valley",
        "Narrow valley",
        "(u² + 100 v²)/2, u and v being x and y turned by 30°",
        valley,
        valley_gradient,
        (-2.0, 0.6),
        0.0,
        ((0.0, 0.0),),
        (-2.5, 2.5, -2.5, 2.5),
        "a quadratic of condition number 100",
    ),
)
