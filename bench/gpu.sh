#!/usr/bin/env bash
# Measure this machine's GPU: the tests of its kernels, then all of
# `python -m gradclinic.bench.studies.gpu`, in under 9 minutes and without network.
#
#   bench/gpu.sh [OUT.json]            default: bench/results/gpu.json
#   PYTHON=python3.12 bench/gpu.sh     a Python that has numba-cuda; PyTorch, JAX and
#                                      pytest-xdist are used where it has them
#
# Ends with 5 where there is no GPU to use, with 1 where a test failed.
set -euo pipefail

# Seconds: for all of it, and for the tests.
ALL=525
TESTS=220

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
export PYTHONPATH="$work${PYTHONPATH:+:$PYTHONPATH}"

if ! "$python" -c 'import click, numba, psutil, pytest, scipy' 2> "$work/why"; then
  echo "$python cannot measure: $(tail -n 1 "$work/why")" >&2
  exit 5
fi
"$python" -m gradclinic.bench.studies.gpu --check

options=(-v --tb=short -p no:cacheprovider -m gpu)
if "$python" -c 'import xdist' 2> /dev/null; then
  options+=(-n 4 --dist loadfile)
fi
echo "The tests of the kernels: $TESTS s at most." >&2
failed=0
timeout "$TESTS" "$python" -m pytest "${options[@]}" tests/cuda > "$work/tests" 2>&1 ||
  failed=$?
tail -n 25 "$work/tests" >&2

# Within the limit kernels are compiled, too, which no part can foresee.
status=0
timeout -s INT -k 10 "$((ALL - SECONDS))" \
  "$python" -m gradclinic.bench.studies.gpu "$out" --tests "$work/tests" \
  --seconds "$((ALL - SECONDS - 30))" || status=$?
if [ "$status" -eq 124 ]; then
  echo "The measurement was cut off; what there was by then is written." >&2
elif [ "$status" -ne 0 ]; then
  exit "$status"
fi
echo "Written: $out" >&2
if [ "$failed" -eq 124 ]; then
  echo "The tests were cut off after $TESTS s." >&2
fi
[ "$failed" -eq 0 ]
