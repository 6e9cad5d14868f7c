.PHONY: demo test check bench

PORT ?= 8000

demo:
	@scripts/setup demo
	@FUNDING_ENV=demo exec .venv/bin/funding serve --port $(PORT)

test:
	@scripts/setup test
	@.venv/bin/python -m pytest -n 2 --dist loadfile

check:
	@scripts/setup test
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@.venv/bin/python -m pytest -q -m "not browser and not slow" tests/rules tests/workflows tests/forms tests/test_migrations.py

bench:
	@scripts/setup test
	@.venv/bin/python -m bench
