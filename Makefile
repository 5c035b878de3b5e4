# `make` lists the targets.  Everything runs in .venv, made from the hash-locked requirements.lock.

PYTHON ?= python3
UV ?= uv
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

export DO_NOT_TRACK := 1

.PHONY: help run test check bench schedule lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile

run: $(READY) ## make data/published/ from data/raw/
	@$(BIN)/mingfu run

test: $(READY) ## run all tests, those with a Prefect server included
	$(BIN)/python -m pytest

check: $(READY) ## style, types and the import contract
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY) .bench/.ready ## what reading costs, in ratios
	@PYTHONPATH=.bench $(BIN)/python -m tests.bench.reading

schedule: $(READY) ## serve the yearly run on this machine until Ctrl-C
	@exec $(BIN)/python -m flows.schedule

lock: ## refresh the locked requirements (needs uv)
	$(UV) --quiet pip compile pyproject.toml --extra ocr --extra test --universal --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 --output-file requirements.lock
	$(UV) --quiet pip compile tests/bench/requirements.in --universal --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 --output-file tests/bench/requirements.lock

clean: ## remove everything that can be made again, the published dataset excepted
	rm -rf $(VENV) .bench .prefect .hypothesis .pytest_cache .ruff_cache .mypy_cache .import_linter_cache
	find mingfu flows tests -name __pycache__ -prune -exec rm -rf {} +

.bench/.ready: tests/bench/requirements.lock | $(READY)
	@$(PIP) install --target .bench --upgrade --no-deps --require-hashes --requirement $<
	@touch $@

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "Python lacks venv or ensurepip: install your system's python3-venv package" >&2; exit 1; }
	@echo "Making $(VENV) from requirements.lock; this takes a few minutes once."
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --no-deps --require-hashes --requirement requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@
