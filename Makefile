# Thin: the work is in tools/ and in the packages. `make help` lists the goals.

PYTHON ?= python3
ESTATE ?= fuji-fujinomiya
SET ?=
KEEP_DATA ?= 0
IN := . ./activate &&
SHELL := /bin/bash
.DEFAULT_GOAL := help

.PHONY: help setup up down check test drill bench lock documents

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

setup: ## install what is missing; build the Pulumi command and the node images
	@$(PYTHON) tools/stages.py setup

up: ## set up, check the promises, build the estate, provision and verify it (ESTATE=name, SET="path=value …")
	@$(PYTHON) tools/stages.py up --estate '$(ESTATE)' $(foreach pair,$(SET),--set '$(pair)')

down: ## remove all that `up` made (KEEP_DATA=1 keeps the databases)
	@$(PYTHON) tools/stages.py down $(if $(filter 1,$(KEEP_DATA)),--keep-data)

check: ## format, lint, types, import contracts
	@$(IN) ruff format --check . && ruff check . && mypy && lint-imports

test: setup ## everything: check, then all tests with a lab of their own
	@$(MAKE) --no-print-directory check
	@$(IN) python -m pytest

drill: ## every scenario ten times on the running lab; writes docs/fidelity.md
	@$(IN) twin drill --all --repeat 10 --report docs/fidelity.md

bench: ## both sides of every comparison in one run
	@$(IN) python -m twin.bench

lock: ## compile requirements.in into the hashed requirements.txt
	@uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header \
		-q requirements.in -o requirements.txt
