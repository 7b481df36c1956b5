"""torch.optim.LBFGS, iteration by iteration, until it has converged.

Quasi-Newton steps amplify rounding: torch's own trajectory, from a start 1e-15 of it
away, leaves the first by 1e-11 of the largest parameter in the 35 iterations that the
network takes with defaults, and by 2e-8 in 34 with a memory of 5 pairs. Wider
tolerances end some rows before that, and what the network amplifies too much is
compared on the quadratic.
"""

# torch and jax are an optional extra.
# pyright: reportMissingImports=false

from .....kernels import MINIMISERS
from ..problems import flat_of, tensors_of
from ..reference import Reference
from ..stored import LAST
from ..torch_steps import torch_loss

LIBRARIES = ("torch",)
FIXED = {"line_search_fn": None}
BOTH, QUADRATIC = ("quadratic", "network"), ("quadratic",)
# Evaluations that no training here reaches: ours allows 25 an iteration.
UNLIMITED = 10**6
# Neither torch.optim nor optax has these.
DERIVED = {
    "levenberg_marquardt": (
        "tests/kernels/test_minimisers.py"
        "::test_steps_of_levenberg_marquardt_follow_the_equations"
    ),
    "nonlinear_conjugate_gradient": (
        "tests/kernels/test_minimisers.py"
        "::test_steps_of_conjugate_gradient_follow_the_equations"
    ),
}


def theirs(options):
    """`Reference.steps`: after k iterations of one call from the start, for k = 1, ...

    torch shows parameters at the end of a call only.
    """
    chosen = {"line_search_fn": "strong_wolfe", **options}

    def steps(problem):
        for k in range(1, LAST + 1):
            params, done = torch_iterations(problem, k, chosen)
            if done < k:  # converged before
                return
            yield params

    return steps


def torch_iterations(problem, most, options):
    """(parameters after up to `most` iterations of torch, how many it took)."""
    import torch

    torch.set_default_dtype(torch.float64)
    tensors = [torch.tensor(t) for t in tensors_of(problem, problem.start)]
    for tensor in tensors:
        tensor.requires_grad_()
    rule = torch.optim.LBFGS(tensors, max_iter=most, max_eval=UNLIMITED, **options)

    def closure():
        rule.zero_grad()
        loss = torch_loss(torch, problem, tensors)
        loss.backward()
        return loss

    rule.step(closure)
    done = rule.state[tensors[0]]["n_iter"]
    return flat_of([tensor.detach().numpy() for tensor in tensors]), done


def ours(problem, options):
    """The iterates of our minimiser on the same problem."""

    def function(params):
        if problem.name == "network":
            return problem.net.loss_and_grad(params, problem.x, problem.y)
        away = params - problem.minimum
        return away @ problem.hessian @ away / 2, problem.gradient(params)

    params = problem.start.copy()
    yield from MINIMISERS["lbfgs"].minimise(function, params, LAST, **options)[1:]


def row(label, options, problems=BOTH):
    source, steps = "torch.optim.LBFGS", theirs(options)
    return Reference(
        "lbfgs", label, source, options, steps, problems=problems, ours=ours
    )


REFERENCES = (
    row("defaults", {}),
    row("lr", {"lr": 0.5, "tolerance_change": 1e-6}),
    row("tolerances", {"tolerance_grad": 1e-3, "tolerance_change": 1e-6}),
    row("short memory", {"history_size": 5, "tolerance_change": 1e-6}, QUADRATIC),
    row("fixed steps", {**FIXED, "tolerance_change": 1e-5}, QUADRATIC),
    row("short fixed steps", {**FIXED, "lr": 0.5, "tolerance_change": 1e-5}, QUADRATIC),
)
