# Two commands matter: `make run` and `make test`. `make help` lists the others.
PYTHON ?= python3
VENV_PYTHON := .venv/bin/python
PACKAGES := app viewer sync ui main.py
# Ends a stage of `make test` without stopping the next ones; the failed ones are named at the end.
STAGE := stage() { printf '\n=== %s ===\n' "$$1"; name="$$1"; shift; "$$@" || failed="$$failed [$$name]"; }

.DEFAULT_GOAL := help
.PHONY: help run test soak footprints bench screenshots clean setup setup-dev

help: ## List the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /make \1\t/' | expand -t 20

run: setup ## Start Archwire with demonstration data
	@$(VENV_PYTHON) main.py demo

test: setup-dev ## Check the style, the types and the import contracts, then run the tests
	@failed=""; $(STAGE); \
	stage "Style: ruff" $(VENV_PYTHON) -m ruff check . ; \
	stage "Types: mypy" $(VENV_PYTHON) -m mypy --strict $(PACKAGES) ; \
	stage "Import contracts: lint-imports" .venv/bin/lint-imports --no-cache --no-logo ; \
	stage "Tests: pytest" env QT_QPA_PLATFORM=offscreen $(VENV_PYTHON) -m pytest -n 3 ; \
	if [ -n "$$failed" ]; then printf '\nFailed:%s\n' "$$failed"; exit 1; fi

soak: setup-dev ## Run the long tests
	@QT_QPA_PLATFORM=offscreen $(VENV_PYTHON) -m pytest -m soak --timeout 7200

footprints: setup-dev ## Record what each command may write, from the tests, into app/footprints.json
	@rm -rf build/footprints; ARCHWIRE_FOOTPRINTS=build/footprints QT_QPA_PLATFORM=offscreen $(VENV_PYTHON) -m pytest -n 3
	@PYTHONPATH=. $(VENV_PYTHON) tests/footprint_recorder.py build/footprints

bench: setup ## Measure how fast this machine runs Archwire
	@$(VENV_PYTHON) main.py bench

screenshots: setup ## Draw every screen into screenshots/
	@QT_QPA_PLATFORM=offscreen $(VENV_PYTHON) main.py screenshots

clean: ## Remove the environment, the caches and the screenshots
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache screenshots build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

setup:
	@$(PYTHON) installers/bootstrap.py

setup-dev:
	@$(PYTHON) installers/bootstrap.py --dev
