"""What everyone may ask without an account: what came of the money, and what is genuine."""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from funding_app.adapters.storage import Storage
from funding_app.demo.runner import Story, tell_grant, tell_micro_grant
from funding_app.jobs.workplace import Workplace
from funding_app.models import Call, Document

PERIOD = ("2026-04-01", "2026-12-31")


def issued(story: Story, storage: Storage, kind: str) -> bytes:
    with story.database.read() as session:
        found = session.scalars(select(Document.sha256).where(Document.kind == kind)).first()
    return storage.get(str(found))


def verdict(app: Flask, content: bytes) -> str:
    sent = {"file": (io.BytesIO(content), "Bescheid.pdf")}
    return app.test_client().post("/verify", data=sent).text


def test_only_the_issued_bytes_are_genuine(app: Flask, story: Story, workplace: Workplace) -> None:
    tell_micro_grant(story, Decimal("1234.56"))
    for kind in ("award", "receipt"):
        content = issued(story, workplace.storage, kind)
        assert "Diese Datei wurde hier ausgestellt" in verdict(app, content)
        assert "CC-2026-00001" in verdict(app, content)
        altered = verdict(app, content + b"\n")
        assert "so nicht hier ausgestellt" in altered and "CC-2026-00001" not in altered
    assert "so nicht hier ausgestellt" in verdict(app, b"")


def test_without_a_file_it_says_what_to_do(app: Flask) -> None:
    answer = app.test_client().post("/verify", data={})
    assert answer.status_code == 422 and "wählen Sie eine PDF-Datei" in answer.text


def test_impact_adds_up_and_keeps_single_cases_to_itself(app: Flask, story: Story) -> None:
    assert "Noch ist kein Antrag eingegangen." in app.test_client().get("/impact").text
    tell_grant(story, Decimal("250000.00"), *PERIOD)
    tell_micro_grant(story, Decimal("1234.56"))
    page = app.test_client().get("/impact").text
    for amount in ("250.000,00", "1.234,56", "62.500,00", "37.500,00", "151.234,56"):
        assert amount in page, amount  # 60, 25 and 15 percent; the micro-grant is the lead's
    assert page.count("noch zu wenige Fälle") == 3


@pytest.mark.parametrize(
    ("left", "german", "english"),
    [
        (timedelta(days=12, hours=23), "noch 12 Tage", "12 days left"),
        (timedelta(hours=47, minutes=59), "noch 47 Stunden", "47 hours left"),
        (timedelta(minutes=119, seconds=59), "noch 119 Minuten", "119 minutes left"),
        (timedelta(seconds=59), "noch 0 Minuten", "0 minutes left"),
        (timedelta(0), "Die Frist ist abgelaufen", "The deadline has passed"),
    ],
)
def test_a_call_says_how_long_it_is_open_rounded_down(
    app: Flask, story: Story, left: timedelta, german: str, english: str
) -> None:
    with story.database.write() as session:
        call = session.scalars(select(Call).where(Call.definition_key == "grant_case")).first()
        assert call is not None
        call.opens_at, call.closes_at = story.now - timedelta(days=1), story.now + left
        place = f"/calls/{call.ref}"
    assert german in app.test_client().get(place).text
    page = app.test_client().get(f"{place}?lang=en").text
    assert english in page
    assert "noch " not in page


def test_a_call_says_what_to_have_at_hand(app: Flask, story: Story) -> None:
    with story.database.read() as session:
        refs = {call.definition_key: call.ref for call in session.scalars(select(Call))}
    page = app.test_client().get(f"/calls/{refs['grant_case']}").text
    part = page[page.index("Was Sie dafür brauchen") :]
    for words in ("Registerauszug", "PDF, DOCX", "Abschnitte mit"):
        assert words in part
    assert "Dateien müssen Sie nicht beilegen." not in part
