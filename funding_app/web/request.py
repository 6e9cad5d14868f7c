"""What every view needs at hand: the portal's parts, the person, the language, the time."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from flask import abort, current_app, g, make_response, redirect, request, session, url_for
from werkzeug.wrappers import Response

from forms.messages import message
from forms.parsing import has_strange_characters, storable
from forms.values import LONGEST_TEXT
from funding_app.access import Person
from funding_app.adapters.clock import system_clock
from funding_app.services.operations.portal import Portal
from funding_app.services.people import accounts
from funding_app.web import re_authentication

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")
LANGUAGES = ("de", "en")
KEPT = timedelta(minutes=5)


def portal() -> Portal:
    """The parts of the application that answers this request."""
    return cast(Portal, current_app.extensions["portal"])


def language() -> str:
    """The language of this request: asked for, remembered, the account's, or the browser's."""
    if "only_language" in g:  # a page that there is in one language only
        return str(g.only_language)
    asked = request.args.get("lang")
    if asked in LANGUAGES:
        session["language"] = asked
    found = session.get("language") or _language_of_account()
    return str(found or request.accept_languages.best_match(LANGUAGES) or "de")


def _language_of_account() -> str | None:
    who = person()
    return who.language if who is not None and who.language in LANGUAGES else None


def person() -> Person | None:
    """Who is signed in, read once per request."""
    if "person" not in g:
        secret = session.get("secret")
        g.person = None
        if secret:
            with portal().database.read() as db:
                g.person = accounts.person_of_session(db, secret, system_clock())
        if g.person is not None:
            _keep_alive(str(secret))
    return cast("Person | None", g.person)


def _keep_alive(secret: str) -> None:
    """Notes that the session is in use, at most every few minutes."""
    now = system_clock()
    if session.get("kept", 0) + KEPT.total_seconds() > now.timestamp():
        return
    with portal().database.write() as db:
        accounts.keep_alive(db, secret, now)
    session["kept"] = now.timestamp()


def signed_in() -> Person:
    """The person; without one the request goes to the sign-in page and comes back.

    What was sent with a request that changes something is kept on the page that signs in.
    """
    found = person()
    if found is None and request.method != "GET":
        form = re_authentication.sign_in_form(formdata=None)
        abort(make_response(re_authentication.page(re_authentication.sent(), form), 401))
    if found is None:
        abort(redirect(url_for("people.sign_in", next=request.full_path.rstrip("?"))))
    return found


def needs_person(view: Callable[Arguments, Answer]) -> Callable[Arguments, Answer | Response]:
    """Declares that a view is for signed-in persons."""

    @wraps(view)
    def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Answer | Response:
        signed_in()
        return view(*args, **kwargs)

    guarded.access = "signed_in"  # type: ignore[attr-defined]
    return guarded


def needs_role(
    roles: frozenset[str],
) -> Callable[[Callable[Arguments, Answer]], Callable[Arguments, Answer | Response]]:
    """Declares that a view is for persons with one of the roles; for others it is not there."""

    def declare(view: Callable[Arguments, Answer]) -> Callable[Arguments, Answer | Response]:
        @wraps(view)
        def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Answer | Response:
            if not signed_in().roles & roles:
                abort(404)
            return view(*args, **kwargs)

        guarded.access = "signed_in"  # type: ignore[attr-defined]
        return guarded

    return declare


def as_id(text: str) -> uuid.UUID:
    """An id from an address; what is none answers as one that does not exist."""
    try:
        return uuid.UUID(text)
    except ValueError:
        abort(404)


def typed(form: Any, name: str) -> str:
    """A text field of a submitted form; what no database keeps is visible in it as U+FFFD.

    Line breaks are LF, as everywhere. Whether the text can be kept is said by `text_problem`.
    """
    text = str(storable(str(form.get(name, ""))))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def text_problem(text: str, most: int = LONGEST_TEXT) -> str | None:
    """What speaks against keeping a typed text of at most so many characters, in words."""
    if has_strange_characters(text):
        return message("characters", language())
    if len(text) > most:
        return message("too_long", language(), most=most, count=len(text))
    return None


def number_of(text: str | None) -> int | None:
    """A number without a sign, as pages carry it along; of at most 18 ASCII digits."""
    fits = text is not None and text.isascii() and text.isdigit() and len(text) < 19
    return int(text) if text is not None and fits else None
