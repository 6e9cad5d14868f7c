"""Every transition of every definition happens through `fire`, and the promises hold on the way."""

from __future__ import annotations

import os
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from funding_app.demo.runner import Story
from funding_app.demo.world.initiative import add_applicant
from funding_app.engine.log.verify import verify
from funding_app.models import (
    Application,
    BudgetEntry,
    BudgetLine,
    Call,
    FundingShare,
    LabCapacity,
    LogRecord,
    Process,
    RoleAssignment,
    RuleValue,
    UserAccount,
    new_id,
)
from tests.support.meetings_and_calls import entrusted_agency
from tests.support.samples import amounts
from tests.support.wanderer import Place, Wanderer
from workflows.guards import GUARDS

pytestmark = [pytest.mark.slow, pytest.mark.both_databases]

SEED = int(os.environ.get("FUNDING_SEED", "2026"))
MOSTLY = 0.5
"""The part of all transitions that so many steps reach at least; with 100,000 it is all but few."""


def prepare(story: Story) -> None:
    """Money, hours and rates without end, more applicants, and both kinds of remedy."""
    with story.database.write() as session:
        session.execute(update(BudgetLine).values(available=Decimal("9000000000.00")))
        for ministry in story.world.ministries:
            title = session.scalars(
                select(BudgetLine.title).where(BudgetLine.ministry_id == ministry)
            ).first()
            for year in range(2029, 2100):
                session.add(
                    BudgetLine(
                        ministry_id=ministry, title=title, year=year, available=Decimal(10**10)
                    )
                )
        session.execute(update(Call).values(minimum_amount=Decimal("500.00")))
        session.execute(update(LabCapacity).values(hours=50_000))
        for year in range(2026, 2200):
            for month in (1, 7):
                if (year, month) > (2026, 1):
                    day = date(year, month, 1)
                    session.add(
                        RuleValue(
                            key="base_rate", valid_from=day, value="1.27", source="Test",
                            entered_at=story.now,
                        )
                    )  # fmt: skip
        for number in range(2, 8):
            add_applicant(session, story.world, number, f"Verein {number} e. V.", "Leipzig")
        for number in range(4, 10):
            person = UserAccount(
                id=new_id(), email=f"reviewer{number}@demo.example", name=f"Gutachten {number}",
                created_at=story.now,
            )  # fmt: skip
            session.add(person)
            session.flush()
            session.add(RoleAssignment(user_id=person.id, role="reviewer", granted_at=story.now))
            story.world.people[f"reviewer{number}"] = person.id
        entrusted_agency(session, story.world.calls["consortium_grant"])


def taken(session: Session) -> Counter[Place]:
    rows = session.execute(
        select(
            LogRecord.definition, LogRecord.event, LogRecord.from_state, func.count().label("times")
        ).group_by(LogRecord.definition, LogRecord.event, LogRecord.from_state)
    )
    return Counter(
        {(row.definition.split("@")[0], row.event, row.from_state): row.times for row in rows}
    )


@pytest.mark.parametrize("steps", amounts(2_500, 100_000))
def test_chance_leads_everywhere_and_breaks_nothing(story: Story, steps: int) -> None:
    prepare(story)
    wanderer = Wanderer(story, seed=SEED)
    for number in range(1, steps + 1):
        wanderer.step()
        if number % 100 == 0:
            with story.database.read() as session:
                wanderer.seen = taken(session)
    with story.database.read() as session:
        reached = set(taken(session))
        _sums_hold(session)
        _log_replays(session)
        _eyes_are_four(session, story)
        assert verify(session) == []
    every = {
        (one.key, arrow.event, arrow.source)
        for one in story.machinery.definitions.all()
        for arrow in one.transitions
    }
    missing = sorted(every - reached)
    print(f"{len(reached & every)} of {len(every)} transitions in {steps} steps")
    print(f"refusals: {dict(wanderer.refused.most_common())}")
    stuck = {place: times for place, times in wanderer.why.items() if times > 20}
    print("\n".join(f"{times} {place}" for place, times in stuck.items()))
    print("not taken:\n" + "\n".join(map(str, missing)))
    assert len(reached & every) >= MOSTLY * len(every)


def _sums_hold(session: Session) -> None:
    """Every line's columns are the sums of its entries, and every share's years its amount."""
    sums = {
        (row.budget_line_id, row.kind): row.amount
        for row in session.execute(
            select(
                BudgetEntry.budget_line_id,
                BudgetEntry.kind,
                func.sum(BudgetEntry.amount).label("amount"),
            ).group_by(BudgetEntry.budget_line_id, BudgetEntry.kind)
        )
    }
    for line in session.scalars(select(BudgetLine)):
        assert line.reserved == sums.get((line.id, "reserve"), 0)
        assert line.committed == sums.get((line.id, "commit"), 0)
        assert line.disbursed == sums.get((line.id, "disburse"), 0)
    for share in session.scalars(select(FundingShare)):
        assert sum(Decimal(text) for text in share.amounts.values()) == share.amount
    granted = session.execute(
        select(Application.granted, func.sum(FundingShare.amount))
        .join(FundingShare, FundingShare.application_id == Application.id)
        .where(Application.granted.is_not(None), Application.decision_kind == "grant")
        .group_by(Application.id, Application.granted)
    ).all()
    assert granted
    assert all(amount == shares for amount, shares in granted)


def _log_replays(session: Session) -> None:
    """From record to record the log leads to the state in which each process is."""
    states: dict[object, str] = {}
    for row in session.execute(
        select(LogRecord.process_id, LogRecord.from_state, LogRecord.to_state).order_by(
            LogRecord.process_id, LogRecord.seq
        )
    ):
        assert row.from_state == states.get(row.process_id, "")
        states[row.process_id] = row.to_state
    for process_id, state in session.execute(select(Process.id, Process.state)):
        assert states[process_id] == state


def _eyes_are_four(session: Session, story: Story) -> None:
    """Nobody has confirmed what they proposed, or done what another person must do.

    Of an event with a second person the proposer is its author.
    """
    watched = {
        (f"{one.key}@{one.version}", arrow.event, arrow.source): set(call.params["from"])
        for one in story.machinery.definitions.all()
        for arrow in one.transitions
        for call in arrow.guards
        if GUARDS[call.name].name == "different_person"
    }
    done: dict[object, dict[str, object]] = {}
    for row in session.scalars(select(LogRecord).order_by(LogRecord.process_id, LogRecord.seq)):
        assert row.proposer_id is None or row.proposer_id != row.actor_id
        by = done.setdefault(row.process_id, {})
        for event in watched.get((row.definition, row.event, row.from_state), ()):
            assert row.actor_id is None or by.get(event) != row.actor_id, (row.event, event)
        by[row.event] = row.proposer_id or row.actor_id
