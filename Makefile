# One command per task; `make help` lists them. Environments are made from lock files with hashes, once: a second run of
# any target starts at once. A fresh machine needs Python 3.11 or newer, git and make.
PYTHON ?= python3
PYTEST_FLAGS ?=
PIP_TOOLS := pip-tools==7.6.2

VENV := .venv
BIN := $(VENV)/bin
WHEEL_VENV := .venv-wheel
WHEEL_TREE := build/wheel-tree
LOCK_VENV := .venv-lock
# What a wheel can get wrong is what it holds: the tests that read packaged data and run commands, not every calculation.
WHEEL_TESTS := tests/cli tests/conformance tests/formats tests/law tests/report tests/store tests/test_cases.py \
    tests/test_six_cases.py tests/test_startup.py

INSTALL := -m pip install --quiet --quiet --no-warn-script-location --root-user-action=ignore
LOCKED := $(INSTALL) --require-hashes --no-deps

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export SAFECONDUCT_VECTORS ?= $(abspath ../shared/vectors)

.DELETE_ON_ERROR:
.PHONY: help demo test soak lint bench docs docs-check lock wheel clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | while IFS='|' read -r name what; do printf '  make %-11s %s\n' "$$name" "$$what"; done

demo: $(VENV)/.run ## set up .venv and answer the first question
	@$(BIN)/safeconduct assess varzaqan-2024

test: $(VENV)/.dev ## the whole test suite
	@tools/needs.sh
	@$(BIN)/python -m pytest $(PYTEST_FLAGS)

soak: $(VENV)/.dev ## the long tests that CI leaves out
	@SAFECONDUCT_SOAK=1 $(BIN)/python -m pytest -m soak $(PYTEST_FLAGS) || [ $$? = 5 ] # 5: there is none yet

lint: $(VENV)/.dev ## style, types, storeys, and what no file may name
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy --no-error-summary
	@said=$$($(BIN)/lint-imports --no-cache 2>&1) || { echo "$$said"; exit 1; }
	@$(BIN)/python tools/check_names.py

bench: $(VENV)/.bench ## our speed against independent solvers, as ratios; fails when answers differ
	@tools/needs.sh gdal
	@$(BIN)/python benchmarks/run.py

docs: $(VENV)/.dev ## write the generated pages anew
	@$(BIN)/python tools/check_docs.py --write

docs-check: $(VENV)/.dev ## generated pages are up to date and links lead somewhere
	@$(BIN)/python tools/check_docs.py

# Locked on the oldest Python we support; a version's hashes cover the wheels of the newer ones too.
lock: ## resolve the lock files anew
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { echo 'make lock needs Python 3.11: make lock PYTHON=python3.11' >&2; exit 3; }
	@tools/venv.sh $(PYTHON) $(LOCK_VENV)
	@$(LOCK_VENV)/bin/python $(INSTALL) '$(PIP_TOOLS)'
	@tools/lock.sh $(LOCK_VENV)/bin/pip-compile

# The wheel is what users get: the tests run against it in a tree that has no src.
wheel: $(VENV)/.dev $(WHEEL_VENV)/.dev ## build the wheel and run the tests of data and commands against it, with src away
	@tools/needs.sh
	@rm -rf dist $(WHEEL_TREE) && mkdir -p $(WHEEL_TREE)
	@$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .
	@$(WHEEL_VENV)/bin/python $(INSTALL) --no-deps --no-index --force-reinstall dist/*.whl
	@git ls-files -z --cached --others --exclude-standard -- . ':!src' | xargs -0 cp --parents --target-directory=$(WHEEL_TREE)
	@cd $(WHEEL_TREE) && $(abspath $(WHEEL_VENV))/bin/python -m pytest $(PYTEST_FLAGS) $(WHEEL_TESTS)

clean: ## remove what make made
	@rm -rf $(VENV) $(WHEEL_VENV) $(LOCK_VENV) build dist .mypy_cache .ruff_cache .hypothesis .pytest_cache .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/pip:
	@tools/venv.sh $(PYTHON) $(VENV)

$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/bin/pip
	@echo 'Setting up .venv (once, about a minute) ...' >&2
	@$(BIN)/python $(LOCKED) -r requirements.lock
	@$(BIN)/python $(INSTALL) --no-deps --no-build-isolation --no-index --editable .
	@$(BIN)/python -m compileall -q src # as pip does for what is not editable: a quarter of a second of each start
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@echo 'Adding the tools for tests and lint (once) ...' >&2
	@$(BIN)/python $(LOCKED) -r requirements-dev.lock
	@touch $@

$(VENV)/.bench: requirements-bench.lock $(VENV)/.dev
	@echo 'Adding the independent solvers (once) ...' >&2
	@$(BIN)/python $(LOCKED) -r requirements-bench.lock
	@touch $@

$(WHEEL_VENV)/bin/pip:
	@tools/venv.sh $(PYTHON) $(WHEEL_VENV)

$(WHEEL_VENV)/.dev: requirements.lock requirements-dev.lock | $(WHEEL_VENV)/bin/pip
	@$(WHEEL_VENV)/bin/python $(LOCKED) -r requirements-dev.lock
	@touch $@
