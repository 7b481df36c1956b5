"""Problems of the study trained by PyTorch: its optimizers, gradients and row order."""

# torch is an optional extra.
# pyright: reportMissingImports=false

from math import isfinite

from ...execution.data import split
from ...execution.network import network
from ...execution.population import DATA_SEED
from ...execution.record import Run

# Our names of what torch.optim calls otherwise; the switches of ours stay off.
RULES = {"adam": "Adam", "adamw": "AdamW"}


def torch_trained(rule, problem, entrant, role, jobs, threads) -> list[Run]:
    """A `Run` of every job, as `population.trained` gives; one after the other.

    rule: name of a class of torch.optim with betas, eps and weight_decay. Starts are
    those of our seeds; the order of rows is torch's own.
    """
    import torch

    torch.set_num_threads(1)  # a step is too small to share
    trial, rows = problem.trial, split(problem.trial.data, DATA_SEED)
    net = network(trial, rows)
    classes = [y.ravel().astype("int64") for y in (rows.y_train, rows.y_val)]
    data = [
        torch.from_numpy(part)
        for part in (rows.x_train, classes[0], rows.x_val, classes[1])
    ]
    return [
        _run(torch, rule, net, data, trial, (key, problem, entrant, role, *job))
        for key, job in jobs.items()
    ]


def _run(torch, rule, net, data, trial, about):
    key, problem, entrant, role, options, seed = about
    x, y, x_val, y_val = data
    model = _module(torch, net, seed)
    optimizer = getattr(torch.optim, rule)(
        model.parameters(),
        lr=options["lr"],
        betas=(options["beta1"], options["beta2"]),
        eps=options["eps"],
        weight_decay=options["weight_decay"],
    )
    order = torch.Generator().manual_seed(seed)
    losses = []
    for _ in range(trial.epochs):
        for batch in torch.randperm(len(x), generator=order).split(trial.batch_size):
            optimizer.zero_grad(set_to_none=True)
            torch.nn.functional.cross_entropy(model(x[batch]), y[batch]).backward()
            optimizer.step()
        with torch.no_grad():
            loss = float(torch.nn.functional.cross_entropy(model(x_val), y_val))
        losses.append(loss)
        if not isfinite(loss):
            break
    ok = isfinite(losses[-1])
    return Run(
        key,
        problem.name,
        entrant.name,
        role,
        seed,
        status="ok" if ok else "diverged",
        trial=options,
        values={"best": min(losses) if ok else None, "epochs": len(losses)},
        curves={"val_loss": losses},
    )


def _module(torch, net, seed):
    """Dense layers with ReLU between them, at the start that our seed draws."""
    params, layers = net.init(seed), []
    tensors = {name: params[o : o + _size(s)].reshape(s) for name, o, s in net.layout}
    names = list(tensors)
    for weight, bias in zip(names[::2], names[1::2], strict=True):
        linear = torch.nn.Linear(*tensors[weight].shape)
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(tensors[weight].T.copy()))
            linear.bias.copy_(torch.from_numpy(tensors[bias].copy()))
        layers += [linear, torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


def _size(shape):
    size = 1
    for length in shape:
        size *= length
    return size
