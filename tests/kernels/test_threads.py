"""Trainings share threads, processes and BLAS's setting, and nobody waits for ever."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from types import SimpleNamespace

import numpy as np
import pytest
from gradclinic.kernels import mlp, threads, train
from gradclinic.kernels.threads import one_blas_thread, share
from threadpoolctl import threadpool_info, threadpool_limits

DEADLINE = 300  # s, for what would never end


def blas_threads():
    return [
        each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"
    ]


@pytest.fixture
def three():
    """BLAS on three threads, whatever the machine has."""
    threads._blas()
    with threadpool_limits(3, user_api="blas"):
        yield blas_threads()


def test_the_last_of_those_who_overlap_gives_blas_its_threads_back(three):
    first, second = one_blas_thread(), one_blas_thread()
    first.__enter__()
    second.__enter__()
    assert set(blas_threads()) == {1}
    first.__exit__(None, None, None)
    assert set(blas_threads()) == {1}
    second.__exit__(None, None, None)
    assert blas_threads() == three and set(three) == {3}


def test_trainings_in_python_threads_leave_blas_as_it_was(three):
    net, x, y = mlp([4, 8, 2]), np.ones((40, 4), np.float32), np.zeros(40)

    def trained(seed):
        params = net.init(0)
        train(net, params, x, y, epochs=2, seed=seed)
        return params

    alone = [trained(seed) for seed in range(8)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(trained, range(8)))
    np.testing.assert_array_equal(together, alone)
    assert blas_threads() == three


def test_a_helper_limits_a_blas_that_counts_threads_apart_in_each(monkeypatch):
    class Library:
        def __init__(self, layer):
            self.threading_layer, self.asked = layer, []

        def set_num_threads(self, count):
            self.asked.append(count)

    layers = Library("openmp"), Library("pthreads")
    made = SimpleNamespace(lib_controllers=layers)
    monkeypatch.setattr(threads, "_blas", lambda: made)
    pool = threads._helpers.__wrapped__()
    assert pool.submit(lambda: True).result()
    pool.shutdown()
    assert [library.asked for library in layers] == [[1], []]


@pytest.mark.parametrize("failing", [0, 1])
def test_an_error_of_any_thread_is_raised_after_all_have_ended(failing):
    both, stopped, ended = Barrier(2, timeout=DEADLINE), Event(), []

    def work(thread):
        both.wait()
        if thread == failing:
            raise KeyboardInterrupt(thread)
        if thread == 1:
            stopped.wait(DEADLINE)
        ended.append(thread)

    with pytest.raises(KeyboardInterrupt, match=str(failing)):
        share(work, 2, stopped.set)
    assert stopped.is_set() and ended == [1 - failing]


def test_nobody_waits_for_a_thread_that_never_begins(monkeypatch):
    free, done = Event(), []
    with ThreadPoolExecutor(1) as pool:
        monkeypatch.setattr(threads, "_helpers", lambda: pool)
        busy = pool.submit(free.wait, DEADLINE)
        share(done.append, 3, lambda: None)
        assert done == [0] and not busy.done()
        free.set()
    share(done.append, 3, lambda: None)  # a closed pool: no thread can be started
    assert done == [0, 0]


FAMILY = """
import multiprocessing, os
from concurrent.futures import ThreadPoolExecutor
import numpy as np
from gradclinic.kernels import mlp, train, train_population
from gradclinic.kernels.threads import _blas, available_threads

NET = mlp([40, 200, 120, 7])
X = np.random.default_rng(1).normal(size=(256, 40)).astype(np.float32)
Y = np.arange(256) % 7

def trained(threads):
    params = NET.init(0)
    train(NET, params, X, Y, batch_size=128, epochs=1, threads=threads)
    runs = train_population(NET, X, Y, [1, 2, 3], 0.01, epochs=1, threads=threads)
    return params.tobytes() + runs.params.tobytes()

def main():
    assert available_threads() == 2
    alone = trained(1)
    assert trained(2) == alone
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(trained, [2, 2])) == [alone] * 2
    for method in ("fork", "spawn", "forkserver"):
        with multiprocessing.get_context(method).Pool(2) as pool:
            found = pool.map_async(trained, [2, 1]).get(120)
        assert found == [alone] * 2, method
        print(method, "is the same")

if __name__ == "__main__":
    main()
"""


def test_threads_and_children_of_a_process_that_trained_train_the_same(tmp_path):
    """Under the threading layer of Numba's that aborts where two threads use it."""
    script = tmp_path / "family.py"
    script.write_text(FAMILY)
    settings = {"NUMBA_THREADING_LAYER": "workqueue", "NUMBA_NUM_THREADS": "2"}
    done = subprocess.run(
        [sys.executable, script],
        env=os.environ | settings,
        timeout=DEADLINE,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    methods = ("fork", "spawn", "forkserver")
    assert done.stdout.splitlines() == [f"{each} is the same" for each in methods]
