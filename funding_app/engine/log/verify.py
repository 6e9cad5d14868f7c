"""Does the log still say what was written? Chains, heads, payloads, seals and anchors."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from funding_app.engine.log.chain import GENESIS, payload_hash, record_hash
from funding_app.engine.log.seal import merkle_root, seal_hash
from funding_app.models import AuditSeal, LogPayload, LogRecord, Process, SealedRecord

BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in the log that is not as it was written."""

    code: str
    process_id: uuid.UUID | None
    seq: int | None
    detail: str = ""


def _records(session: Session) -> Iterator[Mapping[str, Any]]:
    columns = list(LogRecord.__table__.c)
    statement = (
        select(*columns, LogPayload.salt, LogPayload.payload)
        .outerjoin(
            LogPayload,
            (LogPayload.process_id == LogRecord.process_id) & (LogPayload.seq == LogRecord.seq),
        )
        .order_by(LogRecord.process_id, LogRecord.seq)
        .execution_options(yield_per=BATCH)
    )
    for row in session.execute(statement).mappings():
        yield dict(row)


def _check_record(record: Mapping[str, Any], seq: int, previous: str) -> Iterator[str]:
    if record["seq"] != seq:
        yield "record_missing"
    if record["prev_hash"] != previous:
        yield "chain_broken"
    if record_hash(record) != record["hash"]:
        yield "record_edited"
    if record["payload"] is not None and (
        payload_hash(record["salt"] or "", record["payload"]) != record["payload_hash"]
    ):
        yield "payload_edited"


def check_chains(session: Session) -> Iterator[Finding]:
    """Findings in every chain, and heads that the process rows do not know."""
    heads = {
        row.id: (row.log_seq, row.log_head)
        for row in session.execute(select(Process.id, Process.log_seq, Process.log_head))
    }
    for process_id, chain in groupby(_records(session), key=lambda record: record["process_id"]):
        previous, seq = GENESIS, 0
        for record in chain:
            expected = seq + 1
            for code in _check_record(record, expected, previous):
                yield Finding(code, process_id, record["seq"])
            previous, seq = record["hash"], record["seq"]
        if heads.pop(process_id, None) != (seq, previous):
            yield Finding("head_differs", process_id, seq)
    for process_id, (seq, _head) in heads.items():
        yield Finding("chain_missing", process_id, seq)


def _leaves(session: Session) -> dict[int, list[str | None]]:
    statement = (
        select(SealedRecord.seal_number, LogRecord.hash)
        .outerjoin(LogRecord, LogRecord.id == SealedRecord.record_id)
        .order_by(SealedRecord.seal_number, SealedRecord.leaf)
    )
    found: dict[int, list[str | None]] = {}
    for number, leaf in session.execute(statement):
        found.setdefault(number, []).append(leaf)
    return found


def _seal_rows(session: Session) -> list[dict[str, Any]]:
    names = AuditSeal.__table__.c.keys()
    return [
        {name: getattr(made, name) for name in names}
        for made in session.scalars(select(AuditSeal).order_by(AuditSeal.number))
    ]


def check_seals(session: Session) -> Iterator[Finding]:
    """Findings in the seals and in what they cover."""
    leaves = _leaves(session)
    previous = GENESIS
    for made in _seal_rows(session):
        covered = leaves.get(made["number"], [])
        missing = any(leaf is None for leaf in covered) or len(covered) != made["records"]
        if missing or merkle_root([leaf for leaf in covered if leaf]) != made["merkle_root"]:
            yield Finding("sealed_records_differ", None, made["number"])
        if made["prev_hash"] != previous or seal_hash(made) != made["hash"]:
            yield Finding("seal_edited", None, made["number"])
        previous = made["hash"]


def check_anchors(session: Session, anchors: Iterable[Mapping[str, Any]]) -> Iterator[Finding]:
    """Findings against seals kept elsewhere: a cut tail, a complete rewrite."""
    stored = {made["number"]: made for made in _seal_rows(session)}
    for anchor in anchors:
        made = stored.get(int(anchor["number"]))
        if made is None:
            yield Finding("seal_missing", None, int(anchor["number"]))
        elif made["hash"] != anchor["hash"] or made["merkle_root"] != anchor["merkle_root"]:
            yield Finding("anchor_differs", None, int(anchor["number"]))


def verify(session: Session, anchors: Iterable[Mapping[str, Any]] | None = None) -> list[Finding]:
    """Everything that is wrong with the log, in the order in which it was found."""
    findings = [*check_chains(session), *check_seals(session)]
    return findings + (list(check_anchors(session, anchors)) if anchors is not None else [])
