"""The OpenAPI document, made from what each route says of itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import Flask

from funding_app.web.api.schemas import SCHEMAS

View = TypeVar("View", bound=Callable[..., Any])
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}
WORDS = {
    200: "Done",
    201: "Created",
    401: "No valid token",
    403: "Not allowed to this person",
    404: "Unknown, or not visible to this person",
    409: "Stale, or refused in this state",
    410: "Lost by the portal; its operator is told",
    413: "Too large",
    422: "The data are wrong",
    428: "If-Match is missing",
}
LIST = ("after", "limit")
PARAMETERS: Mapping[str, dict[str, Any]] = {
    "after": {"in": "query", "schema": {"type": "string"}, "description": "Cursor of a page"},
    "limit": {
        "in": "query",
        "schema": {"type": "integer", "minimum": 1, "maximum": 200, "default": 50},
    },
    "If-Match": {"in": "header", "required": True, "schema": {"type": "string"}},
    "Idempotency-Key": {
        "in": "header",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    },
    "budget": {
        "in": "query",
        "schema": {"type": "string", "pattern": r"^\d+(\.\d{1,2})?$"},
        "description": "Funds in euro to try instead of what is free, as 300000.00",
    },
    "threshold": {
        "in": "query",
        "schema": {"type": "string"},
        "description": "Least score to try, from 0.00 to 5.00; empty means none",
    },
    "allow_skip_fill": {
        "in": "query",
        "schema": {"type": "boolean"},
        "description": "Whether to try that smaller ones move up where a larger no longer fits",
    },
    "call": {"in": "query", "schema": {"type": "string"}, "description": "A call's reference"},
    "format": {"in": "query", "schema": {"type": "string"}},
}


@dataclass(frozen=True, slots=True)
class Description:
    """What a route takes and answers."""

    summary: str
    answer: str | None
    status: int = 200
    errors: tuple[int, ...] = ()
    body: str | None = None
    media: str = "application/json"
    parameters: tuple[str, ...] = field(default=())


def described(
    summary: str,
    answer: str | None,
    *,
    status: int = 200,
    errors: tuple[int, ...] = (),
    body: str | None = None,
    media: str = "application/json",
    parameters: tuple[str, ...] = (),
) -> Callable[[View], View]:
    """Lets a view say what it takes (`body`, `parameters`) and answers (names of `SCHEMAS`).

    `answer` is `None` where bytes of the type `media` are answered.
    """

    def note(view: View) -> View:
        view.description = Description(  # type: ignore[attr-defined]
            summary, answer, status, errors, body, media, parameters
        )
        return view

    return note


def _reference(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _content(description: Description) -> dict[str, Any]:
    if description.answer is None:
        return {description.media: {"schema": {"type": "string", "format": "binary"}}}
    return {"application/json": {"schema": _reference(description.answer)}}


def _responses(description: Description, open_to_all: bool) -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": _reference("Problem")}}
    errors = sorted({*description.errors, *(() if open_to_all else (401,))})
    answers = {str(code): {"description": WORDS[code], "content": problem} for code in errors}
    done = {"description": WORDS[description.status], "content": _content(description)}
    return {str(description.status): done, **answers}


def _body(name: str) -> dict[str, Any]:
    media = "multipart/form-data" if name == "File" else "application/json"
    return {"required": True, "content": {media: {"schema": _reference(name)}}}


def _operation(
    endpoint: str, path: str, description: Description, open_to_all: bool
) -> dict[str, Any]:
    names = re.findall(r"{(\w+)}", path)
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in names
    ]
    named = [{"name": name, **PARAMETERS[name]} for name in description.parameters]
    operation: dict[str, Any] = {
        "operationId": endpoint.removeprefix("api."),
        "summary": description.summary,
        "parameters": in_path + named,
        "responses": _responses(description, open_to_all),
        "security": [] if open_to_all else [{"token": []}],
    }
    return operation | ({"requestBody": _body(description.body)} if description.body else {})


def document(app: Flask, title: str, open_endpoints: tuple[str, ...]) -> dict[str, Any]:
    """The OpenAPI 3.1 document of every route of the API that describes itself."""
    paths: dict[str, Any] = {}
    for rule in app.url_map.iter_rules():
        described_view = getattr(app.view_functions[rule.endpoint], "description", None)
        if not rule.endpoint.startswith("api.") or described_view is None:
            continue
        path = rule.rule.replace("<", "{").replace(">", "}")
        for method in sorted((rule.methods or set()) & METHODS):
            open_to_all = rule.endpoint in open_endpoints
            operation = _operation(rule.endpoint, path, described_view, open_to_all)
            paths.setdefault(path, {})[method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": "1"},
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }
