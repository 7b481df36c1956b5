"""Every CUDA kernel compiles for every target, keeps to its registers and its type.

It is the code that a launch loads: by the same call, linked by nvJitLink. No GPU and no
driver are needed: the compiler and NVIDIA's tools that read machine code are. `make
test-cuda` installs them into an environment of their own.
"""

import os
import re
import subprocess
import sys
from collections import Counter
from importlib.metadata import PackageNotFoundError, files
from importlib.util import find_spec
from types import SimpleNamespace

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
from numba.cuda import codegen, dispatcher  # noqa: E402

KERNELS = all_kernels()
CASES = [(name, real) for name, each in KERNELS.items() for real in each.dtypes]
# What takes longest first, so that processes end together.
CASES.sort(key=lambda case: not case[0].startswith("block."))
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
def device(monkeypatch):
    """A `Device`, in place of a driver."""
    device = Device()
    context = SimpleNamespace(device=device)
    devices = SimpleNamespace(get_context=lambda: context)
    monkeypatch.setattr(dispatcher, "get_current_device", lambda: device)
    monkeypatch.setattr(codegen, "devices", devices)
    # What compiles for a signature loads the code at once.
    monkeypatch.setattr(dispatcher._Kernel, "bind", lambda kernel: None)
    # A launch reads there what to link besides; that would be missed in the link here.
    monkeypatch.setattr(codegen.CUDACodeLibrary, "get_asm_str", lambda library: "")
    return device


def library_of(kernel, real):
    """What Numba makes of a kernel at its launch: code for any target."""
    (overload,) = kernel.compiled(real).overloads.values()
    return overload.library


def read(library, device, target, folder, *asked):
    """What cuobjdump says of the code of a target.

    asked: further options of it; reading instructions takes most of the time.
    """
    device.compute_capability = target
    cubin = folder / f"{target}.cubin"
    cubin.write_bytes(library.get_cubin().code)
    said = subprocess.run(
        [CUOBJDUMP, "-res-usage", *asked, cubin],
        env={**os.environ, "NVDISASM_PATH": str(NVDISASM.parent)},
        capture_output=True,
        text=True,
    )
    assert said.returncode == 0, said.stderr
    return said.stdout


@pytest.mark.parametrize(("name", "real"), CASES)
def test_kernel(name, real, tmp_path, device):
    kernel, library = KERNELS[name], library_of(KERNELS[name], real)
    most = min(THREAD_REGISTERS, REGISTERS // kernel.threads)
    asked = ("-sass",) if real == "float32" else ()
    for target in TARGETS:
        said = read(library, device, target, tmp_path, *asked)
        usage = [tuple(map(int, found)) for found in USAGE.findall(said)]
        assert usage, target
        for registers, stack, _, local in usage:
            assert (stack, local) == (0, 0), f"{target}: bytes of stack, local memory"
            assert registers <= most, target
        if real == "float32":
            codes = set(INSTRUCTION.findall(said))
            assert "EXIT" in codes, target
            assert not [code for code in codes if DOUBLE.match(code)], target


def test_double_instructions_are_seen(tmp_path, device):
    """The same reading finds them in a kernel of float64."""
    library = library_of(KERNELS["update.adam"], "float64")
    for target in TARGETS:
        said = read(library, device, target, tmp_path, "-sass")
        seen = {code for code in INSTRUCTION.findall(said) if DOUBLE.match(code)}
        assert {"DADD", "DFMA", "DMUL", "MUFU.RCP64H"} <= seen


@pytest.mark.parametrize(
    ("target", "arch"),
    [((7, 5), "sm_75"), ((8, 0), "sm_80"), ((9, 0), "sm_90a"), ((10, 0), "sm_100a")],
)
def test_what_is_read_is_what_is_linked_for_a_launch(target, arch, device, tmp_path):
    """By nvJitLink from intermediate code, for the very architecture from Hopper on."""
    library = library_of(KERNELS["rows.copy"], "float32")
    said = read(library, device, target, tmp_path, "-elf")
    assert library._lto and list(library._ltoir_cache)
    assert re.search(rf"\b{arch}\b", said)


NUMPY_WITHOUT = """
import sys, numpy, pytest
import gradclinic.kernels  # Numba itself asks for it only where it knows it to be there
vars(numpy).pop("row_stack", None)
options = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
sys.exit(pytest.main([*options, sys.argv[1] + "::test_kernel[rows.copy-float32]"]))
"""


def test_a_numpy_without_row_stack_compiles():
    """As NumPy is from 2.5 on; numba-cuda 0.30 asks for that name."""
    around = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    done = subprocess.run(
        [sys.executable, "-c", NUMPY_WITHOUT, __file__],
        capture_output=True,
        text=True,
        env=around,
    )
    assert done.returncode == 0 and "1 passed" in done.stdout, done.stdout


def test_intermediate_code_is_the_same_for_every_target(device):
    """So that one is enough to read the machine code of all."""
    found = []
    for device.compute_capability in (TARGETS[0], TARGETS[-1]):
        library = library_of(KERNELS["rows.activation"], "float32")
        # But for names, which hold the target, and the order of the functions.
        nameless = re.sub(r'[@%]"[^"]*"|[@%][\w.$]+|;.*', "", library.get_llvm_str())
        found.append(Counter(nameless.splitlines()))
    assert found[0] == found[1]
