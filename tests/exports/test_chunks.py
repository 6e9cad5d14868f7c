"""A large export needs no more memory than a small one, and is read only as it is taken."""

from __future__ import annotations

import tracemalloc
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import event, insert, select

from funding_app.demo.runner import Story
from funding_app.exports import export
from funding_app.models import Application, FundingShare, Process, new_id
from funding_app.queries.operations.exports import CHUNK
from tests.exports.reading import submit

pytestmark = pytest.mark.both_databases

FEW, MANY = 2 * CHUNK, 12 * CHUNK


def _copies(story: Story, table: Any, ids: list[Any], **values: Any) -> list[dict[str, Any]]:
    with story.database.read() as session:
        row: Mapping[str, Any] = session.execute(
            select(table).where(table.c.id == story.case_id)
        ).mappings().one()  # fmt: skip
    return [{**row, **values, "id": each} for each in ids]


def multiply(story: Story, count: int) -> None:
    """That many copies of the present case, with a share of a ministry each."""
    ids = [new_id() for _number in range(count)]
    shares = [
        {"application_id": each, "ministry_id": story.world.ministries[0], "position": 0,
         "percent": 100, "amount": 900, "amounts": {}, "budget_title": "1101 684 21"}
        for each in ids
    ]  # fmt: skip
    processes = _copies(story, Process.__table__, ids)
    for each in processes:
        each["root_id"] = each["id"]
    applications = _copies(story, Application.__table__, ids)
    with story.database.write() as session:
        session.execute(insert(Process.__table__), processes)
        session.execute(insert(Application.__table__), applications)
        session.execute(insert(FundingShare.__table__), shares)


def peak(story: Story, format: str) -> tuple[int, int]:
    """The bytes of memory that an export needed at most, and the bytes it wrote."""
    with story.database.read() as session:
        tracemalloc.start()
        made = export(session, "applications", format=format, person=None)
        size = sum(map(len, made.chunks))
        needed = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return needed, size


@pytest.mark.slow
@pytest.mark.parametrize("format", ["csv", "csv-de", "json", "xlsx"])
def test_memory_does_not_grow_with_the_rows(story: Story, format: str) -> None:
    submit(story, "Viele davon")
    multiply(story, FEW)
    peak(story, format)  # what is loaded once
    few, small = peak(story, format)
    multiply(story, MANY - FEW)
    many, large = peak(story, format)
    assert large > 2 * small
    assert many < 2 * few  # what is collected late varies, six times the rows would show


def test_queries_grow_with_the_chunks_only(story: Story) -> None:
    submit(story, "Viele davon")
    multiply(story, 2 * CHUNK)
    statements: list[str] = []
    event.listen(
        story.database.engine, "before_cursor_execute", lambda *args: statements.append(args[2])
    )
    with story.database.read() as session:
        made = export(session, "applications", format="csv", person=None)
        assert statements == []
        assert sum(chunk.count(b"\r\n") for chunk in made.chunks) == 2 * CHUNK + 2
    assert len([each for each in statements if each.startswith("SELECT")]) == 1 + 3
