"""Factors of torch.optim.lr_scheduler, for `test_schedules.py` to compare with.

`python tests/kernels/references/make_schedules.py` writes `schedules.json` beside
itself. It needs the `peers` extra; the tests do not.
"""

import json
from pathlib import Path

import torch
from torch.optim import lr_scheduler as torch_schedules

STEPS = 30
LOSSES = [9, 8, 7, 7, 7, 6.9999, 7, 7, 3, 4, 4, 4, 4, 4, 4, 4, 4, 1, 1, 1, 1, 1, 1, 1]
# schedule, our options, torch's class, its options; None: it follows LOSSES.
CASES = [
    ("step", {"gamma": 0.5, "period": 0.2}, "StepLR", {"step_size": 6, "gamma": 0.5}),
    (
        "multi_step",
        {"gamma": 0.3, "milestones": [0.1, 0.7, 0.9]},
        "MultiStepLR",
        {"milestones": [3, 21, 27], "gamma": 0.3},
    ),
    ("exponential", {"final": 0.9**STEPS}, "ExponentialLR", {"gamma": 0.9}),
    ("polynomial", {}, "PolynomialLR", {"total_iters": STEPS, "power": 1.0}),
    (
        "polynomial",
        {"power": 2.5},
        "PolynomialLR",
        {"total_iters": STEPS, "power": 2.5},
    ),
    (
        "cosine",
        {"final": 0.05},
        "CosineAnnealingLR",
        {"T_max": STEPS, "eta_min": 0.05},
    ),
    (
        "cosine_restarts",
        {"period": 0.2, "growth": 1, "final": 0.01},
        "CosineAnnealingWarmRestarts",
        {"T_0": 6, "eta_min": 0.01},
    ),
    (
        "cosine_restarts",
        {"period": 0.1, "growth": 2},
        "CosineAnnealingWarmRestarts",
        {"T_0": 3, "T_mult": 2},
    ),
    ("one_cycle", {}, "OneCycleLR", {"total_steps": STEPS}),
    (
        "one_cycle",
        {"pct_start": 0.45, "div_factor": 10, "final_div_factor": 50, "cosine": 0},
        "OneCycleLR",
        {
            "total_steps": STEPS,
            "pct_start": 0.45,
            "div_factor": 10,
            "final_div_factor": 50,
            "anneal_strategy": "linear",
        },
    ),
    (
        "one_cycle",
        {"pct_start": 0.0},
        "OneCycleLR",
        {"total_steps": STEPS, "pct_start": 0.0},
    ),
    ("reduce_on_plateau", {"patience": 2}, "ReduceLROnPlateau", {"patience": 2}),
    (
        "reduce_on_plateau",
        {
            "factor": 0.5,
            "patience": 1,
            "threshold": 0.01,
            "cooldown": 3,
            "min_factor": 0.2,
        },
        "ReduceLROnPlateau",
        {
            "factor": 0.5,
            "patience": 1,
            "threshold": 0.01,
            "cooldown": 3,
            "min_lr": 0.2,
        },
    ),
]


def factors(kind, options):
    """The rate at each step (or after each of LOSSES) where the base rate is 1."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    if kind == "OneCycleLR":
        options = {"max_lr": 1.0, "cycle_momentum": False, **options}
    schedule = getattr(torch_schedules, kind)(optimizer, **options)
    rates = []
    for k in range(len(LOSSES) if kind == "ReduceLROnPlateau" else STEPS):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step(*([LOSSES[k]] if kind == "ReduceLROnPlateau" else []))
    return rates


def main():
    content = {
        "torch": torch.__version__,
        "steps": STEPS,
        "losses": LOSSES,
        "cases": [
            {"schedule": name, "options": ours, "factors": factors(kind, theirs)}
            for name, ours, kind, theirs in CASES
        ],
    }
    text = json.dumps(content, indent=1)
    Path(__file__).with_name("schedules.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
