"""Seals: Merkle roots over the log at short intervals, to be kept elsewhere.

A chain alone proves little, because whoever can write the table can write all of it anew. A seal's
root over the hashes of all records new since the last one, kept in another place, shows a cut
tail and a complete rewrite. The tree is that of RFC 9162, section 2.1.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from funding_app.engine.log.chain import GENESIS, digest
from funding_app.models import AuditSeal, LogRecord, SealedRecord

MOST_PER_SEAL = 100_000


def merkle_root(leaves: Sequence[str]) -> str:
    """The root over hexadecimal record hashes (RFC 9162, 2.1.1)."""
    level = [hashlib.sha256(b"\x00" + bytes.fromhex(leaf)).digest() for leaf in leaves]
    if not level:
        return hashlib.sha256(b"").hexdigest()
    while len(level) > 1:
        pairs = [
            hashlib.sha256(b"\x01" + level[i] + level[i + 1]).digest()
            for i in range(0, len(level) - 1, 2)
        ]
        level = pairs + level[len(level) - len(level) % 2 :]
    return level[0].hex()


def seal_hash(seal: dict[str, Any]) -> str:
    """The hash that chains a seal to the one before it."""
    return digest(
        {name: seal[name] for name in ("number", "at", "records", "merkle_root", "prev_hash")}
    )


def _unsealed(session: Session) -> Sequence[Any]:
    return session.execute(
        select(LogRecord.id, LogRecord.hash)
        .outerjoin(SealedRecord, SealedRecord.record_id == LogRecord.id)
        .where(SealedRecord.record_id.is_(None))
        .order_by(LogRecord.id)
        .limit(MOST_PER_SEAL)
    ).all()


def seal(session: Session, now: datetime) -> AuditSeal | None:
    """Seals what is new; `None` where nothing is."""
    records = _unsealed(session)
    if not records:
        return None
    last = session.scalars(select(AuditSeal).order_by(AuditSeal.number.desc()).limit(1)).first()
    values: dict[str, Any] = {
        "number": last.number + 1 if last else 1,
        "at": now,
        "records": len(records),
        "merkle_root": merkle_root([record.hash for record in records]),
        "prev_hash": last.hash if last else GENESIS,
    }
    made = AuditSeal(**values, hash=seal_hash(values))
    session.add(made)
    session.execute(
        insert(SealedRecord),
        [
            {"record_id": record.id, "seal_number": values["number"], "leaf": leaf}
            for leaf, record in enumerate(records)
        ],
    )
    return made


def anchors(session: Session) -> list[dict[str, Any]]:
    """All seals as plain values: the file to keep elsewhere."""
    return [
        {
            "number": made.number,
            "at": made.at.isoformat(),
            "records": made.records,
            "merkle_root": made.merkle_root,
            "prev_hash": made.prev_hash,
            "hash": made.hash,
        }
        for made in session.scalars(select(AuditSeal).order_by(AuditSeal.number))
    ]
