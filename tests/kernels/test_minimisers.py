"""Every minimiser: the minimum it reaches, its curves, its end, what it refuses."""

from itertools import pairwise

import numpy as np
import pytest
from gradclinic.kernels import MINIMISERS, mlp, train, train_population
from gradclinic.kernels.minimisers.lbfgs import newton_direction
from gradclinic.kernels.minimisers.levenberg_marquardt import damped_step
from gradclinic.kernels.minimisers.nonlinear_conjugate_gradient import conjugate
from scipy import optimize

from . import naive
from .test_training import classification, regression

LINE_SEARCHES = [name for name, m in MINIMISERS.items() if not m.curvature]
CURVES = ("train_loss", "val_loss", "train_metric", "gradient_norm", "update_ratio")


def smooth(rows=60, dtype=np.float64, hidden=5):
    """(net, params, x, y): a small regression that a tanh network nearly fits."""
    rng, net = np.random.default_rng(3), mlp([3, hidden, 2], "tanh", "mse")
    x = rng.normal(size=(rows, 3)).astype(dtype)
    y = np.sin(x @ rng.normal(size=(3, 2))) + 0.1 * rng.normal(size=(rows, 2))
    return net, net.init(4, dtype), x, y.astype(dtype)


def rosenbrock(p):
    return optimize.rosen(p), optimize.rosen_der(p)


@pytest.mark.parametrize("name", MINIMISERS)
def test_what_it_declares(name):
    minimiser = MINIMISERS[name]
    assert minimiser.name == name
    assert any(character.isdigit() for character in minimiser.source)
    assert set(minimiser.bounds) | set(minimiser.choices) == set(minimiser.defaults)
    assert minimiser.options({}) == minimiser.defaults
    assert "Converged" in minimiser.iterate.__doc__


@pytest.mark.parametrize("name", LINE_SEARCHES)
@pytest.mark.parametrize("n", [2, 10])
def test_it_finds_the_valley_of_rosenbrock_as_scipy_does(name, n):
    start = np.tile([-1.2, 1.0], n // 2)
    params = start.copy()
    tight = {"tolerance_change": 1e-15, "tolerance_grad": 1e-9}
    iterates = MINIMISERS[name].minimise(rosenbrock, params, 1000, **tight)
    method = "L-BFGS-B" if name == "lbfgs" else "CG"
    options = {"maxiter": 1000, "gtol": 1e-9}
    theirs = optimize.minimize(
        rosenbrock, start, jac=True, method=method, options=options
    )
    np.testing.assert_allclose(params, np.ones(n), atol=1e-6)
    np.testing.assert_array_equal(params, iterates[-1])
    np.testing.assert_array_equal(start, iterates[0])
    assert rosenbrock(params)[0] <= max(theirs.fun, 1e-12)
    assert len(iterates) < 3 * theirs.nit + 20
    values = [rosenbrock(p)[0] for p in iterates]
    assert (np.diff(values) <= 0).all()


@pytest.mark.parametrize("name", LINE_SEARCHES)
def test_n_steps_solve_a_quadratic_of_n(name):
    # Both methods with exact searches end after n steps: Nocedal & Wright (2006),
    # theorems 5.1 and 6.4; these searches are not exact.
    hessian = np.diag(np.geomspace(1, 100, 6))
    params = np.ones(6)
    iterates = MINIMISERS[name].minimise(
        lambda p: (p @ hessian @ p / 2, hessian @ p), params, 60, tolerance_change=1e-14
    )
    assert np.abs(params).max() < 1e-6
    assert len(iterates) < 40


def test_the_two_loop_recursion_is_the_bfgs_matrix(rng):
    # Source: Nocedal & Wright (2006), eq. 6.17.
    n, pairs = 5, []
    inverse, scale = np.eye(n), 0.7
    inverse *= scale
    for _ in range(3):
        s, y = rng.normal(size=(2, n))
        y *= np.sign(s @ y)
        rho = 1 / (s @ y)
        pairs.append((s, y, rho))
        left = np.eye(n) - rho * np.outer(s, y)
        inverse = left @ inverse @ left.T + rho * np.outer(s, s)
    grad = rng.normal(size=n)
    got = newton_direction(grad, pairs, scale)
    np.testing.assert_allclose(got, -inverse @ grad, rtol=1e-10)


def test_conjugate_directions_and_when_they_restart():
    last, direction = np.array([1.0, 0.0]), np.array([-1.0, 0.0])
    found, restarted = conjugate(np.array([0.05, 1.0]), last, direction)
    beta = 0.05 * (0.05 - 1) + 1.0  # g.(g - g_last) / 1
    np.testing.assert_allclose(found, [-0.05 - beta, -1.0])
    assert not restarted
    # Not orthogonal: Powell's restart. Negative beta: zero. Not a descent: restart.
    assert conjugate(np.array([0.5, 1.0]), last, direction)[1]
    assert conjugate(np.array([0.0, 1.0]), last, np.array([0.0, 9.0]))[1]


def test_a_damped_step_solves_the_damped_equations(rng):
    jac, grad = rng.normal(size=(9, 4)), rng.normal(size=4)
    hessian, scale = jac.T @ jac, rng.uniform(1, 2, 4)
    step = damped_step(hessian, grad, scale, 0.3)
    np.testing.assert_allclose(
        (hessian + 0.3 * np.diag(scale)) @ step, -grad, rtol=1e-9
    )
    assert damped_step(-hessian, grad, scale, 1e-9) is None


@pytest.mark.parametrize("name", MINIMISERS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_it_trains_and_its_curves_are_those_of_the_iterates(name, dtype):
    net, params, x, y = classification(dtype=dtype)
    start, held_out = params.copy(), (x[:30], y[:30])
    options = {"optimizer": name, "epochs": 6, "l2": 0.01, "validation": held_out}
    history = train(net, params, x, y, **options)
    assert history.status == "ok"
    assert history.epochs == len(history.evaluations) == 6
    assert history.train_loss[-1] < 0.6 * history.train_loss[0]
    loss, grad = net.loss_and_grad(start, x, y)
    for offset, i, o in net.matrices:
        grad[offset : offset + i * o] += 0.01 * start[offset : offset + i * o]
    near = {"rel": 1e-5 if dtype == np.float32 else 1e-12}
    assert history.train_loss[0] == pytest.approx(loss, **near)
    assert history.train_metric[0] == pytest.approx(net.evaluate(start, x, y)[1])
    assert history.gradient_norm[0] == pytest.approx(np.linalg.norm(grad), **near)
    assert history.val_loss[-1] == pytest.approx(net.evaluate(params, *held_out)[0])
    assert history.evaluations.min() >= 1
    assert history.seconds > 0
    once = start.copy()
    first = train(net, once, x, y, **{**options, "epochs": 1})
    moved = np.linalg.norm(once - start) / np.linalg.norm(start)
    assert first.update_ratio[0] == pytest.approx(moved, rel=1e-5)
    assert first.train_loss[0] == history.train_loss[0]
    assert net.evaluate(once, x, y)[0] == pytest.approx(history.train_loss[1], rel=1e-5)


@pytest.mark.parametrize("name", MINIMISERS)
def test_the_minimum_of_a_linear_regression(name):
    net, params, x, y = regression(outputs=2)
    history = train(net, params, x, y, optimizer=name, epochs=100)
    design = np.column_stack([x, np.ones(len(x))])
    best = np.linalg.lstsq(design, y, rcond=None)[0]
    np.testing.assert_allclose(params.reshape(5, 2), best, atol=1e-4)
    assert history.status == "stopped_early"
    assert history.epochs < 40


def residuals(net, x, y):
    """The function whose mean square is the loss, for SciPy."""
    return lambda p: (net.predict(p, x) - y).ravel()


def test_levenberg_marquardt_reaches_the_minimum_of_scipy():
    net, params, x, y = smooth(rows=200, hidden=2)
    theirs = optimize.least_squares(residuals(net, x, y), params, method="lm")
    train(net, params, x, y, optimizer="levenberg_marquardt", epochs=300)
    loss, grad = net.loss_and_grad(params, x, y)
    assert np.abs(grad).max() < 1e-9
    assert loss == pytest.approx(2 * theirs.cost / y.size, rel=1e-7)
    np.testing.assert_allclose(params, theirs.x, rtol=1e-3)


def test_levenberg_marquardt_converges_fast_near_a_minimum_without_residual():
    net, params, x, _ = smooth(rows=200)
    target = net.init(9, np.float64)
    y = net.predict(target, x)
    params[:] = target + 0.02 * np.random.default_rng(0).normal(size=target.size)
    history = train(net, params, x, y, optimizer="levenberg_marquardt", epochs=15)
    assert net.evaluate(params, x, y)[0] < 1e-18
    assert history.evaluations.sum() == history.epochs + 1


@pytest.mark.parametrize("name", LINE_SEARCHES)
def test_line_searches_reach_the_minimum_of_scipy(name):
    net, params, x, y = classification()
    penalty = 0.05
    weights = np.zeros(net.n_params)
    for start, i, o in net.matrices:
        weights[start : start + i * o] = penalty

    def function(p):
        loss, grad = net.loss_and_grad(p, x, y)
        return loss + p @ (weights * p) / 2, grad + weights * p

    method = "L-BFGS-B" if name == "lbfgs" else "CG"
    theirs = optimize.minimize(function, params, jac=True, method=method)
    tight = {"tolerance_change": 1e-14, "l2": penalty}
    train(net, params, x, y, optimizer=name, epochs=500, **tight)
    assert function(params)[0] <= theirs.fun + 1e-7
    assert np.abs(function(params)[1]).max() < 1e-5


@pytest.mark.parametrize("name", MINIMISERS)
def test_it_is_deterministic_whatever_the_threads_and_in_populations(name):
    net, _, x, y = smooth()
    options = {"optimizer": name, "epochs": 20, "validation": (x, y)}
    runs = train_population(net, x, y, [4, 5], None, dtype=np.float64, **options)
    for k, seed in enumerate((4, 5)):
        for threads in (1, 2):
            params = net.init(seed, np.float64)
            history = train(net, params, x, y, threads=threads, **options)
            np.testing.assert_array_equal(params, runs.params[k])
            for curve in CURVES:
                found = getattr(runs, curve)[k, : history.epochs]
                np.testing.assert_array_equal(getattr(history, curve), found)
        assert runs.status[k] == history.status


def test_runs_of_a_population_may_have_their_own_rows():
    net, params, x, y = smooth()
    sets = np.stack([x, x[::-1] + 0.1]), np.stack([y, y[::-1]])
    options = {"optimizer": "lbfgs", "epochs": 5}
    runs = train_population(net, *sets, [4, 4], [1.0, 0.5], dtype=np.float64, **options)
    train(net, params, sets[0][1], sets[1][1], lr=0.5, **options)
    np.testing.assert_array_equal(runs.params[1], params)


@pytest.mark.parametrize("name", MINIMISERS)
def test_patience_brings_back_the_best(name):
    net, params, x, y = classification(rows=40, sizes=(5, 9, 3))
    y = np.random.default_rng(2).integers(0, 3, 40)  # nothing to learn but noise
    held_out = (x[20:], y[20:])
    options = {"optimizer": name, "epochs": 100, "patience": 3}
    history = train(net, params, x[:20], y[:20], validation=held_out, **options)
    assert history.status == "stopped_early"
    assert history.epochs == history.best_epoch + 3
    assert history.val_loss.argmin() == history.best_epoch - 1
    assert net.evaluate(params, *held_out)[0] == history.val_loss.min()


def test_fixed_steps_that_are_too_long_are_diverged():
    net, params, x, y = classification()
    options = {"optimizer": "lbfgs", "line_search_fn": None, "lr": 1e5}
    history = train(net, params, 1e3 * x, y, epochs=60, **options)
    assert history.status == "diverged"


@pytest.mark.parametrize("name", MINIMISERS)
def test_a_start_that_is_not_finite_is_diverged(name):
    net, params, x, y = smooth(dtype=np.float32)
    params[:] = 1e30
    history = train(net, params, x, y, optimizer=name, epochs=4)
    assert (history.status, history.epochs) == ("diverged", 1)


@pytest.mark.parametrize("name", MINIMISERS)
def test_at_a_minimum_it_stops_at_once(name):
    net, params, x, _ = smooth()
    start, y = params.copy(), net.predict(params, x)
    history = train(net, params, x, y, optimizer=name)
    np.testing.assert_array_equal(params, start)
    assert (history.status, history.epochs) == ("stopped_early", 1)


def test_an_epoch_of_lbfgs_may_be_several_iterations():
    net, params, x, y = smooth()
    other = params.copy()
    train(net, params, x, y, optimizer="lbfgs", epochs=12)
    history = train(net, other, x, y, optimizer="lbfgs", epochs=3, max_iter=4)
    np.testing.assert_array_equal(params, other)
    assert history.epochs == 3


DROPOUT = mlp([3, 4, 2], dropout=0.2)
WRONG = [
    ({"batch_size": 4}, ValueError, "takes all 10 rows at once"),
    ({"batch_size": 2.5}, TypeError, "batch_size must be a whole number"),
    ({"epochs": 0}, ValueError, "epochs must be at least 1"),
    ({"schedule": "cosine"}, ValueError, "leave out schedule"),
    ({"warmup": 2}, ValueError, "leave out warmup"),
    ({"l1": 0.1}, ValueError, "leave out l1"),
    ({"clip_norm": 1.0}, ValueError, "leave out clip_norm"),
    ({"reduction": "sum"}, ValueError, "leave out reduction"),
    ({"micro_batch": 2}, ValueError, "leave out micro_batch"),
    ({"storage": "float16"}, ValueError, "leave out storage"),
    ({"in_place": True}, ValueError, "leave out in_place"),
    ({"patience": 2}, ValueError, "patience needs rows in validation"),
    ({"diagnostics": True}, ValueError, "no steps that diagnostics see"),
    ({"net": DROPOUT}, ValueError, "the network has dropout"),
    ({"net": mlp([3, 4, 2], input_noise=0.1)}, ValueError, "the network has noise"),
    ({"momentum": 0.9}, ValueError, "unknown option 'momentum'"),
    ({"tolerance_grad": -1}, ValueError, "tolerance_grad must be at least 0"),
    ({"max_eval": 2.5}, TypeError, "max_eval must be a whole number"),
    ({"max_eval": 0}, ValueError, "max_eval must be at least"),
]


@pytest.mark.parametrize("name", MINIMISERS)
@pytest.mark.parametrize(("change", "error", "words"), WRONG)
def test_what_it_does_not_take_is_one_sentence(name, change, error, words):
    net = change.get("net", mlp([3, 4, 2]))
    arguments = {"params": net.init(0), "x": np.ones((10, 3)), "y": np.arange(10) % 2}
    change = {k: v for k, v in change.items() if k != "net"}
    with pytest.raises(error, match=words) as caught:
        train(net, **{**arguments, "optimizer": name, **change})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("lbfgs", {"line_search_fn": "armijo"}, "must be 'strong_wolfe' or None, got"),
        ("lbfgs", {"history_size": 0}, "history_size must be at least 1"),
        ("levenberg_marquardt", {"lr": 0.1}, "'levenberg_marquardt' 'lr'"),
        ("levenberg_marquardt", {"loss": "hinge"}, "which 'hinge' lacks"),
        ("levenberg_marquardt", {"hidden": 700}, "at most 4000, and the netw"),
        ("levenberg_marquat", {}, "did you mean 'levenberg_marquardt'"),
    ],
)
def test_what_one_of_them_does_not_take(name, change, words):
    net = mlp([3, change.pop("hidden", 4), 2], loss=change.pop("loss", "cross_entropy"))
    arguments = {"x": np.ones((10, 3)), "y": np.arange(10) % 2, "optimizer": name}
    with pytest.raises(ValueError, match=words):
        train(net, net.init(0), **arguments, **change)


def test_a_function_has_no_curvature():
    with pytest.raises(ValueError, match="needs a network with its rows"):
        MINIMISERS["levenberg_marquardt"].minimise(rosenbrock, np.zeros(2))
    with pytest.raises(TypeError, match="params must be a NumPy array"):
        MINIMISERS["lbfgs"].minimise(rosenbrock, [0.0, 0.0])


def test_the_defaults_of_train_are_the_optimizers_own():
    net, params, x, y = classification()
    other, fixed = params.copy(), params.copy()
    train(net, params, x, y, "sgd", epochs=2)
    train(net, other, x, y, "sgd", lr=0.1, batch_size=32, epochs=2)
    train(net, fixed, x, y, "sgd", lr=1e-3, epochs=2)
    np.testing.assert_array_equal(params, other)
    assert not np.array_equal(params, fixed)


def test_steps_of_conjugate_gradient_follow_the_equations():
    # nonlinear_conjugate_gradient: each step along PR+ with restarts, to a point that
    # meets the strong Wolfe conditions. Nocedal & Wright (2006), eq. 3.7, section 5.2.
    net, params, x, y = classification()
    chosen = {"tolerance_change": 0.0, "tolerance_grad": 0.0}
    iterates = MINIMISERS["nonlinear_conjugate_gradient"].minimise(
        lambda p: net.loss_and_grad(p, x, y), params, 30, **chosen
    )
    (value, grad), restarts = net.loss_and_grad(iterates[0], x, y), 0
    d, last = None, grad
    for before, after in pairwise(iterates):
        if d is None:
            d = -grad
        else:
            beta = max(0, grad @ (grad - last) / (last @ last))
            if abs(grad @ last) >= 0.1 * (grad @ grad) or grad @ (beta * d - grad) >= 0:
                beta, restarts = 0, restarts + 1
            d = beta * d - grad
        step = after - before
        t = step @ d / (d @ d)
        assert t > 0
        np.testing.assert_allclose(step, t * d, atol=1e-12 * np.abs(step).max())
        last, slope = grad, grad @ d
        lower, grad = net.loss_and_grad(after, x, y)
        assert lower <= value + 1e-4 * t * slope
        assert abs(grad @ d) <= 0.1 * abs(slope) * (1 + 1e-9)
        value = lower
    assert 0 < restarts < 29


def test_steps_of_levenberg_marquardt_follow_the_equations():
    # levenberg_marquardt, algorithm 3.16 of Madsen et al. (2004) in plain NumPy, with
    # the Jacobian from gradients of single rows and outputs.
    net, params, x, y = smooth(rows=30)
    flat = params.copy()
    outputs = [mlp([3, 5, 1], "tanh", "mse")] * 2

    def value_and_jacobian(p):
        """Mean squared error, residuals [60] and their Jacobian [60, n]."""
        error, rows = net.predict(p, x) - y, []
        for r in range(len(x)):
            for k, single in enumerate(outputs):
                # Half a unit of error makes 2 e dz/dp the derivative of the output.
                chosen = columns_of(net, k)
                target = single.predict(p[chosen], x[r : r + 1]) - 0.5
                slope = naive.loss_and_grad(single, p[chosen], x[r : r + 1], target)[1]
                row = np.zeros(p.size)
                row[chosen] = slope
                rows.append(row)
        return np.mean(error**2), error.ravel(), np.array(rows)

    damping, growth, scale = 1e-3, 2.0, np.zeros(flat.size)
    value, error, jac = value_and_jacobian(flat)
    for step in range(8):
        normal, slope = 2 / error.size * jac.T @ jac, 2 / error.size * jac.T @ error
        scale = np.maximum(scale, np.diag(normal))
        while True:
            d = -np.linalg.solve(normal + damping * np.diag(scale), slope)
            found = value_and_jacobian(flat + d)
            gain = (value - found[0]) / (-(d @ slope) - d @ normal @ d / 2)
            if gain > 0:
                damping *= max(1 / 3, 1 - (2 * gain - 1) ** 3)
                growth = 2.0
                break
            damping, growth = damping * growth, 2 * growth
        flat = flat + d
        value, error, jac = found
        again = params.copy()
        train(net, again, x, y, optimizer="levenberg_marquardt", epochs=step + 1)
        np.testing.assert_allclose(again, flat, rtol=1e-6, atol=1e-8)


def columns_of(net, output):
    """Where the parameters that one output depends on stand, in their order."""
    (_, i, o), start = net.matrices[-1], net.matrices[-1][0]
    last = [start + r * o + output for r in range(i)] + [start + i * o + output]
    return np.r_[np.arange(start), last].astype(int)
