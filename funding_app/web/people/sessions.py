"""Verifying a password and beginning a session, for signing in and for the own account."""

from __future__ import annotations

import re
import uuid

from flask import g, request, session
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from funding_app.adapters.clock import system_clock
from funding_app.services.people import accounts
from funding_app.web.request import portal

BROWSERS = ("Firefox", "Edg", "OPR", "Chrome", "Safari")
SYSTEMS = ("Windows", "Android", "iPhone", "iPad", "Mac OS X", "Linux")
NAMES = {"Edg": "Edge", "OPR": "Opera", "Mac OS X": "macOS"}


def verify(email: str, password: str) -> uuid.UUID | tuple[str, int]:
    """Whose password this is; otherwise why not, with the status.

    The slow hash is computed outside a write, which on SQLite everybody waits for.
    """
    address, now = request.remote_addr or "", system_clock()
    with portal().database.read() as db:
        try:
            accounts.check_attempts(db, email, address, now)
        except accounts.TooManyAttempts:
            return _("Zu viele Versuche. Bitte warten Sie eine Viertelstunde."), 429
        user_id = accounts.verified(db, email, password)
    if user_id is not None:
        return user_id
    with portal().database.write() as db:
        accounts.note_failed(db, email, address, now)
    return _("E-Mail-Adresse oder Passwort stimmen nicht."), 422


def begin_session(db: Session, user_id: uuid.UUID) -> None:
    """Signs in for this browser, whose chosen language stays."""
    secret = accounts.sign_in(db, user_id, system_clock(), device=device())
    kept = session.get("language")
    session.clear()
    g.pop("csrf_token", None)  # signed for the session that has just ended
    session["secret"] = secret
    if kept:
        session["language"] = kept


def device() -> str:
    """The browser and system of this request as its user would name them, empty if unknown."""
    told = request.user_agent.string
    words = [
        next((name for name in names if re.search(rf"\b{name}\b", told)), "")
        for names in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(NAMES.get(word, word) for word in words if word)
