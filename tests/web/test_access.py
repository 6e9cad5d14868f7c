"""Every route says who may ask for it, and keeps to it."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from flask import Flask

from funding_app import migrate
from funding_app.app import create_app
from funding_app.services.operations.portal import build_portal
from funding_app.settings import load_settings
from funding_app.web.access import (
    ENDPOINTS,
    PUBLIC,
    SIGNED_IN,
    TOKEN,
    AccessNotDeclared,
    Route,
    routes,
)
from funding_app.web.calls import finding


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder: Path = tmp_path_factory.mktemp("data")
    settings = load_settings(env="test", data_dir=folder, database_url="")
    migrate.upgrade(settings.database)
    made = create_app(settings, build_portal(settings))
    made.config["WTF_CSRF_ENABLED"] = False  # access is asked about, not the token of a form
    return made


def path_of(app: Flask, route: Route) -> str:
    """An address of the route that leads to nothing that exists."""
    rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == route.endpoint)
    values = {name: str(uuid.uuid4()) for name in rule.arguments}
    with app.test_request_context():
        return str(app.url_for(route.endpoint, **values))


def test_every_route_says_who_may_ask_for_it(app: Flask) -> None:
    forgotten = [route.endpoint for route in routes(app) if route.access is None]
    assert forgotten == [], "declare them: needs_person, or web/access.py"


def test_with_a_page_that_does_not_say_so_no_application_is_built(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = app.extensions["portal"]
    monkeypatch.delattr(finding.find_calls, "access")
    monkeypatch.delitem(ENDPOINTS, "people.register")
    with pytest.raises(AccessNotDeclared) as refused:
        create_app(parts.settings, parts)
    said = str(refused.value)
    assert "may ask for calls.find_calls, people.register: " in said
    assert all(name in said for name in ("@needs_person", "@needs_role", "@for_everyone"))


def test_only_known_declarations_are_made(app: Flask) -> None:
    assert {route.access for route in routes(app)} <= {PUBLIC, SIGNED_IN, TOKEN}


def test_every_named_endpoint_exists(app: Flask) -> None:
    assert set(ENDPOINTS) <= set(app.view_functions)


def test_pages_for_signed_in_persons_send_others_to_sign_in(app: Flask) -> None:
    asked = [route for route in routes(app) if route.access == SIGNED_IN]
    assert asked
    for route in asked:
        answer = app.test_client().open(path_of(app, route), method=route.methods[0])
        if route.methods[0] == "GET":
            assert answer.status_code == 302, route
            assert "/account/sign-in" in answer.headers["Location"], route
        else:  # what was sent is kept on a page that signs in
            assert answer.status_code == 401, route
            assert "/account/resume" in answer.text, route


def test_the_api_wants_a_token(app: Flask) -> None:
    asked = [route for route in routes(app) if route.access == TOKEN]
    assert asked
    for route in asked:
        answer = app.test_client().open(path_of(app, route), method=route.methods[0])
        assert answer.status_code == 401, route


def test_public_routes_ask_nobody_who_they_are(app: Flask) -> None:
    for route in routes(app):
        if route.access == PUBLIC and "GET" in route.methods:
            answer = app.test_client().get(path_of(app, route))
            assert answer.status_code in {200, 404, 410}, route
