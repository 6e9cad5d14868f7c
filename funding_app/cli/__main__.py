"""`python -m funding_app.cli` does what `funding` does."""

from funding_app.cli import main

main(prog_name="funding")
