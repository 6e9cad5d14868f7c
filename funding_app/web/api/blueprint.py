"""What every route of the API shares: who calls, what went wrong, pages of lists."""

from __future__ import annotations

import math
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from flask import Blueprint, Response, g, jsonify, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from forms.parsing import UNSTORABLE
from funding_app.access import Person, Rights
from funding_app.adapters.clock import system_clock
from funding_app.engine import KeyReused
from funding_app.engine.idempotency import MAXIMUM_LENGTH
from funding_app.models import Call, Process
from funding_app.queries.applications import cases
from funding_app.queries.calls import calls
from funding_app.services.people import accounts
from funding_app.web.request import number_of, portal

api = Blueprint("api", __name__, url_prefix="/api/v1")
Item = TypeVar("Item")
OPEN = ("api.openapi", "api.call_list", "api.call_page", "api.call_form")
MOST_ITEMS, USUAL_ITEMS = 200, 50


class Problem(Exception):
    """An answer that is an error: status, code and words."""

    def __init__(self, status: int, code: str, detail: str = "", **more: Any) -> None:
        super().__init__(code)
        self.status, self.code, self.detail, self.more = status, code, detail, more


@api.errorhandler(Problem)
def problem(error: Problem) -> Response:
    """The problem document."""
    body = {"type": "about:blank", "status": error.status, "code": error.code}
    answer = jsonify(body | {"title": error.code, "detail": error.detail} | error.more)
    answer.status_code, answer.mimetype = error.status, "application/problem+json"
    if error.status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


@api.errorhandler(HTTPException)
def http_problem(error: HTTPException) -> Response:
    """What the framework refuses, as a problem document."""
    code = (error.name or "error").lower().replace(" ", "_")
    return problem(Problem(error.code or 500, code, error.description or ""))


@api.errorhandler(KeyReused)
def key_reused(_error: KeyReused) -> Response:
    return problem(Problem(422, "idempotency_key_reused", "The key came with another body."))


@api.before_request
def authenticate() -> None:
    """Finds the person of the bearer token; some routes are for everyone."""
    if request.endpoint in OPEN:
        return
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    found = None
    if scheme.lower() == "bearer" and secret:
        with portal().database.read() as session:
            found = accounts.person_of_token(session, secret.strip(), system_clock())
    if found is None:
        raise Problem(401, "token_missing", "A valid bearer token is needed.")
    g.person = found


def caller() -> Person:
    """Who calls."""
    found: Person = g.person
    return found


def as_id(text: str) -> uuid.UUID:
    """An id from a path; what is none answers as one that does not exist."""
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Problem(404, "not_found") from None


def visible(session: Session, process_id: uuid.UUID) -> Process:
    """A process the caller may see, else 404."""
    found = cases.find_process(session, caller(), process_id)
    if found is None:
        raise Problem(404, "not_found")
    return found


def rights_on(process: Process) -> Rights:
    """What the caller may see and write of the process."""
    return Rights(caller(), process, portal().machinery.definition_of(process))


def found_call(session: Session, ref: str) -> Call:
    """A published call, else 404."""
    call = calls.find_call(session, ref)
    if call is None:
        raise Problem(404, "not_found")
    return call


def body_of_request() -> Mapping[str, Any]:
    """The JSON object of the request, storable as text."""
    try:
        body = request.get_json(silent=True)
    except RecursionError:
        raise Problem(422, "invalid_json", "The JSON is nested too deeply.") from None
    if not isinstance(body, dict):
        raise Problem(422, "invalid_json", "A JSON object is needed.")
    if places := list(_unstorable(body)):
        raise Problem(
            422,
            "invalid_json",
            "No text may hold NUL or a lone surrogate, and a number must be finite.",
            errors={place: ["unstorable"] for place in places},
        )
    return body


def _unstorable(value: Any, *within: str) -> Iterator[str]:
    """The fields no database keeps as they are, each as its path from the top: `rows/0/name`."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _unstorable(key, *within, key)
            yield from _unstorable(each, *within, key)
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _unstorable(each, *within, str(number))
    elif isinstance(value, str) and UNSTORABLE.search(value):
        yield "/".join(within).encode("utf-8", "backslashreplace").decode()
    elif isinstance(value, float) and not math.isfinite(value):
        yield "/".join(within)


def if_match() -> int:
    """The version the caller has seen."""
    text = request.headers.get("If-Match")
    if text is None:
        raise Problem(428, "if_match_missing", "Send the version you have seen as If-Match.")
    version = number_of(text.removeprefix("W/").strip('"'))
    if version is None:
        raise Problem(422, "invalid_if_match")
    return version


def idempotency_key() -> str | None:
    """The key that makes a repeated request harmless."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and (not 0 < len(key) <= MAXIMUM_LENGTH or "\x00" in key):
        raise Problem(422, "invalid_idempotency_key")
    return key


def page(items: Sequence[Item], key: Callable[[Item], str]) -> tuple[Sequence[Item], str | None]:
    """The part of an ordered list that was asked for, and the cursor of the next."""
    after, limit = request.args.get("after"), asked_limit()
    keys = [key(item) for item in items]
    start = keys.index(after) + 1 if after in keys else 0
    if after and after not in keys:
        raise Problem(422, "invalid_cursor")
    chosen = items[start : start + limit]
    more = start + limit < len(items)
    return chosen, keys[start + limit - 1] if more else None


def asked_limit() -> int:
    """How many items of a list are asked for at most."""
    limit = number_of(request.args.get("limit", str(USUAL_ITEMS)))
    if limit is None or not 0 < limit <= MOST_ITEMS:
        raise Problem(422, "invalid_limit", f"A limit is from 1 to {MOST_ITEMS}.")
    return limit


def amount(value: Decimal | None) -> str | None:
    """An amount or a score as text, with two decimal places."""
    return f"{value:.2f}" if value is not None else None
