"""Reading exports back, each format with a reader that is not the writer's."""

from __future__ import annotations

import csv
import io
import json
import uuid
from decimal import Decimal
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import select

from funding_app.demo.runner import Story, grant_answers, micro_answers
from funding_app.exports import export
from funding_app.models import Application
from funding_app.services.people import accounts

PERIOD = ("2026-04-01", "2026-12-31")
ODD_TITLES = (
    "=1+1", '=HYPERLINK("https://evil.example";"Klick")', "+49 341 123", "-5 Grad", "@x",
    "＝1+1", "Über\u00adgröße & Straße", "Zeile eins\nZeile zwei; mit, Trennern \"und\" Zitat",
    "🚀 Start für alle", "https://example.org", "007", "<r><t>fett</t></r>", "_x0041_",
)  # fmt: skip


def content(story: Story, name: str, format: str, who: str | None = None, **more: Any) -> bytes:
    """A whole export, by default the operator's."""
    with story.database.read() as session:
        person = accounts.person(session, story.world.people[who]) if who else None
        made = export(session, name, format=format, person=person,
                      definitions=story.machinery.definitions, **more)  # fmt: skip
        return b"".join(made.chunks)


def as_rows(data: bytes, separator: str = ",") -> list[dict[str, str]]:
    text = data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=separator))


def as_items(data: bytes) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(data)
    return found


def as_sheet(data: bytes) -> Worksheet:
    sheet = load_workbook(io.BytesIO(data)).active
    assert isinstance(sheet, Worksheet)
    return sheet


def by_title(sheet: Worksheet) -> dict[str, int]:
    """The column number of each title in the head."""
    return {str(cell.value): cell.column for cell in sheet[1] if cell.column}


def submit(story: Story, title: str, amount: Decimal = Decimal("900.00")) -> uuid.UUID:
    """A micro-grant with that title, handed in."""
    case_id = story.apply("micro_grant", micro_answers(amount, *PERIOD, title))
    story.act("applicant1", "submit")
    return case_id


def submit_grant(story: Story, title: str, amount: Decimal) -> uuid.UUID:
    case_id = story.apply("grant_case", grant_answers(amount, *PERIOD, title))
    story.act("applicant1", "submit")
    return case_id


def column_of(story: Story, column: Any) -> list[Any]:
    """A column of all applications that were handed in."""
    with story.database.read() as session:
        handed_in = select(column).where(Application.submitted_at.is_not(None))
        return list(session.scalars(handed_in))
