"""Documents are asked for with the change, numbered by case and kind, and rendered later."""

from __future__ import annotations

from sqlalchemy import select

from funding_app.engine import Machinery
from funding_app.engine.documents import request_document
from funding_app.models import Document, OutboxMessage
from tests.support.effects import acting
from tests.support.rows import NOW, Rows


def test_a_letter_is_numbered_within_its_case_and_kind(rows: Rows, machinery: Machinery) -> None:
    case, other = rows.case("decided"), rows.case("decided")
    rows.document(other, "award")
    rows.document(case, "rejection")
    rows.document(case, "rejection", number=2)
    numbers = []
    for kind in ("award", "award", "rejection"):
        made = request_document(acting(rows, machinery, case), kind, {"known": 1})
        row = rows.session.get_one(Document, made)
        numbers.append((row.kind, row.number))
        assert (row.process_id, row.context, row.requested_at) == (case.id, {"known": 1}, NOW)
        assert row.sha256 is None
    assert numbers == [("award", 1), ("award", 2), ("rejection", 3)]


def test_each_is_rendered_once(rows: Rows, machinery: Machinery) -> None:
    case = rows.case("decided")
    made = [request_document(acting(rows, machinery, case), "award") for _ in range(2)]
    queued = rows.session.execute(
        select(OutboxMessage.job, OutboxMessage.payload).order_by(OutboxMessage.id)
    )
    assert [tuple(each) for each in queued] == [
        ("render_document", {"document_id": str(each)}) for each in made
    ]
