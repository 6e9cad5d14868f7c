"""Who am I."""

from __future__ import annotations

from typing import Any

from flask import jsonify

from funding_app.queries.mails.preferences import topics_for, ways_of
from funding_app.web.api.blueprint import api, caller
from funding_app.web.api.description import described
from funding_app.web.request import portal


@api.get("/me")
@described("Who calls, with all roles, and by mail of what they hear and how", "Me")
def me() -> Any:
    person = caller()
    roles = [
        {"role": grant.role, "organisation": str(grant.organisation_id or "")}
        for grant in sorted(
            person.grants, key=lambda each: (each.role, str(each.organisation_id or ""))
        )
    ]
    with portal().database.read() as session:
        ways = ways_of(session, person.id)
    heard = {topic: ways[topic] for topic in topics_for(person.roles)}
    return jsonify(
        id=str(person.id),
        name=person.name,
        language=person.language,
        roles=roles,
        notifications=heard,
    )
