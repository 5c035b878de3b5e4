# `make` lists the targets.  Everything runs in .venv, made from the hash-locked requirements.lock.

PYTHON ?= python3
UV ?= uv
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

export DO_NOT_TRACK := 1

# What `make native` compiles, and the tests that read with it.
HOT := model.py script.py personal.py $(addprefix extract/,$(notdir $(wildcard mingfu/extract/*.py))) \
	$(addprefix normalise/,matching.py coding.py observe.py) $(addprefix ingest/,outline.py dates.py signature.py)
HOT_TESTS := $(addprefix tests/test_,ledger.py matching.py numerals.py context.py ingest_outline.py)
# A module's tests stay together, because they share what it sets up; conftest.py puts the longest first.
PARALLEL := -n logical --dist loadscope --no-loadscope-reorder
SOURCES := $(shell find mingfu -type f ! -name '*.pyc')

.PHONY: help run test quick drill check bench native schedule lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile

run: $(READY) ## make data/published/ from data/raw/
	@$(BIN)/mingfu run

test: $(READY) ## run all tests on all cores, those with a Prefect server included
	$(BIN)/python -m pytest $(PARALLEL)

quick: $(READY) ## run the tests that need no server and no office and take no seconds, while you write
	$(BIN)/python -m pytest $(PARALLEL) -m "not (slow or server or office or calc or node)"

drill: $(READY) ## publish through kills, refusals and tampering at every point; takes an hour
	$(BIN)/python -m pytest -m drill -o log_cli=true -o log_cli_level=INFO

check: $(READY) ## style, types and the import contract
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY) .bench/.ready $(if $(wildcard .native),.native/.ready) ## what reading, checking and writing cost, in ratios
	@PYTHONPATH=.:.bench $(BIN)/python -P -m tests.bench.reading
	@PYTHONPATH=. $(BIN)/python -P -m tests.bench.formats
	@PYTHONPATH=. $(BIN)/python -P -m tests.bench.tables
	@! test -d .native || PYTHONPATH=.native:.:.bench $(BIN)/python -P -m tests.bench.reading

native: .native/.ready ## compile what reads text, as a copy that PYTHONPATH=.native puts first
	$(BIN)/python -m pytest -q -o pythonpath=".native ." $(HOT_TESTS)

schedule: $(READY) ## serve the yearly run on this machine until Ctrl-C
	@exec $(BIN)/python -m flows.schedule

lock: ## refresh the locked requirements (needs uv)
	$(UV) --quiet pip compile pyproject.toml --extra ocr --extra test --universal --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 --output-file requirements.lock
	$(UV) --quiet pip compile tests/bench/requirements.in --universal --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 --output-file tests/bench/requirements.lock

clean: ## remove everything that can be made again, the published dataset excepted
	rm -rf $(VENV) .bench .native .prefect .hypothesis .pytest_cache .ruff_cache .mypy_cache .import_linter_cache
	find mingfu flows tests -name __pycache__ -prune -exec rm -rf {} +

.bench/.ready: tests/bench/requirements.lock | $(READY)
	@$(PIP) install --target .bench --upgrade --no-deps --require-hashes --requirement $<
	@touch $@

# The working tree never holds compiled modules, so that none can hide an edited source.
.native/.ready: $(SOURCES) tests/bench/requirements.lock | $(READY) .bench/.ready
	@$(BIN)/python -c 'import shutil, sysconfig as s; from pathlib import Path; \
		assert shutil.which(s.get_config_var("CC").split()[0]) and Path(s.get_path("include"), "Python.h").exists()' 2>/dev/null \
		|| { echo "No C compiler or no Python.h: install gcc and your system's python3-dev package" >&2; exit 1; }
	@echo "Compiling a copy of mingfu in .native; this takes a minute."
	@rm -rf .native && mkdir .native && cp -R mingfu .native/
	@cd .native && PYTHONPATH=../.bench ../$(BIN)/mypyc --config-file= $(addprefix mingfu/,$(HOT)) >build.log 2>&1 \
		|| { tail -20 build.log >&2; exit 1; }
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
