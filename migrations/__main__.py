"""Writes the next migration after a change of the models: `python -m migrations "what changes"`."""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from funding_app import migrate


def main(words: str) -> None:
    """Compares the models with the newest schema and writes the step between them."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'newest.sqlite3'}"
        migrate.upgrade(url)
        written = migrate.write_next(url, words, datetime.now(UTC))
    print(f"{written.relative_to(migrate.SCRIPTS.parent)}: read it, then format it with ruff")


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]) or sys.exit("say in a few words what changes"))
