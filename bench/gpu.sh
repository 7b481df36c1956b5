#!/usr/bin/env bash
# Measure this machine's GPU: all of `python -m gradclinic.bench.studies.gpu`, then the
# tests of its kernels, in under 9 minutes and without network.
#
#   bench/gpu.sh [OUT.json]            default: bench/results/gpu.json
#   PYTHON=python3.12 bench/gpu.sh     a Python that has numba-cuda; PyTorch, JAX, pytest
#                                      and pytest-xdist are used where it has them
#
# Ends with 5 where there is no GPU to use, with 1 where a test failed.
set -euo pipefail

# Seconds: for all of it; for one kernel, tried first; for the measurement, and until it
# is cut off, since within its limit kernels are compiled, too, which no part can foresee.
ALL=525
TRIED=60
MEASURED=340
CUT=$((MEASURED + 60))

out=$(realpath -m "${1:-$(dirname "$0")/results/gpu.json}")
cd "$(dirname "$0")/.."

python=${PYTHON:-}
if [ -z "$python" ]; then
  python=python3
  [ -x .venv/bin/python ] && python=.venv/bin/python
fi
case "$python" in */*) python=$(realpath -s "$python") ;; esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# The rooms as one package, for a Python that it is not installed in.
mkdir "$work/gradclinic"
for room in kernels scenarios bench reports; do
  ln -s "$PWD/$room" "$work/gradclinic/$room"
done
ln -s "$PWD/bench/door/__init__.py" "$work/gradclinic/__init__.py"
export PYTHONPATH="$work${PYTHONPATH:+:$PYTHONPATH}"

needed='import numba, numpy, psutil, scipy, threadpoolctl'
if ! "$python" -c "$needed" 2> "$work/why"; then
  echo "$python cannot measure: $(tail -n 1 "$work/why")" >&2
  exit 5
fi
# Compiles, launches and records one tiny kernel, and says what fails.
status=0
timeout -k 5 "$TRIED" "$python" -m gradclinic.bench.studies.gpu --check || status=$?
if [ "$status" -eq 124 ] || [ "$status" -eq 137 ]; then
  echo "A tiny kernel does not run on the GPU within $TRIED s." >&2
  exit 5
elif [ "$status" -ne 0 ]; then
  exit "$status"
fi

timeout -s INT -k 10 "$CUT" \
  "$python" -m gradclinic.bench.studies.gpu "$out" --seconds "$MEASURED" || status=$?
if [ "$status" -eq 124 ] || [ "$status" -eq 137 ]; then
  echo "The measurement was cut off; what there was by then is written." >&2
elif [ "$status" -ne 0 ]; then
  exit "$status"
fi
echo "Written: $out" >&2

if ! "$python" -c 'import pytest' 2> /dev/null; then
  echo "The tests of the kernels are left out: $python has no pytest." >&2
  exit 0
fi
options=(-v --tb=short -p no:cacheprovider -m gpu)
if "$python" -c 'import xdist' 2> /dev/null; then
  options+=(-n 4 --dist loadfile)
fi
left=$((ALL - SECONDS))
echo "The tests of the kernels: $left s at most." >&2
failed=0
timeout -k 5 "$left" "$python" -m pytest "${options[@]}" tests/cuda \
  > "$work/tests" 2>&1 || failed=$?
tail -n 25 "$work/tests" >&2
if [ -f "$out" ]; then
  "$python" -m gradclinic.bench.studies.gpu "$out" --tests "$work/tests"
fi
if [ "$failed" -eq 124 ] || [ "$failed" -eq 137 ]; then
  echo "The tests were cut off after $left s." >&2
fi
[ "$failed" -eq 0 ]
