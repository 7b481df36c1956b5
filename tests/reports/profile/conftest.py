"""The content of a profile, made up: no number in it was measured."""

import copy
from itertools import pairwise

import pytest
from gradclinic.bench.studies.gpu.verdicts import judged

MACHINE = {
    "cpu": "Example 3000 (made up)",
    "cores": 2,
    "physical_cores": 2,
    "memory_bytes": 16_000_000_000,
    "platform": "Linux-6.1-x86_64",
    "python": "3.11.9",
    "numba": "0.63.0",
    "numpy": "2.1.0",
    "scipy": "1.16.0",
    "blas": "numpy: openblas 0.3.29 (SkylakeX kernels)",
    "blas_libraries": [
        {
            "owner": "numpy",
            "name": "openblas",
            "version": "0.3.29",
            "architecture": "SkylakeX",
            "threads": 2,
        }
    ],
    "openblas_coretype": None,
}

# name: (label, family, version), and the microseconds of each case; None: it failed.
PEERS = {
    "numpy": ("NumPy, written by hand", "NumPy", "2.1.0"),
    "sklearn": ("scikit-learn's MLPClassifier", "scikit-learn", "1.7.0"),
    "torch_eager": ("PyTorch, eager", "PyTorch", "2.9.0"),
    "torch_fused": ("PyTorch, fused optimizer", "PyTorch", "2.9.0"),
    "jax_scan": ("JAX, a whole epoch in lax.scan", "JAX", "0.10.2"),
    "jax_vmap": ("JAX, networks in vmap", "JAX", "0.10.2"),
}
CASES = {
    "64-64-10": ("step", [64, 64, 10], 32, 1, 6.9),
    "30-256-256-2": ("step", [30, 256, 256, 2], 64, 1, 148),
    "784-512-512-10": ("step", [784, 512, 512, 10], 128, 1, 1410),
    "784-2048-2048-10": ("step", [784, 2048, 2048, 10], 512, 1, 50_900),
    "128 x 64-64-10": ("population", [64, 64, 10], 32, 128, 3.4),
    "predict 784-512-512-10": ("predict", [784, 512, 512, 10], 10_000, 1, 41_000),
}
MICROSECONDS = {
    "64-64-10": (118, 289, 395, 204, 31, None),
    "30-256-256-2": (540, 785, 717, 452, 340, None),
    "784-512-512-10": (6900, 8949, 4428, 3190, 1650, None),
    "784-2048-2048-10": (103_000, 121_811, 111_306, 92_800, 50_200, None),
    "128 x 64-64-10": (121, 291, 402, 240, None, 19.7),
    "predict 784-512-512-10": (62_000, 71_000, 44_000, None, 36_900, None),
}
WEIGHTS = {"64-64-10": 4810, "30-256-256-2": 74_242, "784-512-512-10": 669_706}
INSTALL = "pip install 'gradclinic[peers]'"
ENGINES = ("gradclinic", "jax_scan", "torch_fused")
EXPONENTS = {"width": (1.82, 1.7), "depth": (1.01, 0.98), "batch": (0.93, 0.41)}


def a_row(peer, ours, theirs):
    """A row of a case; theirs None: the peer failed there."""
    if theirs is None:
        reason = "its process ended (-9)"
        return {"peer": peer, "status": "failed", "reason": reason}
    ratio = theirs / ours
    decided = abs(ratio - 1) > 0.03
    word = "faster" if ratio > 1 else "slower"
    return {
        "peer": peer,
        "seconds": theirs * 1e-6,
        "low": theirs * 0.98e-6,
        "high": theirs * 1.03e-6,
        "ratio": ratio,
        "ratio_low": ratio * 0.97,
        "ratio_high": ratio * 1.025,
        "p": 1e-6 if decided else 0.04,
        "verdict": word if decided else "no difference shown",
        "loss_difference": 3.1e-6,
        "compile_seconds": 0.81 if peer.startswith("jax") else None,
        "status": "ok",
        "reason": None,
    }


def a_case(name):
    kind, sizes, batch, networks, ours = CASES[name]
    times = dict(zip(PEERS, MICROSECONDS[name], strict=True))
    alone = kind != "population"
    rows = [
        a_row(peer, ours, theirs)
        for peer, theirs in times.items()
        if theirs is not None
    ]
    if name == "784-2048-2048-10":
        rows.append(a_row("jax_vmap", ours, None))
    best = {}
    for row in rows:
        family = PEERS[row["peer"]][1]
        if row["status"] == "ok" and (
            family not in best or row["ratio"] < times[best[family]] / ours
        ):
            best[family] = row["peer"]
    rows_of = f"{batch:,} rows" if kind == "predict" else f"batch {batch}"
    return {
        "name": name,
        "label": f"{name}, {rows_of}",
        "kind": kind,
        "sizes": sizes,
        "batch": batch,
        "networks": networks,
        "parameters": WEIGHTS.get(name if alone else "64-64-10"),
        "flops": 6 * batch * sum(a * b for a, b in pairwise(sizes)),
        "ours": {
            "seconds": ours * 1e-6,
            "low": ours * 0.99e-6,
            "high": ours * 1.02e-6,
            "compile_seconds": 0.22,
        },
        "rows": rows,
        "best": best,
    }


def throughput():
    speed = dict(zip(ENGINES, (420, 400, 190), strict=True))
    return [
        {
            "engine": engine,
            "width": width,
            "batch": batch,
            "rows_per_second": 1e9 * rate / (6 * 3 * width**2),
            "gflops": rate,
        }
        for engine in ENGINES
        for batch in (32, 128, 512)
        for width in (32, 64, 128, 256, 512, 1024)
        if (rate := speed[engine] * width * batch / (width * batch + 32_000))
    ]


def scaling():
    reached = {"64-64-10": 1.0, "30-256-256-2": 1.44}
    return [
        {
            "case": name,
            "threads": threads,
            "seconds": CASES[name][4] * 1e-6 / gain,
            "speedup": gain,
            "low": gain * 0.98,
            "high": gain * 1.02,
        }
        for place, name in enumerate(CASES)
        for threads in (1, 2)
        if (gain := 1.0 if threads == 1 else reached.get(name, 1.78 + 0.03 * place))
    ]


def roofline():
    points = ((3.1, 41), (8.2, 190), (21, 310), (76, 427), (3.1, 160), (33, 380))
    return {
        "peak_gflops": [247.0, 491.0],
        "blas_gflops": [219.0, 436.0],
        "triad_gb": [21.4, 39.8],
        "points": [
            {
                "name": name,
                "label": f"{name}, batch {CASES[name][2]:,}",
                "intensity": intensity,
                "gflops": rate,
                "threads": 1 if name == "64-64-10" else 2,
            }
            for name, (intensity, rate) in zip(CASES, points, strict=True)
        ],
    }


def phases():
    shares = {
        "64-64-10": (0.06, 0.28, 0.09, 0.34, 0.2),
        "30-256-256-2": (0.02, 0.29, 0.02, 0.5, 0.15),
        "784-512-512-10": (0.03, 0.28, 0.01, 0.5, 0.17),
        "784-2048-2048-10": (0.01, 0.31, 0.0, 0.61, 0.06),
    }
    names = ("gather", "forward", "loss", "backward", "update")
    return [
        {
            "case": case,
            "step_seconds": CASES[case][4] * 1e-6,
            "phases": [
                {"name": name, "seconds": share * CASES[case][4] * 1e-6}
                for name, share in zip(names, parts, strict=True)
            ],
        }
        for case, parts in shares.items()
    ]


def optimizers():
    moved = {"adam": 28, "adamw": 28, "momentum": 20, "sgd": 12}
    return [
        {
            "optimizer": name,
            "parameters": 50_000_000,
            "bytes_per_parameter": size,
            "threads": 2,
            "seconds": 5e7 * size / (share * 39.8e9),
            "gb_per_second": share * 39.8,
            "share_of_triad": share,
        }
        for (name, size), share in zip(
            moved.items(), (0.93, 0.91, 0.96, 1.02), strict=True
        )
    ]


def growth():
    axes = {
        "width": [32, 64, 128, 256, 512, 1024, 2048],
        "depth": [1, 2, 4, 8, 16, 32],
        "batch": [8, 32, 128, 512, 2048],
        "networks": [1, 4, 16, 64, 256],
    }
    found = []
    for axis, x in axes.items():
        time, memory = EXPONENTS.get(axis, (1.0, 1.0))
        found.append(
            {
                "axis": axis,
                "x": x,
                "seconds": [4e-6 + 1e-6 * (value / x[0]) ** time for value in x],
                "bytes": [4e4 + 9e4 * (value / x[0]) ** memory for value in x],
                "time_exponent": {
                    "value": time,
                    "low": time - 0.06,
                    "high": time + 0.05,
                },
                "memory_exponent": {
                    "value": memory,
                    "low": memory - 0.02,
                    "high": memory + 0.02,
                },
                "from": x[2],
            }
        )
    return found


# name: (torch's class, its version, shape, ms of theirs and of ours).
UPDATES = {
    "sgd": ("SGD", "fused", [10_000_000], 6.7, 6.6),
    "adam": ("Adam", "fused", [10_000_000], 15.9, 12.1),
    "rmsprop_centered": ("RMSprop", "for loop", [10_000_000], 60.0, 10.0),
    "muon": ("Muon", "for loop", [1000, 1000], 100.0, 250.0),
}


def updates():
    rows = []
    for name, (kind, version, shape, theirs, ours) in UPDATES.items():
        row = a_row(name, 1e3 * ours, 1e3 * theirs)
        times = {key: row[key] * ours / theirs for key in ("seconds", "low", "high")}
        for key in ("peer", "loss_difference", "compile_seconds"):
            del row[key]
        muon = name == "muon"
        rows.append(
            {"optimizer": name, "torch": kind, "version": version, "shape": shape}
            | {"why": "a matrix" if muon else None, "checked": 3, "ours": times}
            | {"difference": 4e-6, "tolerance": 0.1 if muon else 1e-3}
            | row
        )
    failed = {"status": "failed", "reason": "torch: RuntimeError: no memory"}
    shared = {"shape": [10_000_000], "why": None, "checked": 3, "tolerance": 1e-3}
    rows.append({"optimizer": "nadam", "torch": "NAdam", **shared, **failed})
    found = {"torch": "2.9.0", "reason": None, "threads": 2, "samples": 12}
    return {**found, "rows": rows}


def profile():
    """All there can be, fresh each time."""
    peers = [
        {
            "name": name,
            "label": label,
            "family": family,
            "version": version,
            "available": True,
            "reason": None,
        }
        for name, (label, family, version) in PEERS.items()
    ]
    peers.append(
        {
            "name": "torch_compiled",
            "label": "PyTorch, compiled",
            "family": "PyTorch",
            "version": "2.9.0",
            "available": False,
            "reason": f"torch is not installed; {INSTALL} brings it",
        }
    )
    return {
        "schema": 1,
        "kind": "profile",
        "command": "gradclinic profile --peers",
        "seconds": 812.0,
        "machine": copy.deepcopy(MACHINE),
        "noise": {"noisy": False, "reasons": []},
        "settings": {
            "threads": 2,
            "quick": False,
            "samples": 21,
            "processes": 3,
            "dtype": "float32",
            "optimizer": "adam",
        },
        "peers": peers,
        "cases": [a_case(name) for name in CASES],
        "throughput": throughput(),
        "scaling": scaling(),
        "roofline": roofline(),
        "phases": phases(),
        "optimizers": optimizers(),
        "updates": updates(),
        "diagnostics": [
            {
                "case": case,
                "plain": CASES[case][4] * 1e-6,
                "with": CASES[case][4] * 1e-6 * ratio,
                "ratio": ratio,
                "low": ratio * 0.99,
                "high": ratio * 1.01,
            }
            for case, ratio in (("64-64-10", 1.08), ("784-512-512-10", 1.004))
        ],
        "start": {
            "first_step_seconds": 1.21,
            "cold_compile_seconds": 48.3,
            "population_1000_seconds": 7.4,
        },
        "growth": growth(),
    }


@pytest.fixture(scope="session")
def gpu_judged():
    """{name: a measurement judged}, so that it is made once."""
    return {}


@pytest.fixture
def content(make_measurement, gpu_judged):
    """A fresh made profile, with a GPU of another machine."""
    if not gpu_judged:
        measurement = make_measurement()
        here = {
            (e["width"], e["batch"]): e["seconds"]["cpu one thread"]
            for e in measurement["grid"]
        }
        gpu_judged |= judged(measurement, here) | {"imported": True}
    return profile() | {"gpu": copy.deepcopy(gpu_judged), "gpu_missing": None}
