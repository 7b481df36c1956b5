"""What is compiled ahead of time is what is used later."""

import subprocess
import sys

import numpy as np
import pytest
from gradclinic.bench.execution import warm
from gradclinic.kernels import job, mlp, train
from gradclinic.kernels.job import first_of
from gradclinic.kernels.loop import training
from gradclinic.kernels.loop.tasks import assist
from gradclinic.kernels.threads import available_threads
from numba import typeof


@pytest.mark.parametrize("dtype", warm.DTYPES)
def test_what_is_compiled_ahead_is_what_training_asks_for(dtype):
    small, runs = warm.small_job(dtype)
    course = small.course(first_of(runs))
    assert typeof(small.outline(first_of(runs))) == typeof(course)
    # Wide enough for a helper, where there is a thread for one.
    net, x = mlp([40, 200, 120, 7], "tanh", "mse"), np.zeros((128, 40))
    params, y = net.init(0, np.dtype(dtype).type), np.eye(128, 7)
    train(net, params, x, y, batch_size=128, epochs=1)
    helped = [assist] if available_threads() > 1 else []
    for function in (training.train_serial, *helped):
        known = job._COMPILED[function, dtype].signature
        assert known.args == (typeof(course),)


def test_a_population_is_compiled_ahead_for_stacked_runs():
    small, runs = warm.small_job("float32")
    courses = small.courses(runs, 3)
    assert typeof(small.outline(runs, 1, (1,))) == typeof(courses)
    assert typeof(job.one_of(courses)) == typeof(small.outline(first_of(runs)))


def test_a_run_compiles_its_parts_only_where_nothing_is_compiled(monkeypatch):
    asked, cold = [], True

    def compile_in_processes(parts, progress):
        asked.append(parts)
        raise RuntimeError("the kernels (loop, float32) do not compile: no memory")

    monkeypatch.setattr(warm, "_compile_in_processes", compile_in_processes)
    monkeypatch.setattr(warm, "is_cold", lambda: cold)
    warm.warm_for_run(print)  # what failed is left to the run, and its error there
    cold = False
    warm.warm_for_run(print)
    assert asked == [[("loop", "float32"), ("passes", "float32")]]


@pytest.mark.exhaustive
def test_the_parts_leave_a_training_nothing_of_the_loop_to_compile(
    monkeypatch, tmp_path
):
    """In processes of their own: each part, then a team and a population train."""
    monkeypatch.setenv("GRADCLINIC_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv("NUMBA_NUM_THREADS", "2")
    warm._compile_in_processes([(part, "float32") for part in ("loop", "passes")], say)
    script = """
import numpy as np
from gradclinic.kernels import job, mlp, train, train_population
from gradclinic.kernels.loop import drivers
net, x, y = mlp([40, 200, 120, 7]), np.zeros((128, 40), np.float32), np.zeros(128)
train(net, net.init(), x, y, batch_size=128, epochs=1, threads=2)
train_population(net, x, y, [0, 1], 0.1, epochs=1)
made = [each.dispatcher for each in job._COMPILED.values()]
for each in (*made, drivers.train_population):
    print(sum(each.stats.cache_hits.values()), sum(each.stats.cache_misses.values()))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    # The loop, its helper and task, and what trains a population: all from the cache.
    assert done.stdout.splitlines() == ["1 0"] * 4


def test_nothing_is_compiled_ahead_where_nothing_can_be_kept(monkeypatch):
    monkeypatch.setattr(warm, "cache_folder", lambda: None)
    monkeypatch.setattr(warm, "is_cold", lambda: True)
    monkeypatch.setattr(warm, "_compile_in_processes", None)
    warm.warm_for_run(say)
    assert "no folder to keep them" in warm.compiling_notice()


def say(done, of, what):
    """Progress, which nobody looks at."""
