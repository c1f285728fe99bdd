# Everything a checkout needs: Python 3.11+ and make. `make` lists the targets.
.DEFAULT_GOAL := help
.PHONY: help install run test lint format openapi bench lock clean

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install -qq
COMPILE := uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 \
	--no-emit-index-url --no-emit-find-links

# Tests start hundreds of processes: without its cache Python would compile the whole product for each.
unexport PYTHONDONTWRITEBYTECODE

help: ## Show the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(VENV)/.dev ## Set up .venv with everything tests and checks need

run: $(VENV)/.runtime ## Load a sample, start both centers, walk through them, serve until Ctrl-C
	@$(BIN)/cdc demo

test: $(VENV)/.dev ## Run all tests, on SQLite and PostgreSQL
	@$(BIN)/python -m pytest -q -n auto

lint: $(VENV)/.dev ## Check style, formatting, types and import floors
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

format: $(VENV)/.dev ## Format the code and apply safe fixes
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/ruff format --quiet .

openapi: $(VENV)/.dev ## Write openapi/ anew from the code
	@$(BIN)/cdc openapi openapi/customer-data-center.json
	@$(BIN)/hdc openapi openapi/health-data-center.json

bench: $(VENV)/.bench ## Measure on a real PostgreSQL (BENCH_CUSTOMERS=1000000 for a million)
	@$(BIN)/python -m tests.bench

lock: ## Pin the dependencies again, with hashes (needs uv)
	@command -v uv >/dev/null || { echo "make lock needs uv on PATH." >&2; exit 1; }
	$(COMPILE) --upgrade pyproject.toml --group dev -o requirements-dev.lock
	$(COMPILE) pyproject.toml -c requirements-dev.lock -o requirements.lock
	$(COMPILE) --group build -c requirements-dev.lock -o requirements-build.lock
	$(COMPILE) --group spark -o requirements-spark.lock
	$(COMPILE) --group bench -o requirements-bench.lock

clean: ## Remove .venv, caches and build output (never the data directory)
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
	@find app tests migrations -name __pycache__ -type d -prune -exec rm -rf {} +

# The first interpreter that is new enough makes the environment; PYTHON=... overrides the choice.
$(BIN)/python:
	@for python in $(PYTHON) python3 python3.13 python3.12 python3.11; do \
		"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		echo "Creating $(VENV) with $$("$$python" --version) ..."; \
		"$$python" -m venv $(VENV) && exit 0; \
		rm -rf $(VENV); \
		echo "$$python cannot create virtual environments (on Debian and Ubuntu: install python3-venv)." >&2; \
		exit 1; \
	done; \
	echo "Python 3.11 or newer is needed; none was found. Name one with: make PYTHON=/path/to/python3" >&2; \
	exit 1

# Without build isolation the pinned build backend is used, and nothing unpinned is ever fetched.
$(VENV)/.runtime: requirements.lock requirements-build.lock pyproject.toml | $(BIN)/python
	@echo "Installing the pinned packages (about half a minute) ..."
	@$(PIP) --require-hashes -r requirements.lock -r requirements-build.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	@echo "Installing the pinned packages, with those for tests and checks (about a minute) ..."
	@$(PIP) --require-hashes -r requirements-dev.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $(VENV)/.runtime $@

$(VENV)/.bench: requirements-bench.lock | $(VENV)/.dev
	@echo "Installing the pinned load generator ..."
	@$(PIP) --require-hashes -r requirements-bench.lock
	@touch $@
