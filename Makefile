.PHONY: demo test quick check soak static bench mutants translations

PORT ?= 8000
# A file of tests stays with one worker; heavy ones come first (tests/conftest.py).
TESTS = .venv/bin/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

demo:
	@scripts/setup demo
	@FUNDING_ENV=demo exec .venv/bin/funding serve --port $(PORT)

test:
	@scripts/setup test
	@$(TESTS)

quick: static
	@$(TESTS) -q -m "not (browser or pages or postgresql or slow or soak)"

check: static
	@$(TESTS) -q -m "not (browser or postgresql or slow or soak)" tests/rules tests/workflows tests/forms tests/test_*.py

soak:
	@scripts/setup test
	@$(TESTS) -m soak

static:
	@scripts/setup test
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/djlint --check templates
	@.venv/bin/mypy
	@.venv/bin/lint-imports

bench:
	@scripts/setup test
	@.venv/bin/python -m bench

mutants:
	@scripts/setup test
	@.venv/bin/python -m tests.mutants $(MUTANTS)

translations:
	@scripts/setup test
	@.venv/bin/python scripts/translations.py
