"""Results as a study writes them: realistic numbers, made from nothing but a seed."""

import copy
from html import escape
from math import exp, log

import numpy as np
import pytest
from gradclinic.reports.figures import picture
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

MACHINE = {
    "cpu": "Example 3000 (8 cores)",
    "cores": 8,
    "memory_bytes": 16_000_000_000,
    "python": "3.11.9",
    "numba": "0.63.0",
    "numpy": "2.1.0",
    "blas": "numpy: openblas 0.3.29 (SkylakeX kernels)",
    "noisy": True,
    "noise_reasons": ["Other programs kept 6.1 of 8 cores busy at the start."],
}
LOSS = {
    "name": "test_loss",
    "label": "test loss",
    "unit": "nats",
    "scale": "log",
    "better": "lower",
}


def a_ratio(gain, half, seeds=10):
    """The `effect` of a gain in the logarithm of a metric that is better when lower."""
    spread = np.linspace(-1.5, 1.5, seeds) * half
    ends = [exp(-min(max(g, -700.0), 700.0)) for g in (gain, gain + half, gain - half)]
    return {
        "kind": "ratio",
        "ratio": ends,
        "ratio90": [exp(-gain - half / 2), exp(-gain + half / 2)],
        "better": int(np.sum(gain + spread > 0)),
        "worse": int(np.sum(gain + spread < 0)),
        "equal": int(np.sum(gain + spread == 0)),
        "missed": 0,
        "missed_baseline": 0,
        "pairs": [[k, exp(-gain - s)] for k, s in enumerate(spread)],
    }


def a_finding(detector, role, fires, refuted, value):
    sign = {
        "name": "gradient of the first layer / of the last",
        "value": value,
        "low": value / 2,
        "high": 2 * value,
        "threshold": 1e-3,
        "comparison": "<",
        "unit": "",
        "fires": fires,
        "refuted": refuted,
    }
    return {
        "detector": detector,
        "role": role,
        "fix": role,
        "label": f"The {role}",
        "fires": fires,
        "refuted": refuted,
        "components": [sign],
    }


def a_fix(label, gain, half, verdict, **changes):
    """An entry of `fixes`; half: half the width of the simultaneous interval."""
    effect, known = gain, gain is not None
    fires = {"cured": False, "not measurable": None}.get(verdict, True)
    return {
        "name": label.lower().replace(" ", "_"),
        "label": label,
        "family": "regularisation",
        "claim": "Textbooks say that it helps.",
        "role": "fix",
        "n": 10,
        "strength": "rate 0.01",
        "guardrail": None,
        "refuted": {"cured": True, "not measurable": None}.get(verdict, False),
        "effect": a_ratio(gain, half) if known else None,
        "gain": gain,
        "low": effect - half if known else None,
        "high": effect + half if known else None,
        "low90": effect - half / 2 if known else None,
        "high90": effect + half / 2 if known else None,
        "level": 0.9944 if known else None,
        "sd_over_delta": half / 0.06 if known else None,
        "verdict": verdict,
        "verdict_reason": "A plain sentence.",
        "symptom_fires": fires,
        "metric": {
            "mean": 2.31 * float(np.exp(-effect)) if known else None,
            "baseline_mean": 2.31,
            "median": 2.3 * float(np.exp(-effect)) if known else None,
            "baseline_median": 2.3,
        },
        "seconds": {"median": 0.42, "ratio": 1.31, "interval": [1.31, 1.2, 1.45]},
        "bytes": {"median": 1_240_000, "ratio": 1.0},
        "bytes_kind": "predicted",
        "test_metric": {
            "name": "accuracy",
            "mean": 0.71 + 0.05 * effect if known else None,
            "baseline_mean": 0.71,
            "not_worse": effect > -0.1 if known else None,
        },
        "status": {"ok": 10},
        "note": None,
    } | changes


def best_of(fixes):
    """The first fixes that help, as the study's `best` would have it."""
    helpful = [f for f in fixes if f["verdict"] in ("cured", "relieved")]
    names = [f["name"] for f in helpful if f["role"] == "fix"]
    reason = "Its effect is larger than any other's." if names else "None helps."
    return {"fixes": names[:1], "reason": reason, "without_new_data": names[:1]}


def controls_of(fixes):
    return [
        {
            "name": fix["name"],
            "label": fix["label"],
            "role": fix["role"],
            "expected": "must help" if fix["role"] == "positive" else "must not help",
            "verdict": fix["verdict"],
            "behaved": True,
        }
        for fix in fixes
        if fix["role"] != "fix"
    ]


def band(label, role, mid, spread=0.12):
    mid = np.asarray(mid)
    return {
        "label": label,
        "role": role,
        "x": list(range(1, len(mid) + 1)),
        "mid": mid.tolist(),
        "low": (mid * (1 - spread)).tolist(),
        "high": (mid * (1 + spread)).tolist(),
    }


def a_chart(best="L2 penalty (weight decay)", epochs=120):
    t = np.arange(1, epochs + 1) / epochs
    wobble = 1 + 0.03 * np.random.default_rng(0).standard_normal((4, epochs))
    return {
        "title": "Loss in training and validation",
        "x_label": "epoch (passes over the data)",
        "y_label": "loss (nats)",
        "y_scale": "log",
        "series": [
            band("Baseline: validation", "baseline", wobble[0] * (1.6 + 2.1 * t)),
            band(
                "Baseline: training",
                "baseline_train",
                wobble[1] * 2.3 * np.exp(-5 * t),
            ),
            band(f"{best}: validation", "best", wobble[2] * (0.9 + np.exp(-5 * t))),
            band(f"{best}: training", "best_train", wobble[3] * (0.7 + np.exp(-4 * t))),
        ],
    }


def overfitting():
    fixes = [
        a_fix("Early stopping", 0.93, 0.10, "cured", claim="Stop in time."),
        a_fix("L2 penalty (weight decay)", 1.12, 0.14, "cured"),
        a_fix("L1 penalty (sparse weights)", 0.71, 0.2, "relieved"),
        a_fix("Dropout of half of the hidden units", 0.32, 0.18, "relieved"),
        a_fix("Four times the data", 0.80, 0.12, "cured"),
        a_fix("Input noise", 0.01, 0.03, "too small to matter"),
        a_fix("A smaller network of 32 hidden units", 0.10, 0.31, "inconclusive"),
        a_fix("Principal components of the inputs, the first 20", -0.22, 0.1, "worse"),
        a_fix(
            "The same baseline again", 0.0, 0.01, "too small to matter", role="placebo"
        ),
        a_fix("Twice as many epochs", -0.31, 0.08, "worse", role="wrong_mechanism"),
        a_fix("Ten times the data, all right", 1.9, 0.2, "cured", role="positive"),
    ]
    return {
        "schema": 1,
        "scenario": "overfitting",
        "title": "Overfitting",
        "problem": "The network memorises its training examples, wrong labels included,"
        " and does badly on new ones.",
        "command": "gradclinic run overfitting --quick",
        "preset": "quick",
        "seed": 0,
        "created": "2026-03-04T21:07:00Z",
        "version": "0.1.0",
        "machine": copy.deepcopy(MACHINE),
        "metric": dict(LOSS),
        "delta": log(1.05),
        "delta_label": "4.8 %",
        "delta_ratio": 1 / 1.05,
        "survival": None,
        "trial": {
            "Data": "digits: 160 training, 128 validation, 64 test rows",
            "Hidden units": "256",
            "Optimizer": "adam, learning rate 0.01",
            "Epochs": "60",
            "Label noise": "50 % of training labels wrong",
        },
        "data": "Handwritten digits, 8 x 8 grey values each.",
        "also": {
            "steps": 20,
            "findings": [
                a_finding("vanishing_gradient", "baseline", True, False, 2e-4),
                a_finding("vanishing_gradient", "positive", False, True, 0.3),
                a_finding("dead_relu", "baseline", False, False, 1e-3),
            ],
        },
        "symptom": {
            "detector": "overfitting",
            "rule": "The validation loss is over 10 % above the training loss, and it"
            " has risen over 5 % from its lowest value or accuracy is 5 points lower.",
            "fires": True,
            "components": [
                {
                    "name": "relative gap (val - train)/train",
                    "value": 12.1,
                    "low": 10.03,
                    "high": 14.2,
                    "threshold": 0.1,
                    "comparison": ">",
                    "unit": "",
                    "fires": True,
                },
                {
                    "name": "rise of the validation loss from its lowest value",
                    "value": 38.2,
                    "low": 30.1,
                    "high": 46.0,
                    "threshold": 5,
                    "comparison": ">",
                    "unit": "%",
                    "fires": True,
                },
                {
                    "name": "gap in accuracy",
                    "value": 4.2,
                    "low": -1.0,
                    "high": 9.4,
                    "threshold": 5,
                    "comparison": ">",
                    "unit": "points",
                    "fires": False,
                },
            ],
        },
        "curves": [a_chart()],
        "fixes": fixes,
        "best": best_of(fixes),
        "controls": controls_of(fixes),
        "tables": [],
        "plots": [],
        "meaning": [
            "Cured by “L2 penalty (weight decay)”, “Early stopping” and “Four times the"
            " data”.",
        ],
        "references": ["Prechelt (1998), Early stopping - but when?"],
        "seconds": 12.3,
        "runs": 240,
        "failed_runs": [],
        "parts": [],
    }


def divergence():
    """Every baseline run is infinite: effects have no number, and yet a verdict."""
    infinite = {
        "effect": {
            "kind": "censored",
            "ratio": [0.0, 0.0, 0.0],
            "ratio90": [0.0, 0.0],
            "better": 10,
            "worse": 0,
            "equal": 0,
            "missed": 0,
            "missed_baseline": 10,
            "pairs": [[seed, 0.0] for seed in range(10)],
        },
        "metric": {
            "mean": None,
            "baseline_mean": None,
            "median": 0.0101,
            "baseline_median": None,
        },
        "seconds": {"median": 0.002, "ratio": 0.97, "interval": None},
        "test_metric": {
            "name": "R²",
            "mean": 0.9999,
            "baseline_mean": None,
            "not_worse": None,
        },
    }
    fixes = [
        a_fix("Mean gradient", None, 0, "cured", symptom_fires=False, **infinite),
        a_fix(
            "Learning rate below 2 / lambda_max",
            None,
            0,
            "cured",
            symptom_fires=False,
            **infinite,
        ),
        a_fix(
            "Clipping",
            None,
            0,
            "not measurable",
            n=1,
            seconds={"median": None, "ratio": None, "interval": None},
            bytes={"median": None, "ratio": None},
            metric=dict.fromkeys(
                ("mean", "baseline_mean", "median", "baseline_median")
            ),
            test_metric=None,
            status={"failed": 9, "ok": 1},
            note="9 of 10 runs were not measured: the process was killed",
        ),
        a_fix(
            "Twice as many epochs",
            None,
            0,
            "too small to matter",
            role="wrong_mechanism",
            effect=infinite["effect"]
            | {
                "ratio": [None, None, None],
                "better": 0,
                "equal": 10,
                "missed": 10,
                "pairs": [[seed, 1.0] for seed in range(10)],
            },
            metric=dict.fromkeys(
                ("mean", "baseline_mean", "median", "baseline_median")
            ),
            status={"diverged": 10},
        ),
    ]
    grown, shrunk = 10.0 ** np.arange(0, 300, 10), 1e3 * 0.6 ** np.arange(40)
    return overfitting() | {
        "scenario": "divergence",
        "title": "Divergence",
        "problem": "Every step overshoots by more than the last, until the loss is no"
        " longer a number.",
        "command": "gradclinic run divergence --quick",
        "metric": LOSS | {"unit": "squared error"},
        "machine": MACHINE | {"noisy": False, "noise_reasons": []},
        "symptom": {
            "detector": "divergence",
            "rule": "The loss is NaN, infinite or over 10 times its first value.",
            "fires": True,
            "components": [
                {
                    "name": "final loss over first loss",
                    "value": None,
                    "low": None,
                    "high": None,
                    "threshold": 10,
                    "comparison": ">",
                    "unit": "",
                    "fires": True,
                }
            ],
        },
        "curves": [
            {
                "title": "Loss in training and validation",
                "x_label": "epoch (passes over the data)",
                "y_label": "loss (squared error)",
                "y_scale": "log",
                "series": [
                    band("Baseline: validation", "baseline", grown)
                    | {"mid": [*grown[:-1].tolist(), None]},
                    band("Mean gradient: validation", "best", shrunk),
                ],
            }
        ],
        "fixes": fixes,
        "best": best_of(fixes),
        "controls": controls_of(fixes),
        "tables": [
            {
                "title": "The largest stable learning rate",
                "sentence": "Theory says that the loss grows above 2 / lambda_max.",
                "columns": ["Seed", "2 / lambda_max", "Highest stable rate", "Agrees"],
                "rows": [[0, 0.001152, 0.00115, True], [1, 0.00119, None, "yes"]],
                "command": "gradclinic run divergence",
            }
        ],
        "plots": [
            {
                "title": "How many seeds diverge at each learning rate",
                "sentence": "Each seed has its own data and so its own threshold.",
                "kind": "line",
                "x_label": "learning rate",
                "y_label": "share of seeds that diverge",
                "x_scale": "log",
                "y_scale": "linear",
                "series": [
                    {
                        "label": "measured",
                        "x": [1e-3 * 1.02**k for k in range(16)],
                        "y": [min(1.0, max(0.0, (k - 4) / 8)) for k in range(16)],
                    }
                ],
                "verticals": [
                    {"label": "2 / lambda_max (median)", "x": 0.00117},
                    {"label": "measured", "x": 0.00118},
                ],
            }
        ],
        "failed_runs": [{"fix": "clipping", "seed": 3, "reason": "killed"}],
    }


def censored(result):
    """Passes to a target that some runs miss, and how many are still above it."""
    fixes = [
        a_fix("Standardised inputs", 2.5, 0.4, "cured"),
        a_fix("Momentum of 0.9", 0.5, 0.3, "relieved"),
        a_fix("A schedule", 0.01, 0.2, "inconclusive"),
        a_fix("The same again", 0.0, 0.1, "too small to matter", role="placebo"),
    ]
    for missed, fix in zip((0, 0, 2, 1), fixes, strict=True):
        fix["effect"] |= {"kind": "censored", "missed": missed, "missed_baseline": 1}
        fix["effect"]["pairs"][:missed] = [[seed, None] for seed in range(missed)]
        fix["metric"] |= {"mean": None, "baseline_mean": None}
    fixes[1]["high"] = fixes[1]["effect"]["ratio"][1] = None
    times = {
        "baseline": ([0, 81, 96, 120, 143], [1.0, 0.75, 0.5, 0.25, 0.1]),
        "standardised_inputs": ([0, 6, 8, 11], [1.0, 0.6, 0.3, 0.0]),
        "momentum_of_0.9": ([0, 50, 70], [1.0, 0.5, 0.0]),
        "a_schedule": ([0, 78, 90, 110], [1.0, 0.8, 0.5, 0.2]),
    }
    return result | {
        "metric": LOSS
        | {
            "name": "evaluations_to_target",
            "unit": "passes",
            "label": "passes over the data to target",
        },
        "delta": log(1.1),
        "delta_label": "9.1 %",
        "delta_ratio": 1 / 1.1,
        "fixes": fixes,
        "best": best_of(fixes),
        "controls": controls_of(fixes),
        "survival": {n: {"at": at, "share": share} for n, (at, share) in times.items()},
    }


def slow_training():
    """Two questions on one page; the second has no curves and measures seconds."""
    first, second = censored(overfitting()), overfitting()
    fixes = [
        a_fix("Compiled by Numba, one thread", 4.2, 0.05, "cured"),
        a_fix("NumPy arrays", 2.1, 0.06, "relieved"),
        a_fix(
            "The same baseline again",
            0.002,
            0.02,
            "too small to matter",
            role="placebo",
        ),
    ]
    second |= {
        "scenario": "slow_training.seconds",
        "title": "Slow training: the cost of a step",
        "problem": "The same step takes longer or shorter depending on what runs it.",
        "metric": {
            "name": "seconds_per_step",
            "label": "time of a step",
            "unit": "s",
            "scale": "log",
            "better": "lower",
        },
        "curves": [],
        "fixes": fixes,
        "best": best_of(fixes),
        "controls": controls_of(fixes),
    }
    return first | {
        "scenario": "slow_training",
        "title": "Slow training",
        "command": "gradclinic run slow_training --quick",
        "parts": [second],
    }


def nothing():
    """The emptiest result there can be: no fix, no curve, nothing measured."""
    return overfitting() | {
        "scenario": "nothing",
        "command": "gradclinic run nothing --quick",
        "symptom": {"detector": "x", "rule": "", "fires": False, "components": []},
        "curves": [],
        "fixes": [],
        "best": {"fixes": [], "reason": "No fix helps.", "without_new_data": []},
        "controls": [],
        "meaning": [],
        "references": [],
        "trial": {},
    }


MAKERS = {
    make.__name__: make for make in (overfitting, divergence, slow_training, nothing)
}


@pytest.fixture(scope="session")
def all_results():
    """Every made result, to be read only."""
    return [make() for make in MAKERS.values()]


@pytest.fixture
def unpainted(monkeypatch):
    """Pictures are drawn, but neither laid out nor painted, which takes most time.

    For tests of the words of a page. An SVG has its words alone, a PNG is empty.
    """

    def svg(figure, prefix, description):
        return f'<svg class="plot" role="img" aria-label="{escape(description)}"></svg>'

    def empty(figure, image, **how):
        image.write(b"")

    monkeypatch.setattr(picture, "inline_svg", svg)
    monkeypatch.setattr(picture, "readings_of", lambda figure: [])
    monkeypatch.setattr(Figure, "savefig", empty)
    monkeypatch.setattr(ConstrainedLayoutEngine, "execute", lambda *_: None)


@pytest.fixture(params=MAKERS)
def result(request):
    """Each of the made results in turn."""
    return MAKERS[request.param]()


@pytest.fixture
def make_fix():
    return a_fix


@pytest.fixture
def make_result():
    """A function from the name of a made result to a fresh one."""
    return lambda name="overfitting": MAKERS[name]()
