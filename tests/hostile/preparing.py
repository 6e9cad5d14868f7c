"""What the demo does not show by itself: a review begun, a meeting called, a form being edited."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import select

from funding_app.models import PanelItem, Process, RoleAssignment, UserAccount
from funding_app.models.database import Database
from tests.support.site import signed_in

REFS = ("cc-gemeinsam-2026", "cip-ideen-2026")
APPLICANTS = 12
GRANT_CALL = "/calls/cc-gemeinsam-2026"
OFFICIALS = (
    "admin office officer approver publisher panel member commissioner mentor dpo certifier "
    "authoriser auditor reviewer1 lead expert1 officer1 signatory1"
).split()


def people_of(database: Database) -> dict[str, int]:
    """One person for each role, and one applicant for each state of a case: with how many cases.

    Whoever has a draft comes first: nobody else finds what can be typed, taken over and deleted.
    """
    with database.read() as session:
        found = session.execute(
            select(Process.definition_key, Process.state, UserAccount.email)
            .join(RoleAssignment, RoleAssignment.organisation_id == Process.organisation_id)
            .join(UserAccount, UserAccount.id == RoleAssignment.user_id)
            .where(~Process.is_terminal, UserAccount.email.like("applicant%"))
            .order_by(Process.state != "draft", UserAccount.email)
        ).all()
        asked = session.scalars(
            select(UserAccount.email)
            .join(Process, Process.assignee_id == UserAccount.id)
            .where(Process.definition_key == "review_assignment", Process.state == "in_progress")
        ).all()
    by_state = {(kind, state): email for kind, state, email in found}
    first = dict.fromkeys(by_state.values())  # each once, in an order that stays
    others = {email.partition("@")[0]: 6 for email in (*asked, *list(first)[:APPLICANTS])}
    return {"": 4} | others | dict.fromkeys(OFFICIALS, 12)


def prepare(app: Flask, database: Database) -> None:
    """Through the pages, as people do it."""
    app.config["WTF_CSRF_ENABLED"] = False
    _accept_review(app, database)
    _call_meeting(app, database)
    _invite(app, database)
    edited = {"from": "grant_application@1", "key": "hostile"}
    _sent(app, database, "office", "/admin/forms", edited)


def _sent(app: Flask, database: Database, who: str, path: str, data: dict[str, Any]) -> None:
    answer = signed_in(app, database, who).post(path, data=data)
    assert answer.status_code == 302, answer.text


def _accept_review(app: Flask, database: Database) -> None:
    with database.read() as session:
        process, email = session.execute(
            select(Process.id, UserAccount.email)
            .join(UserAccount, UserAccount.id == Process.assignee_id)
            .where(Process.definition_key == "review_assignment", Process.state == "invited")
        ).one()
    sent = {"accept-no_conflict": "yes"}
    _sent(app, database, email.partition("@")[0], f"/cases/{process}/events/accept", sent)


def _call_meeting(app: Flask, database: Database) -> None:
    with database.read() as session:
        accounts = session.execute(select(UserAccount.email, UserAccount.id))
        people = {email.partition("@")[0]: str(user) for email, user in accounts}
    data = {
        "held_on-day": "12", "held_on-month": "5", "held_on-year": "2027", "held_at": "10:00",
        "place": "Haus der Jury", "is_online": "no", "chair": people["panel"],
        "chair_votes": "yes", "members": [people["panel"], people["member"], people["member2"]],
        "places": "20",
    }  # fmt: skip
    _sent(app, database, "office", f"{GRANT_CALL}/meetings", data)
    with database.read() as session:
        meeting, item = session.execute(
            select(PanelItem.meeting_id, PanelItem.id)
            .join(Process, Process.id == PanelItem.meeting_id)
            .where(Process.state == "scheduled")
            .limit(1)
        ).one()
    recusal = {"ground": "Sitzt mit im Verein."}
    _sent(app, database, "member", f"/meetings/{meeting}/items/{item}/recusal", recusal)


def _invite(app: Flask, database: Database) -> None:
    with database.read() as session:
        own = session.scalar(
            select(RoleAssignment.organisation_id)
            .join(UserAccount, UserAccount.id == RoleAssignment.user_id)
            .where(UserAccount.email == "applicant2@demo.example")
        )
    sent = {"member_email": "neu@verein.example", "right": "applicant_editor"}
    _sent(app, database, "applicant2", f"/organisation/{own}/invitations", sent)
