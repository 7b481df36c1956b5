"""Layers of torch.nn in float64, for `test_torch_layers.py` to compare with.

`python tests/kernels/references/make_attention.py` writes `attention.json` beside
itself: inputs, weights, outputs and gradients of sum(output * slopes). It needs the
`peers` extra; the tests do not.
"""

import json
from pathlib import Path

import torch
from torch import nn

BATCH, TOKENS, FEATURES = 2, 5, 4


def numbers(tensor):
    """A tensor as nested lists of numbers as they are."""
    return tensor.detach().tolist()


def differentiated(function, x, parameters):
    """Output, slopes, and gradients by x and by the parameters of a module."""
    y = function(x)
    slopes = torch.randn_like(y)
    (y * slopes).sum().backward()
    return {
        "output": numbers(y),
        "slopes": numbers(slopes),
        "input_gradient": None if x.grad is None else numbers(x.grad),
        "weights": {name: numbers(p) for name, p in parameters.items()},
        "gradients": {name: numbers(p.grad) for name, p in parameters.items()},
    }


def attention(heads, causal):
    """A case of nn.MultiheadAttention, with biases that are not zero."""
    module = nn.MultiheadAttention(FEATURES, heads, batch_first=True)
    for parameter in module.parameters():
        nn.init.normal_(parameter)
    x = torch.randn(BATCH, TOKENS, FEATURES, requires_grad=True)
    hidden = torch.ones(TOKENS, TOKENS, dtype=torch.bool).triu(1) if causal else None

    def forward(x):
        return module(x, x, x, attn_mask=hidden, need_weights=False)[0]

    options = {"heads": heads, "causal": causal}
    found = differentiated(forward, x, dict(module.named_parameters()))
    return {"layer": "Attention", "options": options, "input": numbers(x), **found}


def embedding():
    """A case of nn.Embedding, with a word that comes twice."""
    module = nn.Embedding(6, 3)
    x = torch.tensor([[0, 5, 2, 2], [2, 1, 0, 4]])
    found = differentiated(module, x, dict(module.named_parameters()))
    options = {"vocabulary": 6, "outputs": 3}
    return {"layer": "Embedding", "options": options, "input": numbers(x), **found}


def pool(layer, module, options):
    """A case of a pool, whose channels torch has before the tokens."""
    x = torch.randn(BATCH, 7, 3, requires_grad=True)
    found = differentiated(
        lambda x: module(x.transpose(1, 2)).transpose(1, 2), x, dict()
    )
    return {"layer": layer, "options": options, "input": numbers(x), **found}


def activation(name, module):
    """A case of an activation."""
    x = (2 * torch.randn(BATCH, 9)).requires_grad_()
    found = differentiated(module, x, dict())
    options = {"activation": name}
    return {"layer": "Activation", "options": options, "input": numbers(x), **found}


def main():
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(0)
    cases = [
        *(attention(heads, causal) for heads in (1, 2) for causal in (False, True)),
        embedding(),
        pool("AvgPool1D", nn.AvgPool1d(2), {"size": 2}),
        pool("AvgPool1D", nn.AvgPool1d(3, 2), {"size": 3, "stride": 2}),
        pool("MaxPool1D", nn.MaxPool1d(2), {"size": 2}),
        pool("MaxPool1D", nn.MaxPool1d(3, 1), {"size": 3, "stride": 1}),
        activation("silu", nn.SiLU()),
        activation("hard_tanh", nn.Hardtanh()),
    ]
    lines = ",\n ".join(json.dumps(case) for case in cases)
    content = f'{{"torch": "{torch.__version__}", "cases": [\n {lines}\n]}}\n'
    Path(__file__).with_name("attention.json").write_text(content)


if __name__ == "__main__":
    main()
