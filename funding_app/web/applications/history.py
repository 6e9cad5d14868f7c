"""What has happened to a case: its log with the reasons, its timers, and its path drawn."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask import Response, render_template
from flask_babel import gettext as _

from funding_app.queries.applications import cases
from funding_app.queries.applications.history import log_of
from funding_app.queries.reviews.readable import only_name_seen
from funding_app.web.applications.blueprint import blueprint
from funding_app.web.filters import choice_of, points
from funding_app.web.process import rights_on, visible_process
from funding_app.web.request import as_id, language, needs_person, portal, signed_in
from workflows.definition import Definition
from workflows.words import diagram


@blueprint.get("/cases/<process_id>/history")
@needs_person
def history(process_id: str) -> str:
    with portal().database.read() as session:
        process = visible_process(session, signed_in(), as_id(process_id))
        rights = rights_on(process, signed_in())
        definition = rights.definition
        log = log_of(session, process.id, only=only_name_seen(session, signed_in(), process))
        return render_template(
            "applications/history.html",
            process=process,
            definition=definition,
            state=rights.state,
            log=log,
            reasons=_reasons(log, definition) if rights.reads_reasons else {},
            timers=cases.timers_of(session, process.id),
            arrows=diagram.table(definition, language()),
        )


def _reasons(log: Sequence[Any], definition: Definition) -> dict[int, str]:
    """What those who acted gave as their reason, by number of the record; erased ones are gone."""
    payloads = {record.seq: json.loads(text) for record, _name, text, _proposer in log if text}
    found = {seq: payload["reason"] for seq, payload in payloads.items() if payload.get("reason")}
    found |= {
        seq: " – ".join(
            filter(None, (choice_of(definition, "decline", str(why)), data.get("declined_words")))
        )
        for seq, payload in payloads.items()
        if (why := (data := payload.get("data") or {}).get("declined_for"))
    }
    return found | {
        seq: _("Punktzahl vorher %(before)s, jetzt %(score)s", before=points(Decimal(was)),
               score=points(Decimal(payload["notes"]["score"])))
        for seq, payload in payloads.items()
        if (was := payload.get("notes", {}).get("score_before"))
    }  # fmt: skip


@blueprint.get("/cases/<process_id>/diagram.svg")
@needs_person
def picture(process_id: str) -> Response:
    """The definition's diagram with this case's path; text where Graphviz is missing."""
    with portal().database.read() as session:
        process = visible_process(session, signed_in(), as_id(process_id))
        definition = portal().machinery.definition_of(process)
        path = cases.path_of(session, process.id)
    drawing = diagram.draw(definition, language(), path)
    media = "image/svg+xml" if drawing.kind == "svg" else "text/plain; charset=utf-8"
    return Response(drawing.text, mimetype=media)
