"""What decides who is funded: the free money of the call's own budget lines, and its rules."""

from __future__ import annotations

from decimal import Decimal

from funding_app.models import BudgetLine, Organisation
from funding_app.queries.panels.ranking import Line, line_of
from tests.support.rows import Rows

TITLE = "1101 684 21"


def line(rows: Rows, ministry: Organisation, title: str = TITLE, **euro: str) -> None:
    amounts = {name: Decimal(text) for name, text in euro.items()}
    rows.add(BudgetLine(ministry_id=ministry.id, title=title, year=2026, **amounts))


def test_a_call_without_shares_has_no_money(rows: Rows) -> None:
    line(rows, rows.ministry, available="100")
    assert line_of(rows.session, rows.call) == Line(Decimal(0))


def test_what_is_free_on_its_own_lines_counts(rows: Rows) -> None:
    other = rows.organisation_of("ministry", "Anderes Ministerium")
    rows.call_share(rows.ministry)
    rows.call_share(other, rows.another_call())
    line(rows, rows.ministry, available="100", reserved="20", committed="30", disbursed="10")
    line(rows, rows.ministry, "another title", available="1000")
    line(rows, other, available="1000")
    rows.change(rows.call, terms={"ranking": {"threshold": "3.5", "allow_skip_fill": True}})
    assert line_of(rows.session, rows.call) == Line(Decimal(50), Decimal("3.5"), True)
