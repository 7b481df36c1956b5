"""torch.optim on the problems: gradients by torch.autograd, all in float64."""

# torch and jax are an optional extra.
# pyright: reportMissingImports=false

from .problems import flat_of, tensors_of

SWITCHES = ("maximize", "nesterov", "decoupled_weight_decay")


def torch_steps(make, shown=None):
    """`Reference.steps` of an optimizer of torch.

    make: `make(torch, tensors)` -> optimizer over tensors in the order and shapes of
    `problem.layout`, weights [inputs, outputs]. shown: `shown(optimizer, tensors)` ->
    float64[n], what is compared, such as averages; None: the parameters.
    """

    def steps(problem):
        import torch

        # Of scalars that an optimizer keeps (NAdam's product, ASGD's rate) as well.
        torch.set_default_dtype(torch.float64)
        tensors = [torch.tensor(t) for t in tensors_of(problem, problem.start)]
        for tensor in tensors:
            tensor.requires_grad_()
        optimizer = make(torch, tensors)
        while True:
            optimizer.zero_grad()
            torch_loss(torch, problem, tensors).backward()
            optimizer.step()
            if shown:
                yield shown(optimizer, tensors)
            else:
                yield flat_of([tensor.detach().numpy() for tensor in tensors])

    return steps


def torch_loss(torch, problem, tensors):
    """The loss of a problem at its tensors, in torch's own operations."""
    if problem.name == "quadratic":
        away = tensors[0] - torch.tensor(problem.minimum)
        return away @ torch.tensor(problem.hessian) @ away / 2
    out = torch.tensor(problem.x)
    for k in range(0, len(tensors), 2):
        out = (torch.tanh(out) if k else out) @ tensors[k] + tensors[k + 1]
    return torch.nn.functional.cross_entropy(out, torch.tensor(problem.y))


def torch_options(options):
    """Our options under torch's names: pairs of betas as one, switches as bool."""
    theirs = {k: bool(v) if k in SWITCHES else v for k, v in options.items()}
    if "beta1" in theirs:
        theirs["betas"] = (theirs.pop("beta1"), theirs.pop("beta2"))
    return theirs
