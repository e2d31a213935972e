# Thin: the work is in tools/ and in the packages. `make help` lists the goals.

PYTHON ?= python3
ESTATE ?= fuji-fujinomiya
SET ?=
KEEP_DATA ?= 0
IN := . ./activate &&
SHELL := /bin/bash
.DEFAULT_GOAL := help

.PHONY: help setup venv up down check test drill bench bench-simulation lock

help: ## this list
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

up: ## set up, check the promises, build the estate, provision and verify it (ESTATE=name, SET="path=value …")
	@$(PYTHON) tools/stages.py up --estate '$(ESTATE)' $(foreach pair,$(SET),--set '$(pair)')

down: ## remove all that `up` made (KEEP_DATA=1 keeps the databases)
	@$(PYTHON) tools/stages.py down $(if $(filter 1,$(KEEP_DATA)),--keep-data)

test: ## everything: set up, check, the tests that need no lab side by side, then those that have one of their own
	@$(PYTHON) tools/stages.py setup --tests
	@$(MAKE) --no-print-directory check
	@$(IN) failed=0; \
	python -m pytest -m 'not lab and not before_lab' --numprocesses 2 --dist loadfile || failed=$$?; \
	python -m pytest -m 'lab or before_lab' || failed=$$?; \
	exit $$failed

check: ## format, lint, types, import contracts
	@$(IN) ruff format --check . && ruff check . && mypy && mypy tools/*.py && lint-imports

drill: ## every scenario ten times, with each set of timers; goes on where it stopped; writes docs/fidelity.md
	@$(IN) twin drill --all --repeat 10 --timer-sets --resume --report docs/fidelity.md

bench: ## both sides of every comparison in one run
	@$(IN) python -m twin.bench

bench-simulation: ## the simulation's mechanisms beside SimPy and SimGrid; writes docs/performance.md
	@$(IN) python -m twin.bench_simulation

setup: ## install what is missing; build the Pulumi command and the node images
	@$(PYTHON) tools/stages.py setup

venv: ## the commands alone, for a machine that cannot hold a lab
	@$(PYTHON) tools/stages.py venv

lock: ## compile requirements.in into the hashed requirements.txt
	@$(PYTHON) tools/lock.py
