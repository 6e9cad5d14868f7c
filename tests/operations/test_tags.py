"""Tags in a column: what is written is read, and each is found by itself, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from funding_app.models import Process
from funding_app.models.types import tagged
from tests.support.rows import Rows
from workflows.vocabulary import Tag

pytestmark = pytest.mark.both_databases


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ((Tag.FINAL,), {"active", "closed"}),
        ((Tag.DRAWS_MONEY,), {"active"}),
        ((Tag.DRAWS_MONEY, Tag.DRAFT), {"active", "draft"}),
        ((Tag.NOTIFIED,), set()),
        ((Tag.IN_SESSION,), set()),
    ],
)
def test_each_tag_is_found_by_itself(rows: Rows, asked: tuple[Tag, ...], found: set[str]) -> None:
    for state in ("draft", "active", "closed", "formal_check"):
        rows.case(state)
    rows.meeting("minutes_drafted")
    wanted = select(Process.state).where(tagged(Process.tags, *asked))
    assert set(rows.session.scalars(wanted)) == found


def test_tags_are_read_as_they_were_written(rows: Rows) -> None:
    case = rows.case("active")
    rows.session.expire_all()
    assert case.tags == {Tag.DURATION_PUBLISHED, Tag.FINAL, Tag.DRAWS_MONEY}
