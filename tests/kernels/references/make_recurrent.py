"""Outputs and gradients of torch.nn.RNN, LSTM and GRU, for `test_recurrent.py`.

`python tests/kernels/references/make_recurrent.py` writes `recurrent.json` beside
itself. It needs the `peers` extra; the tests do not. All numbers are float64.
"""

import json
from pathlib import Path

import torch

ROWS, STEPS, INPUTS, UNITS = 3, 5, 2, 3
# Ours, torch's class, its options.
CASES = [
    ("Elman", torch.nn.RNN, {"nonlinearity": "tanh"}),
    ("Elman", torch.nn.RNN, {"nonlinearity": "relu"}),
    ("LSTM", torch.nn.LSTM, {}),
    ("GRU", torch.nn.GRU, {}),
]


def case(name, theirs, options):
    """Weights, a batch, its states, and gradients of the sum of states * slopes."""
    net = theirs(INPUTS, UNITS, batch_first=True, **options).double()
    for weight in net.parameters():
        torch.nn.init.normal_(weight, std=0.7)
    x = torch.randn(ROWS, STEPS, INPUTS, dtype=torch.float64, requires_grad=True)
    states, _ = net(x)
    slopes = torch.randn_like(states)
    (states * slopes).sum().backward()
    weights = dict(net.named_parameters())
    return {
        "layer": name,
        "options": options,
        "x": x.tolist(),
        "slopes": slopes.tolist(),
        "states": states.tolist(),
        "dx": x.grad.tolist(),
        "weights": {key: value.tolist() for key, value in weights.items()},
        "gradients": {key: value.grad.tolist() for key, value in weights.items()},
    }


def main():
    torch.manual_seed(0)
    content = {"torch": torch.__version__, "cases": [case(*each) for each in CASES]}
    text = json.dumps(content, indent=1)
    Path(__file__).with_name("recurrent.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
