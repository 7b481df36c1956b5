"""The content of a study of optimizers, made up: no number in it was measured."""

import copy

import numpy as np
import pytest

NAMES = ("adamw", "rmsprop", "nesterov", "sgd", "lion", "random_direction")
TASKS = {
    "digits_mlp": ("One hidden layer on digits", 7510),
    "noisy_quadratic": ("Noisy quadratic", 21),
    "wine": ("Wine", 547),
}
SEEDS, PASSES, BUDGETS = 5, 12, (1, 8)
CLOCKS = {"evaluations": 32.0, "steps": 32.0, "seconds": 0.0012}
WHERE = {"value": 0.1, "easy": 0.14}
# Passes until the target of each optimizer, a column a problem; None: it missed.
NEEDED = {
    "adamw": (4, 3, None),
    "rmsprop": (5, 5, None),
    "nesterov": (6, 9, None),
    "sgd": (9, None, None),
    "lion": (3, 12, None),
    "random_direction": (None, None, None),
}
# A pair whose search failed its own check, and why.
WITHHELD = ("lion", "noisy_quadratic")
WHY = "Its sweep found a loss of 0.07, the search 0.1."


def a_winner(name, task, budget, diverged=0):
    """Fresh runs of the best trial; the first `diverged` of them diverged."""
    needed = dict(zip(TASKS, NEEDED.get(name, (7, 8, 9)), strict=False)).get(task, 6)
    hits = [
        None if needed is None or seed < diverged else float(needed + seed % 2)
        for seed in range(SEEDS)
    ]
    known = [hit for hit in hits if hit is not None]

    def reached(factor):
        if not known:
            return {"rate": [0.0, 0.0, 0.43], "running_time": [None] * 3}
        mean = 32 * factor * sum(known) / len(known)
        high = None if len(known) < 3 else 1.2 * mean
        share = len(known) / SEEDS
        rate = [share, max(0.0, share - 0.3), min(1.0, share + 0.2)]
        return {"rate": rate, "running_time": [mean, 0.8 * mean, high]}

    falls = np.exp(-np.arange(PASSES) / (needed or 30))
    middle = (1.2 * falls + 0.05).round(5).tolist()
    band = {
        "low": [0.9 * value for value in middle],
        "median": [None if diverged > 2 and i > 8 else v for i, v in enumerate(middle)],
        "high": [
            None if diverged > 1 and i > 5 else 1.1 * v for i, v in enumerate(middle)
        ],
    }
    best = [None if seed < diverged else 0.08 + 0.01 * seed for seed in range(SEEDS)]
    return {
        "budget": budget,
        "trial": budget - 1,
        "hyper": {"lr": 0.01, "weight_decay": 0.0},
        "best": best,
        "final": [value and value + 0.02 for value in best],
        "settled": [value and value + 0.03 for value in best],
        "withheld": None,
        "tuned": best[2],
        "swept": 0.08,
        "status": ["diverged" if seed < diverged else "ok" for seed in range(SEEDS)],
        "costs": {
            goal: {
                clock: [None if hit is None else hit * unit for hit in hits]
                for clock, unit in CLOCKS.items()
            }
            for goal in WHERE
        },
        "reached": {"value": reached(1.0), "easy": reached(0.6)},
        "curve": {
            "passes": list(range(1, PASSES + 1)),
            "per_pass": dict(CLOCKS),
            "val_loss": band,
            "train_loss": band,
        },
    }


def a_result(name, task):
    lost = 3 if (name, task) == ("sgd", "wine") else 0
    winners = [a_winner(name, task, budget, lost) for budget in BUDGETS]
    if (name, task) == WITHHELD:
        winners[-1] |= {"withheld": WHY, "tuned": 0.1, "swept": 0.07}
    rates = [0.01 * 10**k for k in (-2, -1, 0, 1, 2)]
    return {
        "problem": task,
        "optimizer": name,
        "decades": [-2.0, 2.0],
        "at_edge": name == "lion",
        "budgets": winners,
        "trials": {
            "lr": [0.01] * 8,
            "best": [0.2] * 8,
            "value": [None] * 8,
            "easy": [None] * 8,
        },
        "sweep": {
            "lr": rates,
            "seeds": [1] * 5,
            "best": [1.1, 0.2, 0.07, 0.3, None],
            "settled": [1.2, 0.3, 0.08, 0.4, None],
            "value": [None] * 5,
            "easy": [None] * 5,
        },
        "tunability": {
            "curve": {
                "trials": [1, 2, 4, 7],
                "expected": [None, 0.5, 0.2, 0.12],
                "low": [0.4, 0.2, 0.1, 0.1],
                "high": [None, 0.9, 0.3, 0.2],
                "median": [0.8, 0.4, 0.2, 0.1],
                "reach": [0.8, 0.96, 1.0, 1.0],
            },
            "default_gap": [1.3, 1.1, 1.5],
            "basin": {
                "best_lr": 0.01,
                "best_value": 0.08,
                "low": 0.005,
                "high": 0.02,
                "decades": 0.6,
                "open_low": name == "sgd",
                "open_high": False,
            },
        },
    }


def relative_costs(names, tasks):
    """Passes in parts of the least of a task; None where an optimizer misses it."""
    rows = [dict(zip(TASKS, NEEDED.get(n, (7, 8, 9)), strict=False)) for n in names]
    passes = [[row.get(task, 6) for task in tasks] for row in rows]
    least = [
        min((p for p in column if p), default=None)
        for column in zip(*passes, strict=True)
    ]
    return [
        [p and p / best for p, best in zip(row, least, strict=True)] for row in passes
    ]


def measured(names, tasks):
    """Seconds of a step of each rule, told apart and quiet."""
    return {
        "noisy": False,
        "reasons": [],
        "sanity": [{"rules": ["gradient_descent", "sgd"], "ratio": [1.01, 0.98, 1.04]}],
        "per_step": {
            task: {
                name: [1e-5 * (k + 1), 9e-6 * (k + 1), 2e-5 * (k + 1)]
                for k, name in enumerate(names)
            }
            for task in tasks
        },
    }


def a_comparison(names, tasks, budget, clock, target):
    """Optimizers rank as they are named; two places apart is better."""
    m = len(names)
    scores = [round(0.9 * (1 - i / max(m - 1, 1)), 3) for i in range(m)]
    better = [[j - i >= 2 for j in range(m)] for i in range(m)]
    tau = [1.0, 2.0, 3.0, 4.0]
    matrix = [[0.5 + 0.1 * (j - i) / m for j in range(m)] for i in range(m)]
    found = {
        "budget": budget,
        "clock": clock,
        "target": target,
        "profile": {
            "tau": tau,
            "value": [[s / 2, s, s, s] for s in scores],
            "low": [[s / 3] * 4 for s in scores],
            "high": [[min(1.0, 1.2 * s)] * 4 for s in scores],
        },
        "profile_score": [[s, max(0, s - 0.1), min(1, s + 0.1)] for s in scores],
        "interquartile_mean": [[s, s, s] for s in scores],
        "reach_rate": [[s, max(0, s - 0.2), min(1, s + 0.2)] for s in scores],
        "relative_costs": relative_costs(names, tasks),
        "best_group": [i for i in range(m) if i < 2],
        "ranks": [
            {"first": i + 1, "last": i + 1, "low": max(1, i), "high": min(m, i + 2)}
            for i in range(m)
        ],
        "stability": {
            "places": list(range(1, m + 1)),
            "without_problem": [list(range(1, m + 1)) for _ in tasks],
            "without_optimizer": [list(range(1, m + 1)) for _ in names],
            "problem_swaps": [0] * len(tasks),
            "optimizer_swaps": [0] * m,
            "low": list(range(1, m + 1)),
            "high": list(range(1, m + 1)),
        },
    }
    if clock == "evaluations" and m > 1:
        found |= {
            "improvement": {
                "value": matrix,
                "low": matrix,
                "high": matrix,
                "needed": 0.75,
                "better": better,
            },
            "standings": [
                {
                    "low": max(1, i),
                    "high": min(m, i + 2),
                    "tied": [j for j in (i - 1, i + 1) if 0 <= j < m],
                }
                for i in range(m)
            ],
            "tie_groups": [[i, i + 1] for i in range(m - 1)] or [[0]],
            "sign_flip": {"p": matrix, "holm": matrix, "smallest": 0.001},
        }
    return found


def a_surface():
    axis = np.linspace(-1, 1, 9)
    heights = (axis[:, None] ** 2 + 10 * axis[None, :] ** 2).round(3)
    return {
        "name": "bowl",
        "title": "Bowl",
        "formula": "10 x² + y² - 0",
        "source": "here",
        "start": [0.8, 0.8],
        "box": [-1.0, 1.0, -1.0, 1.0],
        "least": 0.0,
        "minima": [[0.0, 0.0]],
        "heights": heights.tolist(),
    }


def extras(names):
    """The parts that pages show beside the study."""
    path = [[0.8, 0.8], [0.4, 0.5], [0.1, 0.1]]
    return {
        "rules": {
            name: {"title": f"{name}: a rule.", "text": ["p <- p - lr g", "`m`"]}
            for name in names
        },
        "parity": {
            "steps": 200,
            "rows": [
                {
                    "optimizer": name,
                    "label": "defaults",
                    "source": "torch.optim",
                    "differences": {"quadratic": 2e-16, "network": None},
                    "reason": "",
                    "tolerance": 1e-9,
                    "passes": name != "sgd",
                    "versions": {},
                }
                for name in names[:4]
            ],
            "derived": dict.fromkeys(names[4:5], "test_rules.py"),
            "unproven": [],
        },
        "updates": {
            "parameters": 1_001_500,
            "threads": 2,
            "rows": [
                {
                    "optimizer": name,
                    "least": 0.3 * (k + 1),
                    "median": 0.4 * (k + 1),
                    "samples": 5,
                    "steps": 10,
                    "state_bytes": 4.0 * k,
                }
                for k, name in enumerate(names)
            ],
        },
        "surfaces": {
            "gradients": 400,
            "near": 1e-3,
            "factors": [0.001, 100.0, 11],
            "functions": [a_surface()],
            "paths": {
                name: [
                    {
                        "lr": 0.1,
                        "path": path,
                        "near": 20 if k else None,
                        "last": 1e-4 if k else None,
                    }
                ]
                for k, name in enumerate(names[:-1])
            },
            "undrawn": {names[-1]: "It has none."},
        },
    }


def a_study(names=NAMES, tasks=TASKS):
    """A whole content, schema 1."""
    return {
        "schema": 1,
        "kind": "optimizers",
        "command": "gradclinic optimizers --quick",
        "created": "2026-03-04T21:07:00Z",
        "version": "0.1.0",
        "machine": {"cpu": "Example 3000 (made up)", "cores": 2},
        "noise": {"noisy": False, "reasons": []},
        "settings": {
            "budgets": list(BUDGETS),
            "seeds": SEEDS,
            "seed": 0,
            "quick": True,
            "threads": 2,
            "confirm": [3, 2],
            "sweep": [5, 1],
            "priors": {"beta1": [0.005, 0.5, True], "eps": [1e-10, 1.0, False]},
            "decades": [-2.0, 2.0],
            "edge": 0.05,
        },
        "targets": {
            "version": 1,
            "made": "2026-03-01",
            "trials": 50,
            "seeds": 20,
            "baselines": ["sgd", "nesterov", "rmsprop", "adamw"],
            "share_of_budget": 0.5,
        },
        "training_runs": {"total": 1376, "trained": 376},
        "problems": [
            {
                "name": task,
                "title": title,
                "summary": f"{title}, made up.",
                "trial": {"Data": "made up"},
                "n_params": size,
                "epochs": PASSES,
                "batches": 32,
                **WHERE,
                "targets": {"1": 0.2, "8": WHERE["value"]},
                "medians": {"sgd": 0.14, "adamw": 0.1},
            }
            for task, (title, size) in tasks.items()
        ],
        "optimizers": [
            {
                "name": name,
                "source": "Nobody (1999)",
                "defaults": {"lr": 0.01},
                "full_batch": False,
                "slots": 1,
                "state_bytes_per_parameter": 4.0,
                "evaluations_per_step": 1.0,
                "file": "mine.py" if name == "random_direction" else None,
                "gate": {"deterministic": True, "remaining": 1e-3, "lr": 0.1}
                if name == "random_direction"
                else None,
            }
            for name in names
        ],
        "results": [a_result(name, task) for task in tasks for name in names],
        "comparisons": [
            a_comparison(names, tasks, budget, clock, target)
            for budget in BUDGETS
            for clock in ("evaluations", "seconds")
            for target in WHERE
        ],
        "main": {"budget": BUDGETS[-1], "clock": "evaluations", "target": "value"},
        "failed": [],
        "theory": [
            {
                "optimizer": "gradient_descent",
                "kappa": 100.0,
                "theory": 0.98,
                "measured": 0.98,
                "difference": 1e-4,
            }
        ],
        **extras(names),
        "seconds_measured": measured(names, tasks),
        "warnings": ["lion on wine: the best learning rate lies at the edge."],
        "seconds": 58.0,
    }


@pytest.fixture(scope="session")
def whole():
    return a_study()


@pytest.fixture
def content(whole):
    return copy.deepcopy(whole)


@pytest.fixture
def make_study():
    return a_study
