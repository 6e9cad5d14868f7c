"""Behind a reverse proxy addresses are what the visitor sees; without one nobody is believed."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import request

from funding_app.app import create_app
from funding_app.engine import Machinery
from funding_app.jobs.workplace import Workplace
from funding_app.services.operations.portal import Portal
from funding_app.settings import Settings
from tests.conftest import START

SAID = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "foerderung.example"}  # fmt: skip


@pytest.mark.parametrize(
    ("proxies", "seen"),
    [(0, ("127.0.0.1", "http://localhost/")), (1, ("203.0.113.9", "https://foerderung.example/"))],
)
def test_only_trusted_proxies_are_believed(
    workplace: Workplace, machinery: Machinery, tmp_path: Path, proxies: int, seen: tuple[str, str]
) -> None:
    settings = Settings(env="test", data_dir=tmp_path, trusted_proxies=proxies)
    parts = Portal(settings, workplace.database, machinery, workplace.storage, lambda: START)
    app = create_app(settings, parts)
    found: list[tuple[str | None, str]] = []
    app.before_request(lambda: found.append((request.remote_addr, request.url_root)))
    app.test_client().get("/healthz", headers=SAID)
    assert found == [seen]
