"""Ending mails by the link that stands in them: signed, and good for nothing else (RFC 8058)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask import abort, render_template, request

from forms import schema
from funding_app.queries.mails.preferences import AT_ONCE, DAILY, DIGEST, NONE, TOPICS, ways_of
from funding_app.services.mails import preferences
from funding_app.web.mails.blueprint import blueprint
from funding_app.web.request import language, portal, typed

FORM = schema.get("own_account")


def _meant(token: str) -> tuple[uuid.UUID, str]:
    """Whose mails of which topic; a link that was not made here leads nowhere."""
    found = preferences.read_token(portal().settings.secret, token)
    if found is None:
        abort(404)
    return found


def _page(token: str, topic: str, ended: Sequence[str] | None = None, again: bool = False) -> str:
    labels = {field.id: field.label[language()] for field in FORM.section("notifications").fields}
    names = [labels[name] for name in (ended if ended is not None else _named(topic))]
    return render_template(
        "mails/unsubscribe.html", token=token, names=names, ended=ended, again=again
    )


def _named(topic: str) -> list[str]:
    return [topic] if topic in TOPICS else []


@blueprint.get("/account/unsubscribe/<token>")
def unsubscribe(token: str) -> str:
    """Says what would end; a mail program that follows links ends nothing."""
    return _page(token, _meant(token)[1])


@blueprint.post("/account/unsubscribe/<token>")
def do_unsubscribe(token: str) -> str:
    """Ends the mails, or begins them again for who did not mean it."""
    user_id, topic = _meant(token)
    undone = [name for name in typed(request.form, "again").split(",") if name in TOPICS]
    with portal().database.write() as db:
        if undone:
            way = DAILY if topic == DIGEST else AT_ONCE
            ended = [name for name in undone if ways_of(db, user_id)[name] == NONE]
            preferences.choose(db, user_id, dict.fromkeys(ended, way))
        else:
            ended = preferences.unsubscribe(db, user_id, topic)
    return _page(token, topic, ended, again=bool(undone))
