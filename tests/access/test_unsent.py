"""What applicants are still writing is read by them alone; others read what was handed in last."""

from __future__ import annotations

from decimal import Decimal

from flask import Flask

from funding_app.demo.runner import Story, micro_answers
from funding_app.services.applications.answers import save_section
from funding_app.services.people.accounts import create_token

ANSWERS = micro_answers(Decimal("900.00"), "2026-04-01", "2026-12-31", "Nähcafé")
SENT, TYPED = ANSWERS["project"]["title"], "Nähcafé und Fahrradwerkstatt"


def titles(app: Flask, story: Story) -> dict[str, str]:
    """The title as the applicant and the office read it by the API."""
    found = {}
    for who in ("applicant1", "officer"):
        with story.database.write() as session:
            token = create_token(session, story.world.people[who], story.now)
        headers = {"Authorization": f"Bearer {token}"}
        answer = app.test_client().get(f"/api/v1/processes/{story.case_id}", headers=headers)
        found[who] = answer.get_json()["data"]["title"]
    return found


def test_what_is_being_written_is_told_when_it_is_sent_off(app: Flask, story: Story) -> None:
    case = story.apply("micro_grant", ANSWERS)
    story.act("applicant1", "submit")
    story.act("officer", "start_check", {"no_conflict": True})
    assert titles(app, story) == {"applicant1": SENT, "officer": SENT}
    story.act("officer", "request_info", {"items": "Ein genauerer Titel"})
    with story.database.write() as session:
        save_section(
            session, case, "project", ANSWERS["project"] | {"title": TYPED},
            expected_version=1, saved_by=story.world.people["applicant1"], when=story.now,
        )  # fmt: skip
    assert titles(app, story) == {"applicant1": TYPED, "officer": SENT}
    story.act("applicant1", "provide")
    assert titles(app, story) == {"applicant1": TYPED, "officer": TYPED}
