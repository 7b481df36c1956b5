"""Every CUDA kernel compiles for every target, keeps to its registers and its type.

No GPU and no driver are needed: the compiler and NVIDIA's tools that read machine code
are. `make test-cuda` installs them into an environment of their own.
"""

import os
import re
import subprocess
from importlib.metadata import PackageNotFoundError, files
from importlib.util import find_spec

import pytest

TARGETS = ((7, 5), (8, 0), (9, 0), (10, 0))
# Of a multiprocessor, and the most that a thread can have.
REGISTERS, THREAD_REGISTERS = 65_536, 255


def program(package, name):
    """The path of a program in an installed package; None where there is none."""
    try:
        inside = [f.locate() for f in files(package) or () if f.name == name]
    except PackageNotFoundError:
        return None
    return inside[0] if inside else None


CUOBJDUMP = program("nvidia-cuda-cuobjdump", "cuobjdump")
NVDISASM = program("nvidia-cuda-nvdisasm", "nvdisasm")
if os.environ.get("NUMBA_ENABLE_CUDASIM") == "1":
    pytest.skip("the simulator compiles nothing", allow_module_level=True)
if not (find_spec("numba_cuda") and CUOBJDUMP and NVDISASM):
    pytest.skip("needs numba-cuda: make test-cuda", allow_module_level=True)

from gradclinic.kernels.cuda.jit import all_kernels  # noqa: E402 (after the skips)
from numba.cuda import compiler, dispatcher  # noqa: E402

KERNELS = all_kernels()
CASES = [(name, real) for name, each in KERNELS.items() for real in each.dtypes]
# An instruction of SASS that computes in float64, or converts from or to it: DADD, ...,
# F2F.F64.F32, I2F.F64, MUFU.RCP64H. Source: CUDA Binary Utilities, instruction sets.
DOUBLE = re.compile(r"D(ADD|MUL|FMA|MMA|SETP|MNMX)\b|[A-Z0-9]+(\.\w+)*\.(F64|\w+64H)\b")
INSTRUCTION = re.compile(
    r"^\s+/\*[0-9a-f]{4,}\*/\s+(?:@!?U?P\w+\s+)?([A-Z][\w.]*)", re.M
)
USAGE = re.compile(r"REG:(\d+) STACK:(\d+) SHARED:(\d+) LOCAL:(\d+)")


class Device:
    """Stands in for the GPU that the compiler asks for its capability."""

    compute_capability = TARGETS[0]


@pytest.fixture(autouse=True)
def no_driver(monkeypatch):
    monkeypatch.setattr(dispatcher, "get_current_device", Device)


def compiled(kernel, real, target, folder, monkeypatch, *asked):
    """(PTX, what cuobjdump says) of a kernel compiled as `Kernel.launch` does it.

    asked: further options of cuobjdump; reading instructions takes most of the time.
    """
    monkeypatch.setattr(Device, "compute_capability", target)
    library, _ = compiler._compile_pyfunc_with_fixup(
        kernel.function, kernel.arguments(real), device=False, abi="numba", cc=target,
        launch_bounds=kernel.bounds(real),
    )  # fmt: skip
    cubin = folder / f"{target}.cubin"
    cubin.write_bytes(library.get_cubin(cc=target).code)
    said = subprocess.run(
        [CUOBJDUMP, "-res-usage", *asked, cubin],
        env={**os.environ, "NVDISASM_PATH": str(NVDISASM.parent)},
        capture_output=True,
        text=True,
    )
    assert said.returncode == 0, said.stderr
    return library.get_asm_str(cc=target), said.stdout


@pytest.mark.parametrize(("name", "real"), CASES)
def test_kernel(name, real, tmp_path, monkeypatch):
    kernel = KERNELS[name]
    most = min(THREAD_REGISTERS, REGISTERS // kernel.threads)
    asked = ("-sass",) if real == "float32" else ()
    for target in TARGETS:
        ptx, said = compiled(kernel, real, target, tmp_path, monkeypatch, *asked)
        usage = [tuple(map(int, found)) for found in USAGE.findall(said)]
        assert usage, target
        for registers, stack, _, local in usage:
            assert (stack, local) == (0, 0), f"{target}: bytes of stack, local memory"
            assert registers <= most, target
        if real == "float32":
            codes = set(INSTRUCTION.findall(said))
            assert "EXIT" in codes and ".f64" not in ptx, target
            assert not [code for code in codes if DOUBLE.match(code)], target


def test_double_instructions_are_seen(tmp_path, monkeypatch):
    """The same reading finds them in a kernel of float64."""
    adam = KERNELS["update.adam"]
    for target in TARGETS:
        ptx, said = compiled(adam, "float64", target, tmp_path, monkeypatch, "-sass")
        seen = {code for code in INSTRUCTION.findall(said) if DOUBLE.match(code)}
        assert ".f64" in ptx and {"DADD", "DFMA", "DMUL", "MUFU.RCP64H"} <= seen
