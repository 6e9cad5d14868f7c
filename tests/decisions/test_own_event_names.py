"""Events may have any name: receipt, decision letter and review form ask what an event brings."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

import workflows
from funding_app.demo.runner import Story, micro_answers
from funding_app.jobs.runner import drain
from funding_app.jobs.workplace import Workplace
from funding_app.models import Document, LogRecord, UserAccount
from funding_app.queries.applications.cases import receipt_of
from funding_app.services import machinery_for

OWN = {"submit": "hand_in", "decide_reject": "turn_down", "start_check": "take_up"}


@pytest.fixture
def own_definitions(tmp_path: Path) -> Path:
    """The micro-grant as an office's own version, whose events have other names."""
    text = workflows.load().get("micro_grant").text
    version = int(re.findall(r"^version: (\d+)$", text, flags=re.M)[0])
    text = text.replace(f"version: {version}", f"version: {version + 1}", 1)
    for old, new in OWN.items():
        text = re.sub(rf"\bevent: {old}\b", f"event: {new}", text)
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "micro_grant.yaml").write_text(text, "utf-8")
    return folder


def test_receipt_and_letter_come_whatever_the_events_are_called(
    story: Story, workplace: Workplace, own_definitions: Path
) -> None:
    machinery = machinery_for(workflows.load(own_definitions))
    story.machinery = machinery
    workplace = replace(workplace, machinery=machinery)
    story.apply(
        "micro_grant", micro_answers(Decimal("900.00"), "2026-04-01", "2026-12-31", "Nähcafé")
    )
    story.act("applicant1", "hand_in")
    story.act("officer", "take_up", {"no_conflict": True})
    story.twice("officer", "approver", "turn_down", {"reasons": "Der Zweck fehlt."})
    drain(workplace, now=lambda: story.now)
    with story.database.read() as session:
        papers = {each.kind: each for each in session.scalars(select(Document))}
        handed_in = session.scalars(select(LogRecord.hash).where(LogRecord.event == "hand_in"))
        head = handed_in.one()
        officer = session.get_one(UserAccount, story.world.people["officer"])
        assert papers["receipt"].context["log_head"] == head
        assert papers["rejection"].context["signer"] == officer.name
        assert story.case_id is not None
        assert receipt_of(session, story.case_id).log_head == head
