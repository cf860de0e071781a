# Set-up and the main jobs. Needs python3.11+ with pip; everything else is installed here.

PYTHON ?= python3
BIN := .venv/bin
export GX_ANALYTICS_ENABLED := false

.PHONY: help run test ui lint unit dbt-test integration proof browser chromium format lock clean

help: ## List the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  \1\t/' | expand -t 16

run: .venv/installed ## Set up, lay the demonstration of 2018 and 2019, compute and publish what is due
	@$(BIN)/govindex demo --framework internet_service --edition 2018:2019 || \
		echo "Going on with the files that lie there." >&2
	@$(BIN)/govindex fetch --framework chile_egi || \
		echo "Going on without Chile's index: its files cannot be had here." >&2
	@$(BIN)/govindex run

ui: .venv/installed ## Open the Dagster UI on http://127.0.0.1:3000
	@$(BIN)/govindex ui

test: lint chromium ## Lint, types, and all tests
	$(BIN)/pytest -n auto --dist loadfile

lint: .venv/installed-dev ## Style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	@GOVINDEX_DATA=$$(mktemp -d) $(BIN)/sqlfluff lint dbt_project/models --disable-progress-bar --processes 0

unit: .venv/installed-dev ## Unit and property tests
	$(BIN)/pytest tests/unit

dbt-test: .venv/installed-dev ## dbt's unit tests of models and formulas
	$(BIN)/pytest tests/dbt

integration: .venv/installed-dev ## The real assets on the real files
	$(BIN)/pytest tests/integration

proof: .venv/installed-dev ## Twelve regions, computed a second time apart from the platform
	$(BIN)/pytest tests/proof

browser: .venv/installed-dev chromium ## The published site in Chromium, without network
	$(BIN)/pytest tests/browser

# Debian's Chromium and a font that has Chinese; the tests of the site skip without them, and
# fail where CI=true.
APT := $(if $(filter 0,$(shell id -u)),apt-get,sudo -n apt-get)
chromium:
	@command -v chromium >/dev/null || { command -v apt-get >/dev/null && \
		$(APT) update -qq && $(APT) install -y -qq chromium fonts-noto-cjk >/dev/null; } || \
		echo "No Chromium is here and it cannot be installed: the tests of the site need the packages chromium and fonts-noto-cjk." >&2

format: .venv/installed-dev ## Bring code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: .venv/installed-dev ## Resolve the dependencies of pyproject.toml anew
	$(BIN)/uv lock --quiet
	$(BIN)/uv export --quiet --locked --no-emit-project --no-header --no-dev --group build -o requirements.txt
	$(BIN)/uv export --quiet --locked --no-emit-project --no-header --group build --group dev -o requirements-dev.txt

clean: ## Remove what was computed (not the collected files)
	@# The folders of revisions are read-only.
	test ! -d data || chmod -R u+w data
	rm -rf data

.venv/bin/uv: requirements-uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
		{ echo "govindex needs Python 3.11 to 3.13; set PYTHON=/path/to/python3.11" >&2; exit 1; }
	@echo "Setting up .venv"
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --no-deps --require-hashes -r requirements-uv.txt
	@touch $@

# Compiled once, because an environment may forbid Python to write its cache later.
INSTALL = $(BIN)/uv pip install --quiet --python .venv --compile-bytecode
PROJECT = $(INSTALL) --no-deps --no-build-isolation --editable .

.venv/installed: .venv/bin/uv requirements.txt pyproject.toml
	@echo "Installing the pinned packages"
	@$(INSTALL) --require-hashes -r requirements.txt
	@$(PROJECT)
	@touch $@

.venv/installed-dev: .venv/installed requirements-dev.txt
	@echo "Installing the pinned packages of the tests"
	@$(INSTALL) --require-hashes -r requirements-dev.txt
	@touch $@
