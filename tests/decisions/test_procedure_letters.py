"""Decisions of sub-processes: the letter before the notice, and what follows for the case."""

from __future__ import annotations

import subprocess
import uuid
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from funding_app.demo.runner import Story, draw, tell_to_active
from funding_app.engine import Refused
from funding_app.engine.log.verify import verify
from funding_app.jobs.workplace import Workplace
from funding_app.models import Application, Document, LogRecord, Process

pytestmark = pytest.mark.both_databases

START, END = "2026-06-01", "2027-05-31"


def letter(story: Story, workplace: Workplace, process_id: uuid.UUID, folder: Path) -> str:
    """The text of the letter that a process has issued."""
    with story.database.read() as session:
        found = select(Document.sha256).where(Document.process_id == process_id)
        sha256 = session.scalars(found).one()
    assert sha256 is not None
    file = folder / "letter.pdf"
    file.write_bytes(workplace.storage.get(sha256))
    done = subprocess.run(["pdftotext", file, "-"], check=True, capture_output=True, text=True)
    return " ".join(done.stdout.split())


def amendment(story: Story, **data: str) -> uuid.UUID:
    tell_to_active(story, Decimal("90000.00"), START, END)
    story.act("applicant1", "request_amendment")
    [child] = story.children("amendment")
    told = {"explanation": "Die Geräte kamen ein halbes Jahr zu spät.", **data}
    story.act("applicant1", "submit", told, on=child)
    story.act("officer", "assess", {"assessment": "Nachvollziehbar belegt."}, on=child)
    return child


def test_an_extension_is_notified_by_letter_and_moves_the_dates(
    story: Story, workplace: Workplace, tmp_path: Path
) -> None:
    child = amendment(story, kind="no_cost_extension", new_end="2027-09-30")
    story.twice("officer", "approver", "grant", on=child)
    with pytest.raises(Refused) as refused:
        story.act("officer", "apply", on=child)
    assert refused.value.code == "letter_pending"
    story.issue_letters(story.now)
    text = letter(story, workplace, child, tmp_path)
    assert "Der Bewilligungszeitraum endet am 30. September 2027." in text
    assert "Rechtsbehelfsbelehrung" in text
    with story.database.read() as session:
        before = session.get_one(Process, story.case_id).due_at
    story.act("officer", "apply", on=child)
    with story.database.read() as session:
        case = session.get_one(Application, story.case_id)
        assert case.period_end is not None
        assert case.period_end.isoformat() == "2027-09-30"
        after = session.get_one(Process, story.case_id).due_at
        assert before is not None
        assert after is not None
        assert after - before == timedelta(days=122)  # 30 June, 31 July, 31 August, 30 September
        events = session.scalars(
            select(LogRecord.event).where(LogRecord.process_id == story.case_id)
        ).all()
        assert "redated" in events
        assert verify(session) == []


def test_a_declined_amendment_says_why(story: Story, workplace: Workplace, tmp_path: Path) -> None:
    child = amendment(story, kind="partner_change")
    story.twice("officer", "approver", "decline", on=child, reason="Der Partner ist unentbehrlich.")
    story.issue_letters(story.now)
    text = letter(story, workplace, child, tmp_path)
    assert "Der Partner ist unentbehrlich." in text
    assert "Ablehnung der beantragten Änderung" in text


def test_a_recovery_names_ground_sum_and_interest(
    story: Story, workplace: Workplace, tmp_path: Path
) -> None:
    tell_to_active(story, Decimal("90000.00"), START, END)
    draw(story, Decimal("30000.00"))
    story.twice("officer", "approver", "open_recovery", reason="Verstoß gegen die Auflagen")
    [child] = story.children("recovery")
    today = story.now.date()
    facts = {"known_on": today.isoformat(), "facts": "Mittel wurden zweckfremd verwendet."}
    story.act("officer", "hear", facts, on=child)
    [hearing] = story.children_of(child, "hearing")
    asked = {"intention": "Widerruf.", "until": (today + timedelta(days=20)).isoformat()}
    story.act("officer", "open_hearing", asked, on=hearing)
    story.act("applicant1", "make_statement", {"statement": "Es war ein Versehen."}, on=hearing)
    story.act("officer", "close_hearing", {"weighing": "Kein Grund, abzusehen."}, on=hearing)
    claim = {
        "ground": "revoke",
        "amount": "12345.67",
        "interest_from": today.isoformat(),
        "reasons": "Der Zweck wurde verfehlt; ein Absehen kam nach Abwägung nicht in Betracht.",
    }
    story.act("officer", "prepare_claim", claim, on=child)
    for consent in story.children_of(child, "consent"):
        with story.database.read() as session:
            ministry = session.get_one(Process, consent).ministry_id
        signatory = f"signatory{story.world.ministries.index(ministry) + 1}"
        story.act(signatory, "give", on=consent)
    story.act("approver", "approve", on=child)
    until = (today + timedelta(days=60)).isoformat()
    with pytest.raises(Refused) as refused:
        story.act("officer", "notify", {"until": until}, on=child)
    assert refused.value.code == "letter_pending"
    story.issue_letters(story.now)
    text = letter(story, workplace, child, tmp_path)
    assert "Wir widerrufen den Zuwendungsbescheid (§ 49 VwVfG)." in text
    assert "12.345,67 €" in text
    assert "fünf Prozentpunkten über dem Basiszinssatz" in text
    story.act("officer", "notify", {"until": until}, on=child)
    assert story.state(child) == "due"
