"""The winner in PyTorch."""

from .....scenarios import MemoryPlan
from .code import Recipe, power

ACTIVATIONS = {
    "relu": "nn.ReLU()",
    "tanh": "nn.Tanh()",
    "sigmoid": "nn.Sigmoid()",
    "leaky_relu": "nn.LeakyReLU(0.01)",
    "elu": "nn.ELU()",
    "gelu": "nn.GELU()",
    "silu": "nn.SiLU()",
    "softplus": "nn.Softplus()",
    "hard_tanh": "nn.Hardtanh()",
}
# Optimizers of torch.optim that compute what ours of the name does, with arguments.
OPTIMIZERS = {
    "adam": ("Adam", {}),
    "adamw": ("AdamW", {}),
    "nadam": ("NAdam", {}),
    "radam": ("RAdam", {}),
    "adamax": ("Adamax", {}),
    "adagrad": ("Adagrad", {}),
    "rmsprop": ("RMSprop", {}),
    "sgd": ("SGD", {}),
    "gradient_descent": ("SGD", {}),
    "momentum": ("SGD", {"momentum": 0.9}),
    "nesterov": ("SGD", {"momentum": 0.9, "nesterov": True}),
}
_STARTS = {
    "he_normal": "kaiming_normal_(m.weight, nonlinearity='relu')",
    "he_uniform": "kaiming_uniform_(m.weight, nonlinearity='relu')",
    "glorot_normal": "xavier_normal_(m.weight)",
    "glorot_uniform": "xavier_uniform_(m.weight)",
    "orthogonal": "orthogonal_(m.weight)",
    "lecun_normal": "kaiming_normal_(m.weight, nonlinearity='linear')",
    "lecun_uniform": "kaiming_uniform_(m.weight, nonlinearity='linear')",
    "zeros": "zeros_(m.weight)",
    "unit_normal": "normal_(m.weight)",
    "small_normal": "normal_(m.weight, std=0.01)",
}
_RECTIFIERS = ("relu", "leaky_relu", "elu", "gelu", "silu", "softplus")


def lacking(trial) -> list[str]:
    """What the winner has and this code does not."""
    found = {
        f"the optimizer {trial.optimizer}": trial.optimizer not in OPTIMIZERS,
        f"the schedule {trial.schedule}": trial.schedule not in ("constant", "cosine"),
        "skips between layers": any(s.name == "Residual" for s in trial.layers),
        "a plan to save memory": trial.memory != MemoryPlan(),
        "hyper-parameters beside momentum": bool(
            {name for name, _ in trial.hyper} - {"momentum", "weight_decay"}
        ),
    }
    return [name for name, there in found.items() if there]


def torch_code(recipe: Recipe) -> str:
    """Code that leaves `net` and the training `loss`."""
    t = recipe.trial
    head = [f"# This code goes without {name}." for name in lacking(t)]
    criterion = (
        "nn.functional.cross_entropy" if recipe.classes else "nn.functional.mse_loss"
    )
    batch = t.batch_size or "len(x)"
    lines = [
        *head,
        *(["import copy", ""] if t.patience else []),
        "import torch",
        "from torch import nn",
        "",
        f"torch.manual_seed({recipe.seed})",
        "x, y = torch.from_numpy(x_train), torch.from_numpy(y_train)",
        *(["w = torch.from_numpy(weights)"] * (power(recipe) is not None)),
        *(
            ["xv, yv = torch.from_numpy(x_valid), torch.from_numpy(y_valid)"]
            * bool(t.patience)
        ),
        f"net = nn.Sequential({', '.join(_layers(recipe))})",
        *_start(t),
        f"optimizer = {_optimizer(t)}",
        *_schedule(t, batch),
        *(["best, waited = float('inf'), 0"] * bool(t.patience)),
        f"for epoch in range({t.epochs}):",
        *(["    net.train()"] * _two_ways(t)),
        f"    for rows in torch.randperm(len(x)).split({batch}):",
        f"        loss = {_loss(recipe, criterion)}{_penalty(t)}",
        "        optimizer.zero_grad()",
        "        loss.backward()",
        *_clipping(t),
        "        optimizer.step()",
        *(["        schedule.step()"] * bool(_schedule(t, batch))),
        *_stopping(t, criterion),
        *(["net.load_state_dict(kept)"] * bool(t.patience)),
        *(["net.eval()"] * _two_ways(t)),
        f"loss = {criterion}(net(x), y).item()",
        "print('loss', loss)",
    ]
    return "\n".join(lines)


def _loss(recipe, criterion):
    """The loss of a batch, weighted where its rows are."""
    answers = f"net({_noisy(recipe.trial)}), y[rows]"
    if power(recipe) is None:
        return f"{criterion}({answers})"
    return f"({criterion}({answers}, reduction='none') * w[rows]).mean()"


def _two_ways(t):
    """Does the network compute something else in training than afterwards?"""
    return bool(t.dropout or t.layers)


def _layers(recipe):
    t, width, found = recipe.trial, "x.shape[1]", []
    parts = []
    for spec in t.layers or ():
        parts += spec.inside if spec.name == "Residual" else (spec,)
    if not t.layers:
        for hidden in t.hidden:
            found += [f"nn.Linear({width}, {hidden})", ACTIVATIONS[t.activation]]
            found += [f"nn.Dropout({t.dropout!r})"] * bool(t.dropout)
            width = hidden
    for spec in parts:
        options = dict(spec.options)
        if spec.name == "Dense":
            found.append(f"nn.Linear({width}, {options['outputs']})")
            width = options["outputs"]
        if spec.name in ("BatchNorm", "LayerNorm"):
            of = "BatchNorm1d" if spec.name == "BatchNorm" else "LayerNorm"
            found.append(f"nn.{of}({width})")
        if activation := options.get("activation"):
            found += [ACTIVATIONS[activation]] * (activation != "identity")
    return [*found, f"nn.Linear({width}, {recipe.classes or 1})"]


def _start(t):
    name = t.initialiser
    if name == "auto":
        name = "he_normal" if t.activation in _RECTIFIERS else "glorot_uniform"
    if not t.layers:
        weights = _STARTS[name].replace("m.weight", "p")
        return [
            "for p in net.parameters():",
            f"    nn.init.{weights} if p.ndim > 1 else nn.init.zeros_(p)",
        ]
    return [
        "for m in net:",
        "    if isinstance(m, nn.Linear):",
        f"        nn.init.{_STARTS[name]}",
        "        nn.init.zeros_(m.bias)",
    ]


def _optimizer(t):
    name, more = OPTIMIZERS.get(t.optimizer, ("Adam", {}))
    hyper = {k: v for k, v in t.hyper if k in ("momentum", "weight_decay")}
    given = "".join(f", {k}={v!r}" for k, v in (more | hyper).items())
    return f"torch.optim.{name}(net.parameters(), lr={t.lr!r}{given})"


def _schedule(t, batch):
    if t.schedule == "constant" and not t.warmup:
        return []
    turn = (
        "1.0" if t.schedule != "cosine" else "0.5 + 0.5 * math.cos(math.pi * k / steps)"
    )
    lines = ["import math"] if t.schedule == "cosine" else []
    lines.append(f"steps = {t.epochs} * -(-len(x) // {batch})")
    rise = f" * min(1, (k + 1) / {t.warmup})" if t.warmup else ""
    scheduler = "torch.optim.lr_scheduler.LambdaLR"
    return [*lines, f"schedule = {scheduler}(optimizer, lambda k: ({turn}){rise})"]


def _noisy(t):
    noise = f" + {t.input_noise!r} * torch.randn(len(rows), x.shape[1])"
    return "x[rows]" + noise * bool(t.input_noise)


def _penalty(t):
    of = "sum({} for p in net.parameters() if p.ndim > 1)"
    l2 = f" + {t.l2 / 2!r} * {of.format('p.square().sum()')}" if t.l2 else ""
    return l2 + (f" + {t.l1!r} * {of.format('p.abs().sum()')}" if t.l1 else "")


def _clipping(t):
    lines = []
    if t.clip_norm is not None:
        lines.append(
            f"        nn.utils.clip_grad_norm_(net.parameters(), {t.clip_norm!r})"
        )
    if t.clip_value is not None:
        lines.append(
            f"        nn.utils.clip_grad_value_(net.parameters(), {t.clip_value!r})"
        )
    return lines


def _stopping(t, criterion):
    if not t.patience:
        return []
    return [
        *(["    net.eval()"] * _two_ways(t)),
        "    with torch.no_grad():",
        f"        found = {criterion}(net(xv), yv).item()",
        "    waited += 1",
        "    if found < best:",
        "        best, waited, kept = found, 0, copy.deepcopy(net.state_dict())",
        f"    if waited >= {t.patience}:",
        "        break",
    ]
