"""A measurement of a GPU that is made up, with a crossover that is known."""

import numpy as np

CROSSING = {32: 600.0, 512: 100.0}
WIDTHS = (32, 128, 512, 2048)


def measurement(samples=12, spread=0.01, seed=0):
    """Plain data of the schema; a GPU's step overtakes at `CROSSING` by batch."""
    rng = np.random.default_rng(seed)

    def around(seconds):
        return (seconds * np.exp(spread * rng.normal(size=samples))).tolist()

    grid = [
        {
            "width": width,
            "batch": batch,
            "network": f"{width}-{width}-{width}-10",
            "parameters": 2 * width**2,
            "multiply_adds": 6 * width**2 * batch,
            "training_steps": 80,
            "seconds": {
                "cpu one thread": around(2e-3 * width / at),
                "cpu all threads": around(1e-3 * width / at),
                "gpu kernels": around(5e-4),
                "gpu step": around(1e-3),
                "gpu with transfers": around(1.2e-3),
            },
            "compile_seconds": 4.0,
            "bytes_device": 10**6,
            "steps_to_target": 10,
            "to_target": {"cpu all threads": around(0.2), "gpu": around(0.1)},
        }
        for batch, at in CROSSING.items()
        for width in WIDTHS
    ]
    return {
        "schema": "gradclinic gpu 1",
        "measured_on": {
            "machine": "x86_64 Linux", "cpu": "Some Processor", "cores": 16,
            "gpu": "NVIDIA H100", "driver": "580.65", "date": "2026-11-20",
        },
        "grid": grid,
        "populations": [
            {"networks": n, "network": "2-32-32-1", "batch": 32, "shared_memory": True,
             "seconds": {"cpu all threads": around(8e-6), "gpu": around(2e-5 / n)}}
            for n in (1, 64)
        ],
        "kernels": [
            {"name": "update.adam", "dtype": "float32", "registers": 44, "threads": 256,
             "shared_bytes": 0, "occupancy": 0.75, "seconds": around(1e-3),
             "flops": 1e9, "bytes": 2.8e9, "size": "100,000,000 parameters"}
        ],
        "ceilings": {
            "copy_bytes_per_s": 3e12, "own_flops_per_s": 3e13,
            "cublas_flops_per_s": 5e13, "cpu_flops_per_s": 1e12,
            "cpu_bytes_per_s": 1e11,
        },
        "products": [
            {"size": [1024, 1024, 1024], "own": around(1e-4), "cublas": around(6e-5)},
            {"size": [8, 8, 8], "own": around(1e-5), "cublas": None},
        ],
        "updates": [
            {"optimizer": "adam", "parameters": 10**8, "bytes": 28 * 10**8,
             "seconds": around(1e-3)}
        ],
        "memory": {"device_total": 8 * 10**10, "device_free": 7 * 10**10,
                   "host_peak": 2 * 10**9},
        "energy": {"joules_per_step": 0.02, "watts": 300.0, "network": "784-512-10"},
        "peers": [
            {"network": "64-64-10", "batch": 32, "networks": 1, "name": name,
             "seconds": around(seconds)}
            for name, seconds in (("gradclinic", 4e-5), ("PyTorch eager", 4e-4))
        ],
        "left_out": ["peers: JAX is not installed."],
    }  # fmt: skip
