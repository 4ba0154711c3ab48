# Everything a person types. Python only, except test-full.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 8000

.DEFAULT_GOAL := help
.PHONY: help demo serve test test-full lint check bench mutants image clean

help:  ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(BIN)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	touch $@

$(BIN)/.installed-full: $(BIN)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev,full,postgresql]"
	touch $@

demo: $(BIN)/.installed  ## The demo page, the fixture FHIR server and the four services on 127.0.0.1
	$(BIN)/cds-server demo --port $(PORT)

serve: $(BIN)/.installed  ## Development mode on 127.0.0.1
	$(BIN)/cds-server serve --port $(PORT)

check: $(BIN)/.installed  ## Validate the clinical knowledge and print what it holds
	$(BIN)/cds-server check

lint: $(BIN)/.installed  ## Format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: lint check  ## Python only; under 8 minutes on 2 cores
	$(BIN)/pytest -n auto -m "not full" --cov --cov-report=term --cov-report=json:.coverage.json
	$(BIN)/python tests/coverage_floor.py .coverage.json

test-full: $(BIN)/.installed-full  ## Browser, PostgreSQL, fuzzing, generated calls (FULL_CALLS=10000 for more)
	$(BIN)/pytest -m full -n 2

bench: $(BIN)/.installed  ## Requests per second and latency, with two floors, in one run
	$(BIN)/python tests/benchmarks/bench.py

mutants: $(BIN)/.installed-full  ## Mutation testing of the rules (minutes to hours)
	$(BIN)/mutmut run

image:  ## Build the container image (docker or buildah)
	docker build --build-arg BASE=python:3.11-slim-bookworm -t relapse-cds .

clean:  ## Remove what the other targets made
	rm -rf $(VENV) .coverage* .pytest_cache .mypy_cache .ruff_cache .hypothesis mutants
