"""Convolutions, pools and norms of torch.nn in float64, for `test_torch_layers.py`.

`python tests/kernels/references/make_convolution.py` writes `convolution.json` beside
itself: inputs, weights, outputs and gradients of sum(output * slopes). It needs the
`peers` extra; the tests do not. Rows are ours, channels last.
"""

import json
from pathlib import Path

import torch
from make_attention import BATCH, differentiated, numbers
from torch import nn

# Shape of a row, and the options of our Conv1D or Conv2D.
CONVOLUTIONS = [
    ((5, 4, 2), {"outputs": 3, "kernel": 3}),
    ((5, 4, 2), {"outputs": 3, "kernel": 2, "padding": "same"}),
    ((7, 6, 2), {"outputs": 2, "kernel": (3, 2), "stride": (2, 3)}),
    ((7, 8, 1), {"outputs": 3, "kernel": 3, "dilation": (2, 3)}),
    ((6, 5, 4), {"outputs": 6, "kernel": 3, "groups": 2, "padding": "same"}),
    (
        (9, 7, 2),
        {"outputs": 9, "kernel": 3, "padding": "same", "stride": 2, "dilation": (1, 2)},
    ),
    ((7, 2), {"outputs": 3, "kernel": 3}),
    ((8, 4), {"outputs": 4, "kernel": 4, "padding": "same", "groups": 4}),
    ((9, 2), {"outputs": 3, "kernel": 2, "stride": 3, "dilation": 2}),
]


def channels_first(x):
    return x.movedim(-1, 1)


def pair(value, axes):
    return value if isinstance(value, tuple) else (value,) * axes


def zeros(shape, options):
    """(before, behind) of each axis that "same" takes, the last axis first."""
    found = []
    for k, size in enumerate(shape[:-1]):
        kernel, stride, dilation = (
            pair(options.get(name, 1), len(shape) - 1)[k]
            for name in ("kernel", "stride", "dilation")
        )
        wanted = (-(-size // stride) - 1) * stride + (kernel - 1) * dilation + 1
        more = max(0, wanted - size) if options.get("padding") == "same" else 0
        found = [more // 2, more - more // 2, *found]
    return found


def convolution(shape, options):
    axes = len(shape) - 1
    module = (nn.Conv1d, nn.Conv2d)[axes - 1](
        shape[-1],
        options["outputs"],
        options["kernel"],
        stride=options.get("stride", 1),
        dilation=options.get("dilation", 1),
        groups=options.get("groups", 1),
    )
    x = torch.randn(BATCH, *shape, requires_grad=True)
    around = zeros(shape, options)

    def forward(x):
        wide = nn.functional.pad(channels_first(x), around)
        return module(wide).movedim(1, -1)

    found = differentiated(forward, x, dict(module.named_parameters()))
    name = f"Conv{axes}D"
    return {"layer": name, "options": options, "input": numbers(x), **found}


def pool(layer, module, options):
    x = torch.randn(BATCH, 7, 6, 3, requires_grad=True)
    forward = lambda x: module(channels_first(x)).movedim(1, -1)  # noqa: E731
    found = differentiated(forward, x, dict())
    return {"layer": layer, "options": options, "input": numbers(x), **found}


def norm(layer, training):
    """A norm over the channels of a short series, its statistics not those it sees."""
    module = nn.BatchNorm1d(3) if layer == "BatchNorm" else nn.LayerNorm(3)
    for parameter in module.parameters():
        nn.init.normal_(parameter)
    if layer == "BatchNorm":
        nn.init.normal_(module.running_mean)
        nn.init.uniform_(module.running_var, 0.5, 2.0)
    tail = [numbers(each) for each in module.buffers() if each.dim()]
    module.train(training)
    x = torch.randn(BATCH, 4, 3, requires_grad=True)

    def forward(x):
        if layer == "LayerNorm":
            return module(x)
        return module(channels_first(x)).movedim(1, -1)

    found = differentiated(forward, x, dict(module.named_parameters()))
    given = {"statistics": tail, "training": training, "input": numbers(x)}
    return {"layer": layer, "options": {}, **given, **found}


def main():
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(0)
    cases = [
        *(convolution(*each) for each in CONVOLUTIONS),
        pool("MaxPool2D", nn.MaxPool2d(2), {"size": 2}),
        pool(
            "MaxPool2D",
            nn.MaxPool2d((3, 2), (1, 2)),
            {"size": (3, 2), "stride": (1, 2)},
        ),
        pool("AvgPool2D", nn.AvgPool2d(2), {"size": 2}),
        pool("AvgPool2D", nn.AvgPool2d((2, 3), 1), {"size": (2, 3), "stride": 1}),
        norm("BatchNorm", True),
        norm("BatchNorm", False),
        norm("LayerNorm", True),
    ]
    lines = ",\n ".join(json.dumps(case) for case in cases)
    content = f'{{"torch": "{torch.__version__}", "cases": [\n {lines}\n]}}\n'
    Path(__file__).with_name("convolution.json").write_text(content)


if __name__ == "__main__":
    main()
