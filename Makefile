# Needs python3 (3.11 or newer) and make; everything else is put into .venv.
PYTHON ?= python3
BIN := .venv/bin
OUT := gradclinic-report
SEED := 0
COUNT := 100
MINUTES := 20
CONSTRAINTS := -c constraints.txt
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check $(CONSTRAINTS)

.PHONY: help report test test-cuda mutants lint clean

help: ## Say what there is to make
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 20

report: .venv/.installed ## Run every scenario, the quick look, and write the pages
	@$(BIN)/gradclinic run --quick --out $(OUT)

test: .venv/.dev ## Run all tests
	@$(BIN)/python -m pytest -q -n auto --maxprocesses 8

test-cuda: .venv-cuda/.installed ## Compile all CUDA kernels (no GPU needed; fetches 0.5 GB)
	@.venv-cuda/bin/python -m pytest -q -n auto --maxprocesses 8 tests/cuda

mutants: .venv/.mutants ## Plant faults, count what the tests catch (SEED, COUNT, MINUTES)
	@$(BIN)/python -m tests.mutants --seed $(SEED) --count $(COUNT) --minutes $(MINUTES)

lint: .venv/.dev ## Check style, format and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/pyright

clean: ## Remove the environment and what was built; pages and runs stay
	@rm -rf .venv .venv-cuda build dist *.egg-info .pytest_cache .ruff_cache .hypothesis
	@find kernels scenarios bench reports tests -name __pycache__ -prune -exec rm -rf {} +

.venv/.installed: .venv/.made pyproject.toml constraints.txt
	@echo "Installing gradclinic into .venv ..."
	@$(PIP) -e .
	@touch $@

.venv/.dev: .venv/.made pyproject.toml constraints.txt
	@echo "Installing gradclinic and its tools for tests into .venv ..."
	@$(PIP) -e '.[dev]'
	@touch .venv/.installed $@

.venv/.mutants: .venv/.dev
	@$(PIP) -e '.[dev,mutants]'
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
