"""L-BFGS: Newton steps with a curvature remembered from the last few steps."""

from collections import deque

from ..bounds import COUNT, NONNEGATIVE, Bounds
from ..line_search import Probe, SearchLine, strong_wolfe
from ..minimiser import Minimiser, dot, largest, sum_of_sizes

# A pair with less curvature than this would make the matrix indefinite or huge.
LEAST_CURVATURE = 1e-10
# Evaluations of an epoch where max_eval is None: torch's for 20 iterations.
EVALUATIONS = 25


def newton_direction(grad, pairs, scale):
    """-H grad, by the two-loop recursion: H is the inverse Hessian of the pairs.

    pairs: (s, y, 1 / s.y), oldest first; scale: H without any is scale times I. Source:
    Nocedal & Wright (2006), algorithm 7.4.
    """
    q, shares = -grad, []
    for s, y, inverse in reversed(pairs):
        shares.append(inverse * dot(s, q))
        q -= shares[-1] * y
    q *= scale
    for s, y, inverse in pairs:
        q += (shares.pop() - inverse * dot(y, q)) * s
    return q


def moved(objective, point, direction, t, search):
    """(`Probe` at the end of a step, evaluations). search: (most, least) or None."""
    line = SearchLine(objective, point, direction)
    if search is None:
        end = line.at(t)
        # A fixed step is taken whatever it leads to: divergence must stay visible.
        return Probe(t, end.point.value, end.slope, end.point), 1
    return strong_wolfe(line, t, *search), line.calls


def iterate(
    objective,
    point,
    lr,
    max_iter,
    max_eval,
    tolerance_grad,
    tolerance_change,
    history_size,
    line_search_fn,
):
    """d = -H g;  p <- p + t d, t by the strong Wolfe search from lr on, or lr itself.

    H from the last history_size pairs s = t d, y = g' - g, on (s.y / y.y) I. The very
    first step is lr min(1, 1 / |g|_1) long at first trial. An epoch is max_iter
    iterations of at most max_eval evaluations (that of its start included), as a step
    of torch.optim.LBFGS; None: max(25, 5/4 max_iter). Converged: |g|, |t d| (largest
    entries), the change of the value or the slope along d is below its tolerance.
    """
    pairs, scale, first = deque(maxlen=history_size), 1.0, True
    most = max_eval or max(EVALUATIONS, max_iter * 5 // 4)
    while True:
        used, converged = 1, largest(point.grad) <= tolerance_grad
        for _ in range(max_iter):
            if converged or used >= most:
                break
            d = newton_direction(point.grad, pairs, scale)
            t = lr * (min(1.0, 1.0 / sum_of_sizes(point.grad)) if first else 1.0)
            if dot(point.grad, d) > -tolerance_change:
                converged = True
                break
            search = (most - used, tolerance_change) if line_search_fn else None
            end, calls = moved(objective, point, d, t, search)
            used, first = used + calls, False
            y, s = end.point.grad - point.grad, end.t * d
            before, point = point, end.point
            curvature = dot(y, s)
            if curvature > LEAST_CURVATURE:
                pairs.append((s, y, 1.0 / curvature))
                scale = curvature / dot(y, y)
            converged = (
                largest(point.grad) <= tolerance_grad
                or largest(s) <= tolerance_change
                or abs(point.value - before.value) < tolerance_change
            )
        yield point, converged


MINIMISER = Minimiser(
    name="lbfgs",
    iterate=iterate,
    defaults={
        "lr": 1.0,
        "max_iter": 1,
        "max_eval": None,
        "tolerance_grad": 1e-7,
        "tolerance_change": 1e-9,
        "history_size": 100,
        "line_search_fn": "strong_wolfe",
    },
    bounds={
        "lr": NONNEGATIVE,
        "max_iter": COUNT,
        "max_eval": Bounds(2, 2**53, whole=True),
        "tolerance_grad": NONNEGATIVE,
        "tolerance_change": NONNEGATIVE,
        "history_size": Bounds(1, 2**31 - 1, whole=True),
    },
    choices={"line_search_fn": ("strong_wolfe", None)},
    vectors=lambda _size, options: 2 + 2 * options["history_size"],
    source="Liu & Nocedal (1989), algorithm 2.1; Nocedal & Wright (2006), alg. 7.5",
)
