"""Gradient transformations of optax on the problems: gradients by jax.grad."""

# torch and jax are an optional extra.
# pyright: reportMissingImports=false

from .problems import flat_of, tensors_of


def optax_steps(make, shown=None):
    """`Reference.steps` of an optimizer of optax.

    make: `make(optax)` -> GradientTransformation, over a list of arrays in the order
    and shapes of `problem.layout`. shown: `shown(optax, state, params)` -> what is
    compared, such as averages; None: the parameters.
    """

    def steps(problem):
        import jax
        import optax

        jax.config.update("jax_enable_x64", True)
        params = [jax.numpy.asarray(t) for t in tensors_of(problem, problem.start)]
        rule = make(optax)
        state, loss = rule.init(params), jax_loss(jax, problem)

        @jax.jit
        def step(params, state):
            updates, state = rule.update(jax.grad(loss)(params), state, params)
            return optax.apply_updates(params, updates), state

        while True:
            params, state = step(params, state)
            yield flat_of(shown(optax, state, params) if shown else params)

    return steps


def jax_loss(jax, problem):
    """The loss of a problem as a function of its tensors, in JAX's own operations."""
    if problem.name == "quadratic":

        def loss(tensors):
            away = tensors[0] - problem.minimum
            return away @ problem.hessian @ away / 2

    else:

        def loss(tensors):
            out = problem.x
            for k in range(0, len(tensors), 2):
                out = (jax.numpy.tanh(out) if k else out) @ tensors[k] + tensors[k + 1]
            logs = jax.nn.log_softmax(out)
            return -logs[jax.numpy.arange(len(problem.y)), problem.y].mean()

    return loss
