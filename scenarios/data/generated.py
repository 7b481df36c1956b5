"""Data drawn afresh for every seed.

A generator takes a `RandomState` and `n_samples`, the size of the pool that `load`
splits. NumPy freezes RandomState's streams for good (NEP 19), and scikit-learn's
generators accept nothing else.
"""

import numpy as np

from .bundled import bundled
from .table import Table


def from_scikit_learn(generator, classification, about, **defaults):
    """A source that calls `sklearn.datasets.<generator>`; options are its arguments."""

    def draw(rng, **options):
        from sklearn import datasets

        arguments = {"n_samples": 2000, **defaults, **options}
        x, y = getattr(datasets, generator)(**arguments, random_state=rng)
        classes = int(y.max()) + 1 if classification else 0
        return Table(x, np.asarray(y, np.float64).reshape(len(y), -1), classes, about)

    return draw


def spirals(rng, n_samples=3000, arms=3, noise=0.2):
    """Interleaved spiral arms in the plane, one class each.

    Arm j: radius r from 0 to 1, angle 4 j + 4 r + noise N(0, 1); n_samples / arms
    points an arm. Source: Stanford CS231n notes, "Putting it together: minimal neural
    network case study" (n_samples=300 is theirs).
    """
    points = n_samples // arms
    radius = np.tile(np.linspace(0, 1, points), arms)
    arm = np.repeat(np.arange(arms), points)
    angle = 4 * (arm + radius) + noise * rng.standard_normal(arms * points)
    x = np.column_stack([radius * np.sin(angle), radius * np.cos(angle)])
    about = f"{arms} interleaved spiral arms in the plane with {noise:g} noise, drawn"
    y = arm[:, None].astype(np.float64)
    return Table(x, y, arms, f"{about} afresh for every seed.")


def sparse_parity(rng, n_samples=3000, n=40, k=3):
    """x uniform in {-1, 1}^n; the class says whether the first k have product 1.

    Source: Merrill, Tsilivis & Shukla (2023), section 2.
    """
    x = rng.choice([-1.0, 1.0], size=(n_samples, n))
    y = (x[:, :k].prod(axis=1, keepdims=True) > 0).astype(np.float64)
    about = f"{n} random signs whose class is the parity of {k} of them, drawn afresh"
    return Table(x, y, 2, f"{about} for every seed.")


def teacher_student(rng, n_samples=3000, n=20, hidden=10, noise=0.0):
    """Targets computed by a random tanh network n-hidden-1 from normal inputs.

    Weights are N(0, 1 / inputs) in the first layer and N(0, 1 / hidden) in the second.
    Source: Saad & Solla (1995), section II (there with erf).
    """
    w = rng.standard_normal((n, hidden)) / np.sqrt(n)
    v = rng.standard_normal((hidden, 1)) / np.sqrt(hidden)
    x = rng.standard_normal((n_samples, n))
    y = np.tanh(x @ w) @ v + noise * rng.standard_normal((n_samples, 1))
    about = f"the answers of a random {n}-{hidden}-1 network, both drawn afresh for"
    return Table(x, y, 0, f"{about[0].upper()}{about[1:]} every seed.")


def two_normals(rng, n_samples=3000, n=10, distance=2.0):
    """Two classes, equally frequent: normal in n dimensions, `distance` apart.

    Each has unit variance in every direction, so the best rule is a plane, and no rule
    has a balanced accuracy above Phi(distance / 2). Source: Fukunaga (1990),
    Introduction to statistical pattern recognition, section 3.1.
    """
    from scipy.special import ndtr

    y = np.arange(n_samples) % 2
    x = rng.standard_normal((n_samples, n))
    x[:, 0] += distance * (y - 0.5)
    best = ndtr(distance / 2)
    about = (
        f"Two normal classes in {n} dimensions, {distance:g} standard deviations apart,"
        f" drawn afresh for every seed: no rule has a balanced accuracy above"
        f" {100 * best:.1f} %."
    )
    return Table(x, y[:, None].astype(np.float64), 2, about)


def bent(rng, n_samples=6000, n=6, curve=0.7, wrong=0.05):
    """Normal inputs and a curved border: the side of x_2 = curve (x_1^2 - 2).

    x_1 has standard deviation 2, the others 1; x_3 is x_1 / 2 with noise of standard
    deviation 0.5, so that most of what varies is x_1. wrong: the share of labels that
    are the other class, so no rule has an accuracy above 1 - wrong, wherever its inputs
    lie.
    """
    x = rng.standard_normal((n_samples, n))
    x[:, 0] *= 2.0
    x[:, 2] = x[:, 0] / 2 + x[:, 2] / 2
    height = x[:, 1] - curve * (x[:, 0] ** 2 - 2.0)
    y = (height > 0) ^ (rng.random_sample(n_samples) < wrong)
    about = (
        f"Normal inputs, {n} of them, parted by a parabola in the first two; drawn"
        f" afresh for every seed. No rule has an accuracy above"
        f" {100 * (1 - wrong):g} %."
    )
    return Table(x, y[:, None].astype(np.float64), 2, about)


def shifted_digits(rng, n_samples=3000, noise=1.0):
    """Handwritten digits, each drawn with replacement, moved and blurred by noise.

    Every row is one of scikit-learn's 1,797 digits, moved by -1, 0 or 1 pixel in either
    direction (what leaves the 8 x 8 image is lost), plus `noise` N(0, 1); pixels run
    from 0 to 16. Rows of different parts of a split may stem from the same image: the
    population is that of the moved images, not of new writers.
    Source of the practice: Simard, Steinkraus & Platt (2003), section 2.
    """
    digits = bundled("digits")
    chosen = rng.randint(len(digits.x), size=n_samples)
    images = np.pad(digits.x[chosen].reshape(-1, 8, 8), ((0, 0), (1, 1), (1, 1)))
    across, down = rng.randint(3, size=(2, n_samples, 1))
    rows, columns = down + np.arange(8), across + np.arange(8)
    image = np.arange(n_samples)[:, None, None]
    moved = images[image, rows[:, :, None], columns[:, None, :]]
    x = moved.reshape(n_samples, 64) + noise * rng.standard_normal((n_samples, 64))
    about = (
        "Handwritten digits (scikit-learn's 1,797) drawn with replacement, moved by up"
        " to a pixel and blurred by noise, afresh for every seed; rows of different"
        " parts may stem from the same image."
    )
    return Table(x, digits.y[chosen], digits.classes, about)
