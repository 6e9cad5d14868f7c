"""Money in SQL: sums and differences of columns compare and arrive as euro, as do the columns."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import func, select, update

from funding_app.demo.runner import Story, tell_micro_grant
from funding_app.exports import export
from funding_app.models import BudgetLine
from funding_app.models.database import Database
from funding_app.queries.money.budget import budget_overview

pytestmark = pytest.mark.both_databases

EXAMPLE = {"available": Decimal("1000.00"), "reserved": Decimal("100.50"),
           "committed": Decimal("200.25")}  # fmt: skip
FREE = Decimal("699.25")  # 1000.00 - 100.50 - 200.25


def one_line(story: Story) -> None:
    """Leaves one budget line with the figures of the example."""
    with story.database.write() as session:
        first = session.scalars(select(BudgetLine.id).order_by(BudgetLine.year)).first()
        session.execute(update(BudgetLine).where(BudgetLine.id == first).values(**EXAMPLE))
        others = BudgetLine.__table__.delete().where(BudgetLine.id != first)
        session.execute(others)


def test_arithmetic_on_columns_is_money(story: Story) -> None:
    one_line(story)
    free = BudgetLine.available - BudgetLine.reserved - BudgetLine.committed
    with story.database.read() as session:
        assert session.scalar(select(free)) == FREE
        assert session.scalar(select(func.sum(free))) == FREE
        assert session.scalars(select(BudgetLine.id).where(free >= FREE)).one()
        assert not session.scalars(select(BudgetLine.id).where(free > FREE)).all()
        [line] = budget_overview(session)
        assert line.free == FREE
        file = b"".join(export(session, "budget", format="csv", person=None).chunks).decode()
    assert "699.25" in file


def test_adding_to_a_column_adds_euro(database: Database, story: Story) -> None:
    one_line(story)
    with database.write() as session:
        more = update(BudgetLine).values(reserved=BudgetLine.reserved + Decimal("0.25"))
        session.execute(more.execution_options(synchronize_session=False))
    with database.read() as session:
        assert session.scalars(select(BudgetLine.reserved)).one() == Decimal("100.75")


def test_a_grant_takes_its_amount_from_what_is_free(story: Story) -> None:
    with story.database.read() as session:
        before = {line.title + str(line.year): line.free for line in budget_overview(session)}
    tell_micro_grant(story, Decimal("1234.56"))
    with story.database.read() as session:
        after = {line.title + str(line.year): line.free for line in budget_overview(session)}
    assert sum(before.values()) - sum(after.values()) == Decimal("1234.56")
