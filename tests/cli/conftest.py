"""Running commands in their own process, as people and scripts do."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The environment of an installation of the test's own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FUNDING_")}
    return {**kept, "FUNDING_ENV": "test", "FUNDING_DATA_DIR": str(tmp_path / "data")}


@pytest.fixture
def funding(environment: dict[str, str]) -> Run:
    """Runs `funding` with arguments, and with changes of the environment by keyword."""

    def run(*arguments: object, **changes: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "funding_app.cli", *map(str, arguments)],
            env=environment | changes,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run
