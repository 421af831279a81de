# Two commands matter: `make site` builds the sample archive, `make test` proves that all of it works.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEV_READY := $(VENV)/.dev-ready

.PHONY: site serve test check format bench wheel clean

site: $(READY)  ## set up, import the sample's raw articles, build the archive
	@$(BIN)/sitegen build
	@echo
	@echo "Open output/index.html in a browser, or run \`make serve\` for a preview that follows your edits."

serve: $(READY)  ## preview the sample archive
	@$(BIN)/sitegen serve

test: $(DEV_READY) check  ## set up all that the tests need, and run them
	@sh tests/setup.sh
	$(BIN)/pytest -n auto

check: $(DEV_READY)  ## formatter, linter, type checker
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(DEV_READY)  ## let the formatter and the linter mend what they can
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

bench: $(VENV)/bin/python  ## measure, beside Hugo and Pelican, which want older libraries and so a place of their own
	test -d $(VENV)-bench || $(PYTHON) -m venv $(VENV)-bench
	$(VENV)-bench/bin/pip install -q --disable-pip-version-check -e '.[bench]'
	$(VENV)-bench/bin/python benchmarks/run.py

wheel: $(DEV_READY)
	$(BIN)/python -m build --wheel

clean:
	rm -rf output .sitegen dist

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "sitegen needs Python 3.11 or later; name one: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)

$(READY): $(VENV)/bin/python pyproject.toml
	$(BIN)/pip install -q --disable-pip-version-check -e .
	@touch $@

$(DEV_READY): $(READY) pyproject.toml
	$(BIN)/pip install -q --disable-pip-version-check -e '.[dev]'
	@touch $@
