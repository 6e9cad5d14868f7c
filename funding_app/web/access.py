"""Who may ask for a route at all. Every route has to say so; with one that does not nothing starts.

A view says it by a decorator (`for_everyone` here, `needs_person` and `needs_role` in
`web.request`), or it is named here: a blueprint whose views are all alike, or single endpoints.
What a person may then see and do is decided by `funding_app.access` and the workflow definitions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask

PUBLIC, SIGNED_IN, TOKEN = "public", "signed_in", "token"

BLUEPRINTS: Mapping[str, str] = {
    "mailbox": PUBLIC,  # there in the demo only
    "open_data": PUBLIC,
    "api": TOKEN,  # checked before each of its views
}
ENDPOINTS: Mapping[str, str] = {
    "static": PUBLIC,
    "people.sign_in": PUBLIC,
    "people.do_sign_in": PUBLIC,
    "people.resume": PUBLIC,
    "people.invitation": PUBLIC,
    "people.accept_invitation": PUBLIC,
    "people.sign_out": PUBLIC,  # ends a session; without one it does nothing
    "mails.unsubscribe": PUBLIC,  # the link is signed
    "mails.do_unsubscribe": PUBLIC,
    "people.register": PUBLIC,
    "people.do_register": PUBLIC,
    "api.openapi": PUBLIC,
    "api.call_list": PUBLIC,
    "api.call_page": PUBLIC,
    "api.call_form": PUBLIC,
}


View = TypeVar("View", bound=Callable[..., Any])


class AccessNotDeclared(Exception):
    """Nobody has said who may ask for some routes; which, and how it is said."""


def for_everyone(view: View) -> View:
    """Declares that a view is the same for everybody, signed in or not; it may be kept."""
    view.access = PUBLIC  # type: ignore[attr-defined]
    return view


@dataclass(frozen=True, slots=True)
class Route:
    """A path with its methods, and who may ask for it (`None`: nobody has said)."""

    path: str
    methods: tuple[str, ...]
    endpoint: str
    access: str | None


def access_of(app: Flask, endpoint: str) -> str | None:
    """The declaration of an endpoint: the view's own, else the one named here."""
    own: str | None = getattr(app.view_functions[endpoint], "access", None)
    return own or ENDPOINTS.get(endpoint) or BLUEPRINTS.get(endpoint.rpartition(".")[0])


def routes(app: Flask) -> list[Route]:
    """Every route, in the order of paths."""
    found = [
        Route(
            rule.rule,
            tuple(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})),
            rule.endpoint,
            access_of(app, rule.endpoint),
        )
        for rule in app.url_map.iter_rules()
    ]
    return sorted(found, key=lambda route: (route.path, route.methods))


def refuse_undeclared(app: Flask) -> None:
    """Raises `AccessNotDeclared` where a route would be served to everybody by mistake."""
    forgotten = sorted({route.endpoint for route in routes(app) if route.access is None})
    if forgotten:
        raise AccessNotDeclared(
            f"nobody has said who may ask for {', '.join(forgotten)}: put @needs_person or "
            "@needs_role (funding_app/web/request.py) or @for_everyone (funding_app/web/access.py) "
            "on the view, below the line of its route, or name it in funding_app/web/access.py"
        )
