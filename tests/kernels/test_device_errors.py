"""What the libraries of a GPU raise comes out as one sentence of ours."""

import pytest
from gradclinic.kernels import device
from gradclinic.kernels.cuda.errors import device_errors
from gradclinic.kernels.device import DeviceError, DeviceLost


def raised(home, name, words, base=Exception, **attributes):
    """An error as a library has it: its module, name, words and attributes."""
    error = type(name, (base,), {"__module__": home})(words)
    for key, value in attributes.items():
        setattr(error, key, value)
    return error


def numba(code):
    words = f"Call to cuLaunchKernel results in {code}"
    return raised("numba.cuda.cudadrv.driver", "CudaAPIError", words)


def core(words):
    return raised("cuda.core._utils.cuda_utils", "CUDAError", words)


def cupy(name, words, base=RuntimeError):
    return raised("cupy_backends.cuda.api.driver", name, words, base)


def torch(words, name="AcceleratorError"):
    return raised("torch", name, words, RuntimeError)


OUT_OF_MEMORY = [
    (numba("CUDA_ERROR_OUT_OF_MEMORY"), ""),
    (core("CUDA_ERROR_OUT_OF_MEMORY: The API call failed."), ""),
    (
        raised(
            "cupy.cuda.memory",
            "OutOfMemoryError",
            "Out of memory allocating 1,024 bytes (allocated so far: 0 bytes).",
            MemoryError,
        ),
        "1,024 bytes",
    ),
    (cupy("CUDARuntimeError", "cudaErrorMemoryAllocation: out of memory"), ""),
    (RuntimeError("CUDA_ERROR_OUT_OF_MEMORY: out of memory"), ""),
    (RuntimeError("CUBLAS_STATUS_ALLOC_FAILED: cublasCreate_v2"), ""),
    (cupy("CUBLASError", "CUBLAS_STATUS_ALLOC_FAILED"), ""),
    (torch("CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has"), "2.00 GiB"),
]
KERNEL_FAILED = [
    (numba("CUDA_ERROR_ILLEGAL_ADDRESS"), "CUDA_ERROR_ILLEGAL_ADDRESS"),
    (numba("CUDA_ERROR_LAUNCH_FAILED"), "CUDA_ERROR_LAUNCH_FAILED"),
    (core("CUDA_ERROR_MISALIGNED_ADDRESS: A load"), "CUDA_ERROR_MISALIGNED_ADDRESS"),
    (core("CUDA_ERROR_LAUNCH_TIMEOUT: It took"), "CUDA_ERROR_LAUNCH_TIMEOUT"),
    (cupy("CUDARuntimeError", "cudaErrorIllegalAddress: an"), "cudaErrorIllegalAddr"),
    (torch("CUDA error: an illegal memory access was encountered\nmore"), "illegal"),
    (torch("CUDA error: unspecified launch failure"), "unspecified launch failure"),
    (RuntimeError("CUDA error: device-side assert triggered"), "assert triggered"),
    (RuntimeError("CUDA_ERROR_ILLEGAL_ADDRESS: an illegal"), "CUDA_ERROR_ILLEGAL_ADDR"),
    (
        RuntimeError("CUBLAS_STATUS_EXECUTION_FAILED: cublasSgemm"),
        "CUBLAS_STATUS_EX",
    ),
]
LOST = [
    numba("CUDA_ERROR_ECC_UNCORRECTABLE"),
    core("CUDA_ERROR_NO_DEVICE: no CUDA-capable device is detected"),
    core("CUDA_ERROR_DEVICE_UNAVAILABLE: the device is busy"),
    raised(
        "numba.cuda.cudadrv.error",
        "CudaSupportError",
        "Error at driver init: \nCall to cuInit results in X",
        ImportError,
    ),
]


@pytest.fixture(autouse=True)
def lost(monkeypatch):
    """What was noted as lost."""
    monkeypatch.setattr(device, "_lost", [])
    return device._lost


def translated(error, **options):
    with pytest.raises(DeviceError) as caught, device_errors(**options):
        raise error
    assert caught.value.__cause__ is error
    assert "\n" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize(("error", "asked"), OUT_OF_MEMORY)
def test_out_of_memory(error, asked, lost):
    told = translated(error)
    assert type(told) is DeviceError and not lost
    assert str(told).startswith(f"The GPU is out of memory{asked and f' ({asked}'}")
    assert "smaller batch" in str(told)


def test_what_the_training_needs_is_said_where_the_library_does_not():
    told = translated(numba("CUDA_ERROR_OUT_OF_MEMORY"), needed=123456)
    assert "(123,456 bytes were asked for)" in str(told)


@pytest.mark.parametrize(("error", "words"), KERNEL_FAILED)
def test_a_kernel_that_fails(error, words, lost):
    told = translated(error)
    assert type(told) is DeviceError and lost == [str(told)]
    assert "kernel failed on the GPU" in str(told) and words in str(told)


@pytest.mark.parametrize("error", LOST)
def test_a_gpu_that_is_lost(error, lost):
    told = translated(error)
    assert isinstance(told, DeviceLost) and lost == [str(told)]


@pytest.mark.parametrize(
    "error",
    [
        numba("CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES"),
        core("CUDA_ERROR_INVALID_VALUE: wrong"),
        raised("numba.cuda.cudadrv.error", "NvvmError", "cannot\ncompile"),
        cupy("CUBLASError", "CUBLAS_STATUS_INVALID_VALUE"),
    ],
)
def test_any_other_refusal_of_the_driver(error, lost):
    told = translated(error)
    assert type(told) is DeviceError and not lost
    assert str(told).startswith("The GPU's driver refuses to go on (")


@pytest.mark.parametrize(
    "error",
    [
        ValueError("CUDA is not a value"),
        MemoryError("300 GB"),
        raised("numba.core.errors", "TypingError", "out of memory is no type"),
        DeviceLost("It is lost."),
        KeyboardInterrupt(),
    ],
)
def test_other_errors_pass(error, lost):
    with pytest.raises(type(error)) as caught, device_errors():
        raise error
    assert caught.value is error and not lost
