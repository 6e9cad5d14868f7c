"""The pages over a test's database, without a browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from funding_app.app import create_app
from funding_app.demo.story import Story
from funding_app.jobs.drain import Workplace
from funding_app.models import UserAccount
from funding_app.services.portal import Portal
from funding_app.settings import Settings

PASSWORD = "only-for-tests-2026"
# Quick to check: a hash says itself what it costs. What the portal hashes costs what it should.
PASSWORD_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(env="test", data_dir=tmp_path)


@pytest.fixture
def app(story: Story, workplace: Workplace, settings: Settings) -> Flask:
    parts = Portal(
        settings, workplace.database, story.machinery, workplace.storage, lambda: story.now
    )
    made = create_app(settings, parts)
    made.config["WTF_CSRF_ENABLED"] = False
    with workplace.database.write() as session:
        session.execute(update(UserAccount).values(password_hash=PASSWORD_HASH))
    return made


@pytest.fixture
def sign_in(app: Flask) -> SignIn:
    def as_person(who: str) -> FlaskClient:
        client = app.test_client()
        answer = client.post(
            "/account/sign-in", data={"email": f"{who}@demo.example", "password": PASSWORD}
        )
        assert answer.status_code == 302
        return client

    return as_person
