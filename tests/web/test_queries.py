"""No page needs more than twelve queries, nor more with more rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select

from funding_app.demo.runner import (
    Story,
    grant_answers,
    micro_answers,
    tell_grant,
    tell_to_active,
    tell_to_consultation,
)
from funding_app.models import Process
from tests.fixtures.pages import SignIn

pytestmark = pytest.mark.both_databases

MOST = 12
PERIOD = ("2026-04-01", "2026-12-31")
PEOPLE = ("officer", "office", "expert2", "lead", "certifier", "reviewer1", "applicant1", "admin")
LISTS = ("/", "/calls", "/calls/find?applicant=association&own_share=no", "/leichte-sprache",
         "/calls/cc-gemeinsam-2026", "/projects", "/tasks", "/cases", "/budget",
         "/calls/cc-gemeinsam-2026/ranking", "/calls/cc-gemeinsam-2026/scores",
         "/admin/reviewers", "/cases?sort=due", "/cases?q=Klartext")  # fmt: skip


@contextmanager
def counted(story: Story) -> Iterator[list[str]]:
    """The statements sent to the database meanwhile, without those that begin and end."""
    statements: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("SELECT"):
            statements.append(statement)

    event.listen(story.database.engine, "before_cursor_execute", note)
    yield statements
    event.remove(story.database.engine, "before_cursor_execute", note)


def queries(story: Story, client: FlaskClient, path: str) -> int | None:
    """How many queries a page needs; `None` where the person may not see it."""
    with counted(story) as statements:
        answer = client.get(path)
    assert answer.status_code in (200, 404), path
    return len(statements) if answer.status_code == 200 else None


def tell_many(story: Story) -> None:
    story.apply("grant_case", grant_answers(Decimal("80000.00"), *PERIOD, "Unvollständig"))
    story.act("applicant1", "submit")
    story.act("officer", "start_check", {"no_conflict": True})
    story.act("officer", "request_info", {"items": "Satzung\nRegisterauszug"})
    story.apply("grant_case", grant_answers(Decimal("90000.00"), *PERIOD, "Ein Entwurf"))
    story.apply("micro_grant", micro_answers(Decimal("900.00"), *PERIOD, "Klein"))
    story.act("applicant1", "submit")
    story.act("officer", "start_check", {"no_conflict": True})
    tell_to_consultation(story, Decimal("100000.00"), *PERIOD)
    tell_to_active(story, Decimal("70000.00"), *PERIOD)


def test_no_page_needs_more_than_twelve_queries(story: Story, sign_in: SignIn) -> None:
    tell_many(story)
    with story.database.read() as session:
        cases = [f"/cases/{process_id}" for process_id in session.scalars(select(Process.id))]
    histories = [f"{case}/history" for case in cases]
    for path in cases:  # forms are looked up once, the first time
        sign_in("officer").get(path)
    needed = {
        (who, path): count
        for who in PEOPLE
        for client in [sign_in(who)]
        for path in (*LISTS, *cases, *histories)
        if (count := queries(story, client, path)) is not None
    }
    assert len(needed) > len(PEOPLE) * len(LISTS)
    assert {page: count for page, count in needed.items() if count > MOST} == {}


@pytest.mark.slow
def test_more_rows_need_no_more_queries(story: Story, sign_in: SignIn) -> None:
    tell_grant(story, Decimal("60000.00"), *PERIOD)
    clients = {who: sign_in(who) for who in PEOPLE}
    for path in LISTS:  # forms are looked up once, the first time
        clients["officer"].get(path)
    few = {(who, path): queries(story, clients[who], path) for who in PEOPLE for path in LISTS}
    for _round in range(3):
        tell_many(story)
        story.now += timedelta(days=1)
    clients = {who: sign_in(who) for who in PEOPLE}
    many = {(who, path): queries(story, clients[who], path) for who in PEOPLE for path in LISTS}
    grown = {page: (few[page], many[page]) for page in few if few[page] != many[page]}
    assert grown == {}
