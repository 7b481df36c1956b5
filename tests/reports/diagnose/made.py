"""A diagnosis made up by hand, whose names and words are those of a user's table."""

from tests.bench.compare.made import ACCURACY, fix

SEEDS = range(4)
BEFORE, AFTER = [0.70, 0.72, 0.71, 0.73], [0.81, 0.84, 0.80, 0.86]
MACHINE = {
    "cpu": "A processor",
    "cores": 2,
    "physical_cores": 1,
    "memory_bytes": 8_000_000_000,
    "platform": "Linux",
    "python": "3.12.1",
    "numba": "0.60",
    "numpy": "2.1",
    "scipy": None,
    "blas": "OpenBLAS",
    "blas_libraries": [],
    "openblas_coretype": None,
}


def a_fix(name, after, **changes):
    """An entry of `fixes`."""
    judged = fix(name, BEFORE, after, SEEDS, ACCURACY, delta=0.01)
    return (
        judged
        | {
            "family": "numerics",
            "claim": "It may help.",
            "strength": f"strength of {name}",
            "status": {"ok": 4},
            "verdict_reason": "It improves.",
            "symptom_fires": False,
            "refuted": True,
            "guardrail": None,
            "metric": {
                "mean": sum(after) / 4,
                "baseline_mean": sum(BEFORE) / 4,
                "median": after[0],
                "baseline_median": BEFORE[0],
            },
            "seconds": {"median": 0.25, "ratio": None, "interval": None},
            "bytes": {"median": 12_000.0, "ratio": 1.0},
            "bytes_kind": "predicted",
            "test_metric": None,
            "note": None,
            "cost": 1.5,
            "worth": 0.02,
            "dose": None,
        }
        | changes
    )


def baseline(name, verdict, mean=0.7):
    """An entry of `baselines`."""
    judged = fix(name, BEFORE, [mean] * 4, SEEDS, ACCURACY, delta=0.01)
    kept = {key: judged[key] for key in ("effect", "gain", "low", "high")}
    about = {"name": name, "label": name.capitalize(), "model": f"model {name}"}
    return about | {"mean": mean, "from": 0.6, "to": 0.8, "verdict": verdict} | kept


def sign(detector, fires, refuted):
    """An entry of the network's signs."""
    part = {
        "name": f"number of {detector}",
        "value": 12.5,
        "low": 10.0,
        "high": 15.0,
        "threshold": 5.0,
        "comparison": ">",
        "unit": "%",
        "fires": fires,
        "refuted": refuted,
    }
    return {
        "detector": detector,
        "fires": fires,
        "refuted": refuted,
        "components": [part],
    }


def trouble(code, title, kind, **changes):
    """An entry of `verdicts`."""
    return {
        "code": code,
        "name": title.lower().replace(" ", "_"),
        "title": title,
        "kind": kind,
        "evidence": f"Evidence of {title}: 5 % of rows.",
        "next_step": f"Mend {title}.",
        "columns": ["age"],
        "left_out": [],
        "numbers": {"share": 0.05},
    } | changes


CURVE = {
    "title": "Loss in training and validation",
    "x_label": "epoch",
    "y_label": "loss (nats)",
    "y_scale": "log",
    "series": [
        {
            "label": f"Baseline: {part}",
            "role": "baseline",
            "x": [1.0, 2.0, 3.0],
            "mid": [1.0, 0.5, 0.4],
            "low": [0.9, 0.4, 0.3],
            "high": [1.1, 0.6, 0.5],
        }
        for part in ("training", "validation")
    ],
}


def made(**changes):
    """The content of a diagnosis, as `schemas/diagnose.json` describes it."""
    return {
        "schema": 1,
        "kind": "diagnose",
        "command": "gradclinic diagnose patients.csv --target ill",
        "created": "2026-03-04T21:07:00Z",
        "version": "1.0.0",
        "machine": dict(MACHINE),
        "settings": {"seed": 3, "mute": ["GC104"]},
        "table": {
            "name": "patients.csv",
            "target": "ill",
            "task": "classification",
            "rows": 1000,
            "total": 1600,
            "lost": 7,
            "columns": 12,
            "used": 10,
            "inputs": 14,
            "classes": ["no", "yes"],
            "split_by": "copies",
            "splits": 4,
            "parts": {"training": 550, "validation": 125, "judged": 125, "test": 200},
        },
        "verdicts": [
            trouble("GC101", "Leaking column", "spoils the answer"),
            trouble("GC208", "The network memorises", "seen in training"),
        ],
        "metric": ACCURACY | {"key": "accuracy", "name": "judged"},
        "delta": 0.01,
        "delta_ratio": None,
        "delta_label": "1 points",
        "network": {
            "trial": {"Hidden units": "64-64", "Activation": "relu"},
            "signs": [
                sign("divergence", False, True),
                sign("overfitting", True, False),
                sign("dead_relu", False, False),
            ],
            "mean": 0.715,
            "from": 0.69,
            "to": 0.74,
        },
        "baselines": [
            baseline("guessing", "loses to the network", 0.5),
            baseline("linear", "beats the network", 0.85),
        ],
        "against_fixed": [
            {"name": "linear", "label": "Linear", "verdict": "no difference shown"}
        ],
        "curves": [CURVE],
        "fixes": [
            a_fix("scaled", AFTER),
            a_fix("dropout", BEFORE, cost=None, worth=None, guardrail="Test is worse."),
        ],
        "doses": [{"name": "dropout", "doses": [[0.1, 0.5], [0.5, None]]}],
        "best": ["scaled"],
        "chosen": "scaled",
        "test": {
            "rows": 200,
            "results": [
                {
                    "label": "The network as it was",
                    "value": 0.7,
                    "low": 0.6,
                    "high": 0.8,
                },
                {"label": "Scaled", "value": None, "low": None, "high": None},
            ],
        },
        "unknowns": ["Whether dropout helps: that takes 5,000 rows."],
        "prescription": {
            "toml": 'schema = 1\nfile = "patients.csv"\n',
            "code": [
                {"name": n, "title": f"In {n}", "text": f"import {n}"}
                for n in ("rows", "gradclinic", "sklearn", "torch", "keras")
            ],
        },
        "headline": ["A linear model beats the network.", "Then scale the inputs."],
        "seconds": 12.5,
    } | changes
