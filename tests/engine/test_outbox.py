"""The outbox: who has lost a message changes nothing of it any more."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from funding_app.engine import outbox
from funding_app.models import OutboxMessage
from tests.support.rows import NOW, Rows

pytestmark = pytest.mark.both_databases
MOMENT = timedelta(microseconds=1)


def deliver(rows: Rows, key: str = "a", due: datetime = NOW) -> uuid.UUID:
    outbox.deliver(rows.session, "job", key, {}, due)
    return rows.session.scalars(
        select(OutboxMessage.id).where(OutboxMessage.dedup_key == key)
    ).one()


def claim(rows: Rows, message: uuid.UUID, now: datetime = NOW, epoch: str = "1") -> Any:
    outbox.dispatch(rows.session, epoch, now)
    return outbox.claim(rows.session, message, now)


def row(rows: Rows, message: uuid.UUID) -> OutboxMessage:
    return rows.session.get_one(OutboxMessage, message, populate_existing=True)


def lost(rows: Rows) -> tuple[Any, Any]:
    """A message whose first worker took longer than its lease, and who has it now."""
    message = deliver(rows)
    first = claim(rows, message)
    late = NOW + outbox.LEASE + MOMENT
    assert outbox.sweep(rows.session, "1", late) == 1
    second = claim(rows, message, late)
    assert second.token != first.token
    return first, second


def test_a_worker_that_has_lost_its_lease_does_not_finish(rows: Rows) -> None:
    first, second = lost(rows)
    assert not outbox.finish(rows.session, first, NOW)
    assert row(rows, first.id).state == "running"
    assert outbox.finish(rows.session, second, NOW)
    done = row(rows, first.id)
    assert (done.state, done.done_at, done.lease_until) == ("done", NOW, None)
    assert not outbox.finish(rows.session, second, NOW)


def test_nor_does_it_put_the_message_back(rows: Rows) -> None:
    first, _second = lost(rows)
    outbox.fail(rows.session, first, "late", NOW)
    outbox.postpone(rows.session, first, "late", NOW)
    kept = row(rows, first.id)
    assert (kept.state, kept.attempts, kept.last_error) == ("running", 2, None)


def test_a_lease_that_was_swept_up_is_lost_though_nobody_has_it_yet(rows: Rows) -> None:
    message = deliver(rows)
    first = claim(rows, message)
    outbox.sweep(rows.session, "1", NOW + outbox.LEASE + MOMENT)
    assert not outbox.finish(rows.session, first, NOW)
    assert row(rows, message).state == "pending"


def test_a_stopped_message_is_not_finished(rows: Rows) -> None:
    message = deliver(rows)
    claimed = claim(rows, message)
    assert outbox.stop(rows.session, message, outbox.Act(rows.person.id, NOW))
    assert not outbox.finish(rows.session, claimed, NOW)


def test_a_message_is_due_at_its_instant(rows: Rows) -> None:
    message = deliver(rows, due=NOW)
    assert outbox.dispatch(rows.session, "1", NOW - MOMENT) == []
    assert outbox.dispatch(rows.session, "1", NOW) == [message]
    assert outbox.dispatch(rows.session, "1", NOW) == []


def test_what_is_due_is_due_by_the_time_of_business(rows: Rows) -> None:
    message = deliver(rows, due=NOW)
    assert outbox.dispatch(rows.session, "1", NOW + timedelta(days=1), NOW - MOMENT) == []
    assert outbox.dispatch(rows.session, "1", NOW - timedelta(days=1), NOW) == [message]


def test_what_was_delivered_twice_is_there_once(rows: Rows) -> None:
    assert deliver(rows) == deliver(rows)


def test_only_one_worker_gets_a_message(rows: Rows) -> None:
    message = deliver(rows)
    assert outbox.claim(rows.session, message, NOW) is None, "nobody has handed it out"
    assert claim(rows, message) is not None
    assert outbox.claim(rows.session, message, NOW) is None


def test_a_lease_holds_to_its_last_moment(rows: Rows) -> None:
    message = deliver(rows)
    claim(rows, message)
    assert outbox.sweep(rows.session, "1", NOW + outbox.LEASE) == 0
    assert outbox.sweep(rows.session, "1", NOW + outbox.LEASE + MOMENT) == 1


def test_what_an_emptied_broker_had_comes_back_at_once(rows: Rows) -> None:
    """A new epoch brings back what was only handed out, not what a worker has in its hands."""
    handed_out, held = deliver(rows, "a"), deliver(rows, "b")
    outbox.dispatch(rows.session, "1", NOW)
    outbox.claim(rows.session, held, NOW)
    assert outbox.sweep(rows.session, "2", NOW) == 1
    assert row(rows, handed_out).state == "pending"
    assert row(rows, held).state == "running"


def test_no_more_is_handed_out_than_the_window_holds(rows: Rows) -> None:
    for number in range(outbox.WINDOW + 2):
        deliver(rows, str(number))
    first = outbox.dispatch(rows.session, "1", NOW)
    assert len(first) == outbox.WINDOW
    assert outbox.dispatch(rows.session, "1", NOW) == []
    claimed = outbox.claim(rows.session, first[0], NOW)
    assert claimed is not None
    assert outbox.dispatch(rows.session, "1", NOW) == [], "what is in hand counts as well"
    outbox.finish(rows.session, claimed, NOW)
    assert len(outbox.dispatch(rows.session, "1", NOW)) == 1


def test_the_last_attempt_that_fails_is_dead_and_the_one_before_is_not(rows: Rows) -> None:
    message = deliver(rows)
    now = NOW
    for attempt in range(1, 9):
        now += timedelta(days=1)
        outbox.fail(rows.session, claim(rows, message, now), "no", now)
        assert row(rows, message).state == ("dead" if attempt == 8 else "pending")
    assert outbox.dispatch(rows.session, "1", now + timedelta(days=1)) == []
    assert [each["id"] for each in outbox.failures(rows.session)] == [str(message)]


def test_each_attempt_waits_twice_as_long_up_to_a_limit(rows: Rows) -> None:
    message, now, waits = deliver(rows), NOW, []
    for _attempt in range(7):
        now += timedelta(days=1)
        outbox.fail(rows.session, claim(rows, message, now), "no", now)
        until = row(rows, message).lease_until
        assert until is not None
        assert outbox.dispatch(rows.session, "1", until - MOMENT) == []
        waits.append((until - now).total_seconds())
    assert waits == [5, 10, 20, 40, 80, 80, 80]


def test_waiting_for_something_else_is_no_attempt(rows: Rows) -> None:
    message = deliver(rows)
    outbox.postpone(rows.session, claim(rows, message), "scanner", NOW)
    kept = row(rows, message)
    assert (kept.state, kept.attempts, kept.last_error) == ("pending", 0, "scanner")
    assert outbox.dispatch(rows.session, "1", NOW + outbox.LATER - MOMENT) == []
    assert outbox.dispatch(rows.session, "1", NOW + outbox.LATER) == [message]


def test_a_dead_message_has_all_its_attempts_again(rows: Rows) -> None:
    message = deliver(rows)
    rows.change(row(rows, message), state="dead", attempts=8)
    by = outbox.Act(rows.person.id, NOW + outbox.LATER, "noch einmal")
    assert outbox.revive(rows.session, message, by)
    kept = row(rows, message)
    assert (kept.state, kept.attempts, kept.due_at) == ("pending", 0, by.at)
    assert not outbox.revive(rows.session, message, by), "nothing is left to revive"


def test_how_many_are_where_counts_the_stopped_apart(rows: Rows) -> None:
    deliver(rows, "a")
    stopped = deliver(rows, "b")
    finished = deliver(rows, "c")
    outbox.stop(rows.session, stopped, outbox.Act(rows.person.id, NOW))
    outbox.finish(rows.session, claim(rows, finished), NOW)
    assert outbox.status(rows.session) == {"dispatched": 1, "stopped": 1}
    assert not outbox.stop(rows.session, finished, outbox.Act(rows.person.id, NOW))
