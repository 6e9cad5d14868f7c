"""Running commands as people and scripts do, each with an environment of its own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from funding_app.cli import main

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
        words = [str(argument) for argument in arguments]
        with pytest.MonkeyPatch.context() as patch:
            for name in [name for name in os.environ if name.startswith("FUNDING_")]:
                patch.delenv(name)
            done = CliRunner(env=environment | changes).invoke(main, words)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return subprocess.CompletedProcess(words, done.exit_code, done.stdout, done.stderr)

    return run
