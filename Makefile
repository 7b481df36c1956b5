# Needs python3 (3.11 or newer) and make; everything else is put into .venv.
PYTHON ?= python3
BIN := .venv/bin
OUT := gradclinic-report
SEED := 0
COUNT := 100
MINUTES := 20
CONSTRAINTS := -c constraints.txt
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check $(CONSTRAINTS)
# To byte code on every core, and without the tests of libraries, in the place of pip.
INSTALL = $(PIP) --no-compile -e $(1) && \
  { $(BIN)/python -m compileall -q -j 0 -x '/tests?/' .venv/lib || true; }
PYTEST := -m pytest -q -n auto --maxprocesses 8 --dist loadfile --no-loadscope-reorder

.PHONY: help report test test-all test-cuda test-newest mutants lint clean

help: ## Say what there is to make
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 20

report: .venv/.installed ## Ask every scenario its first question, a quick look, and write the pages
	@$(BIN)/gradclinic run --quick --out $(OUT)

test: .venv/.test ## Run the tests
	@$(BIN)/python $(PYTEST) -m 'not exhaustive'

test-all: test ## Run the tests, then the exhaustive ones
	@$(BIN)/python $(PYTEST) -m exhaustive

test-cuda: .venv-cuda/.installed ## Compile all CUDA kernels (no GPU needed; fetches 0.5 GB)
	@.venv-cuda/bin/python -m pytest -q -n auto --maxprocesses 8 --dist worksteal \
	  tests/cuda

# Apart from both: what an install without our pin of NumPy gets, which needs Python 3.12
# or newer. A few kernels tell whether any compiles.
test-newest: ## Compile some CUDA kernels with the newest NumPy (fetches 0.5 GB)
	@for python in python3.14 python3.13 python3.12 $(PYTHON); do \
	  .venv-newest/bin/python -c pass 2>/dev/null || \
	  $$python -m venv --clear .venv-newest 2>/dev/null; done
	@sed '/^numpy==/d' constraints.txt > .venv-newest/constraints.txt
	@.venv-newest/bin/python -m pip install --quiet --upgrade --disable-pip-version-check \
	  -c .venv-newest/constraints.txt -e '.[cuda13,test-cuda]'
	@.venv-newest/bin/python -c 'import numpy; print("NumPy", numpy.__version__)'
	@.venv-newest/bin/python -m pytest -q -p no:cacheprovider \
	  tests/cuda/test_compile.py -k "copy or norm or sgd or row_stack"

mutants: .venv/.mutants ## Plant faults, count what the tests catch (SEED, COUNT, MINUTES)
	@$(BIN)/python -m tests.mutants --seed $(SEED) --count $(COUNT) --minutes $(MINUTES)

lint: .venv/.dev ## Check style, format and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/pyright

clean: ## Remove the environment and what was built; pages and runs stay
	@rm -rf .venv .venv-cuda .venv-newest build dist *.egg-info .pytest_cache .ruff_cache .hypothesis
	@find kernels scenarios bench reports tests -name __pycache__ -prune -exec rm -rf {} +

.venv/.installed: .venv/.made pyproject.toml constraints.txt
	@echo "Installing gradclinic into .venv ..."
	@$(call INSTALL,.)
	@touch $@

.venv/.test: .venv/.made pyproject.toml constraints.txt
	@echo "Installing gradclinic and its tools for tests into .venv ..."
	@$(call INSTALL,'.[test]')
	@touch .venv/.installed $@

.venv/.dev: .venv/.made pyproject.toml constraints.txt
	@echo "Installing gradclinic and its tools for developers into .venv ..."
	@$(call INSTALL,'.[dev]')
	@touch .venv/.installed .venv/.test $@

.venv/.mutants: .venv/.test
	@$(call INSTALL,'.[mutants]')
	@touch $@

# Apart from .venv, which must work without any of it.
.venv-cuda/.installed: .venv/.made pyproject.toml constraints.txt
	@echo "Installing gradclinic and the CUDA compiler into .venv-cuda ..."
	@.venv-cuda/bin/python -c pass 2>/dev/null || $(PYTHON) -m venv --clear .venv-cuda
	@.venv-cuda/bin/python -m pip install --quiet --disable-pip-version-check \
	  $(CONSTRAINTS) -e '.[cuda13,test-cuda]'
	@touch $@

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "gradclinic needs Python 3.11 or newer: make PYTHON=/path/to/python" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "This Python has no venv module: install it (Debian: python3-venv)" >&2; exit 1; }
	@$(BIN)/python -c pass 2>/dev/null || $(PYTHON) -m venv --clear .venv
	@touch $@
