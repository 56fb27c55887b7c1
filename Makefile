# The commands of the README. `make help` lists them.
PYTHON ?= python3
VENV := .venv
COUNTRY ?= KEN
RUN ?=
RENDERER ?= auto

# Scripts and libraries at hand on Windows shells differ; use environment.yml there.
BIN := $(VENV)/bin
STAMP := $(VENV)/.stamp-base
STAMP_TEST := $(VENV)/.stamp-test
STAMP_LAB := $(VENV)/.stamp-lab
STAMP_LIVE := $(VENV)/.stamp-live
STAMP_DEV := $(VENV)/.stamp-dev
PIP := "$(BIN)/python" -m pip --disable-pip-version-check --quiet
export PYTHONHASHSEED := 0
# One BLAS thread: estimates stay the same to the last digit on every machine of a kind.
export OPENBLAS_NUM_THREADS := 1
export OMP_NUM_THREADS := 1

.PHONY: help report reports refresh test lab setup setup-test setup-dev bench check format constraints environment schema clean

help: ## list the commands
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /  make \1|/' | column -t -s '|'

# A moved folder keeps a .venv whose scripts name the old place: it is made anew.
ifneq ($(wildcard $(VENV)/.place),)
ifneq ($(shell cat "$(VENV)/.place"),$(CURDIR))
$(shell rm -rf "$(VENV)")
endif
endif

$(STAMP): pyproject.toml constraints.txt
	@echo "Setting up $(VENV) (once) ..."
	@test -x "$(BIN)/python" || "$(PYTHON)" -m venv "$(VENV)"
	@$(PIP) install -c constraints.txt -e .
	@printf '%s' "$(CURDIR)" > "$(VENV)/.place"
	@touch "$@"

$(STAMP_TEST): $(STAMP)
	@echo "Adding the test tools ..."
	@$(PIP) install -c constraints.txt -e '.[test]'
	@touch "$@"

$(STAMP_LAB): $(STAMP)
	@echo "Adding JupyterLab ..."
	@$(PIP) install -c constraints.txt -e '.[lab]'
	@touch "$@"

$(STAMP_LIVE): $(STAMP)
	@echo "Adding the live sources ..."
	@$(PIP) install -c constraints.txt -e '.[live]'
	@touch "$@"

$(STAMP_DEV): $(STAMP)
	@$(PIP) install -c constraints.txt -e '.[dev]'
	@touch "$@"

setup: $(STAMP) ## make .venv and install the package with pinned versions
setup-test: $(STAMP_TEST)
setup-dev: $(STAMP_DEV)

report: $(STAMP) ## one country's report: make report COUNTRY=NGA
	@"$(BIN)/cryptorisk" report "$(COUNTRY)" --renderer $(RENDERER) $(if $(RUN),--run "$(RUN)")

reports: $(STAMP) ## every parameter file in params/
	@"$(BIN)/cryptorisk" report --all --renderer $(RENDERER) $(if $(RUN),--run "$(RUN)")

refresh: $(STAMP_LIVE) ## fetch new figures and make a vintage of them (uses the network)
	@"$(BIN)/cryptorisk" data refresh

test: $(STAMP_TEST) ## the whole test suite
	@"$(BIN)/python" -m pytest

lab: $(STAMP_LAB) ## JupyterLab on notebooks/
	@"$(BIN)/jupyter" lab --notebook-dir=notebooks

check: $(STAMP_DEV) ## ruff, mypy, notebooks without outputs
	@"$(BIN)/ruff" check . && "$(BIN)/ruff" format --check . && "$(BIN)/mypy"
	@"$(BIN)/nbstripout" --keep-id --verify notebooks/*.ipynb

format: $(STAMP_DEV) ## put code in the house's form
	@"$(BIN)/ruff" format . && "$(BIN)/ruff" check --fix .
	@"$(BIN)/nbstripout" --keep-id notebooks/*.ipynb

constraints: ## pin what the newest releases resolve to: plain name==version lines
	@rm -rf .venv-constraints && "$(PYTHON)" -m venv .venv-constraints
	@.venv-constraints/bin/python -m pip --disable-pip-version-check --quiet install -e '.[lab,live,explore,cluster,pdf,dev]'
	@.venv-constraints/bin/python -m pip --disable-pip-version-check freeze --exclude-editable > .venv-constraints/frozen.txt
	@grep -E '^[A-Za-z0-9_.-]+==' .venv-constraints/frozen.txt > .venv-constraints/constraints.txt
	@mv .venv-constraints/constraints.txt constraints.txt && rm -rf .venv-constraints

environment: $(STAMP) ## environment.yml from pyproject.toml
	@"$(BIN)/python" -m cryptorisk.environment > environment.yml

schema: $(STAMP) ## params/schema.json and params/template.yaml from the parameter models
	@"$(BIN)/cryptorisk" params schema > params/schema.json
	@"$(BIN)/cryptorisk" params template > params/template.yaml

bench: $(STAMP_TEST) ## measure: loading inputs, a full refresh from a replay, the simulation
	@"$(BIN)/python" tests/benchmarks/load_inputs.py
	@"$(BIN)/python" tests/benchmarks/full_refresh.py
	@"$(BIN)/python" tests/benchmarks/monte_carlo.py

clean: ## remove .venv, kept results and caches (reports stay)
	@rm -rf "$(VENV)" .venv-constraints .cache .pytest_cache .mypy_cache .ruff_cache
