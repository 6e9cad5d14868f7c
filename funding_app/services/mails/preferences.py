"""Choosing what to hear of by mail, and the daily mail of those who want one.

What the law or a deadline needs has no topic and so no choice: receipts, decisions, requests of
the office to an applicant.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime, time, timedelta

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from funding_app.access import APPLICANT_ROLES
from funding_app.engine.outbox import deliver
from funding_app.models import DigestLine, NotificationChoice, Process
from funding_app.models.database import upsert
from funding_app.queries.mails.preferences import (
    DAILY,
    DIGEST,
    NONE,
    TOPICS,
    untold,
    waiting_for_digest,
    ways_of,
)
from funding_app.services.operations.clock import BERLIN
from workflows import Registry
from workflows.vocabulary.tags import Tag

DIGEST_AT = time(7)
TOLD_AT_ONCE = 200


def choose(session: Session, user_id: uuid.UUID, ways: Mapping[str, str]) -> None:
    """Keeps how a person wants to hear of these topics."""
    for topic, way in ways.items():
        kept = upsert(session, NotificationChoice).values(user_id=user_id, topic=topic, way=way)
        changed = kept.on_conflict_do_update(
            index_elements=["user_id", "topic"], set_={"way": kept.excluded.way}
        )
        session.execute(changed)


def unsubscribe(session: Session, user_id: uuid.UUID, topic: str) -> list[str]:
    """Ends the mails of a topic, or all that come with the daily mail; says which they were.

    What waits for the daily mail of it is no longer wanted either.
    """
    ended = [name for name, way in ways_of(session, user_id).items() if _is_meant(name, way, topic)]
    choose(session, user_id, dict.fromkeys(ended, NONE))
    waiting = DigestLine.user_id == user_id, DigestLine.topic.in_(ended)
    session.execute(delete(DigestLine).where(*waiting))
    return ended


def _is_meant(name: str, way: str, topic: str) -> bool:
    return way == DAILY if topic == DIGEST else name == topic


def _serializer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="unsubscribe")


def unsubscribe_token(secret: str, user_id: uuid.UUID, topic: str) -> str:
    """What a link to unsubscribe bears: it is signed, lasts, and can do nothing else."""
    return str(_serializer(secret).dumps([user_id.hex, topic]))


def read_token(secret: str, token: str) -> tuple[uuid.UUID, str] | None:
    """Whose mails of which topic a link ends; `None` for one that was not made here."""
    try:
        user_id, topic = _serializer(secret).loads(token)
    except BadSignature:
        return None
    return (uuid.UUID(user_id), topic) if topic in (*TOPICS, DIGEST) else None


def tell_states(session: Session, definitions: Registry, now: datetime) -> int:
    """Queues a mail about each process whose state its applicants have not heard of.

    Steps that follow each other quickly are told as one.
    """
    found = untold(session, TOLD_AT_ONCE)
    for process in found:
        if _is_news(process, definitions):
            payload = {"kind": "status", "process_id": str(process.id), "state": process.state}
            key = f"mails:status:{process.id}:{process.log_seq}"
            deliver(session, "write_mails", key, payload, now)
    told = update(Process).where(Process.id.in_([process.id for process in found]))
    session.execute(told.values(told_state=Process.state))
    return len(found)


def _is_news(process: Process, definitions: Registry) -> bool:
    """Whether applicants see the process, and no mail of its own tells them of the state.

    A receipt tells of the first step, a request of what waits for themselves; that something has
    ended is told in any case.
    """
    if process.organisation_id is None or Tag.INTERNAL in process.tags:
        return False
    definition = definitions.get(process.definition_key, process.definition_version)
    state = definition.states[process.state]
    begun = process.told_state != definition.initial
    return state.terminal or (begun and state.owner not in APPLICANT_ROLES)


def keep_line(
    session: Session, key: str, user_id: uuid.UUID, line: Mapping[str, str], now: datetime
) -> None:
    """Keeps a line (`topic`, `text`, `link`) for a person's next daily mail; a repeat is none."""
    values = {"dedup_key": f"{key}:{user_id}", "user_id": user_id, "created_at": now, **line}
    kept = upsert(session, DigestLine).values(values)
    session.execute(kept.on_conflict_do_nothing(index_elements=["dedup_key"]))


def take_lines(session: Session, ids: Collection[uuid.UUID]) -> None:
    """Takes lines out that stand in a daily mail now."""
    session.execute(delete(DigestLine).where(DigestLine.id.in_(ids)))


def request_digests(session: Session, now: datetime) -> int:
    """Queues the daily mail of everybody for whom something waits since before its hour."""
    until = last_digest_hour(now)
    people = waiting_for_digest(session, until)
    for user_id in people:
        payload = {"kind": DIGEST, "user_id": str(user_id), "until": until.isoformat()}
        key = f"mails:digest:{user_id}:{until.isoformat()}"
        deliver(session, "write_mails", key, payload, now)
    return len(people)


def last_digest_hour(now: datetime) -> datetime:
    """The last time the daily mails were due, by the local clock."""
    local = now.astimezone(BERLIN)
    day = local.date() if local.time() >= DIGEST_AT else local.date() - timedelta(days=1)
    return datetime.combine(day, DIGEST_AT, BERLIN)
