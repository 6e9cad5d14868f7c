"""The log: one hash chain per process.

A record's hash is SHA-256 over its canonical JSON (RFC 8785), which holds the hash before it and
`sha256(salt ‖ payload)`. The payload itself stands in a row of its own that an erasure may empty
without breaking the chain.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

import rfc8785
from sqlalchemy.orm import Session

from funding_app.engine.storage.persist import insert_record, insert_words

GENESIS = "0" * 64


def plain(value: Any) -> Any:
    """The value as JSON can carry it: amounts and ids as text, instants in ISO 8601."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return _leaf(value)


def _leaf(value: Any) -> Any:
    if isinstance(value, Decimal | uuid.UUID):
        return str(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value


def _other(value: Any) -> Any:
    """What the encoder does not know by itself."""
    found = plain(value)
    if found is value:
        raise TypeError(f"{type(value).__name__} has no place in JSON")
    return found


encode = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, default=_other
).encode
_NUMBER = re.compile(r'[:\[,](?:(?<=":)|(?<=[\[,]))-?[0-9]+(?:[.eE]|[0-9]{15})')
"""A fraction or a long whole number where a JSON object or list can have one."""
_OFF_PLANE = re.compile("[\U00010000-\U0010ffff]")


def canonical(value: Any) -> bytes:
    """Canonical JSON by RFC 8785, of values whose names are texts.

    The standard library writes the same bytes, and faster, except for fractions, whole numbers
    beyond 2^53 and names outside the basic plane; where there may be one, the full rules apply.
    """
    text = encode(value)
    bare = isinstance(value, int | float)
    off_plane = not text.isascii() and _OFF_PLANE.search(text)
    if bare or off_plane or _NUMBER.search(text):
        return rfc8785.dumps(cast(Any, plain(value)))
    return text.encode()


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()


def payload_hash(salt: str, payload: str) -> str:
    """`sha256(salt ‖ payload)`: the salt keeps an erased payload from being guessed."""
    return hashlib.sha256(salt.encode() + payload.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Entry:
    """What a record says, apart from its place in the chain."""

    process_id: uuid.UUID
    event: str
    from_state: str
    to_state: str
    definition: str
    actor_id: uuid.UUID | None
    door: str
    at: datetime
    payload: Mapping[str, Any]
    proposer_id: uuid.UUID | None = None
    cites: str = ""


FIELDS = (
    "process_id", "seq", "event", "from_state", "to_state", "definition", "actor_id",
    "proposer_id", "door", "at", "payload_hash", "cites", "prev_hash",
)  # fmt: skip


def record_hash(record: Mapping[str, Any]) -> str:
    """The hash of a record given as a mapping that has at least `FIELDS`."""
    return digest({name: record[name] for name in FIELDS})


def link(entry: Entry, *, seq: int, prev_hash: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Record `seq` behind `prev_hash` with its hash, and the row of its payload."""
    salt = secrets.token_hex(16)
    payload = canonical(entry.payload).decode()
    record = {
        "process_id": entry.process_id,
        "seq": seq,
        "event": entry.event,
        "from_state": entry.from_state,
        "to_state": entry.to_state,
        "definition": entry.definition,
        "actor_id": entry.actor_id,
        "proposer_id": entry.proposer_id,
        "door": entry.door,
        "at": entry.at,
        "payload_hash": payload_hash(salt, payload),
        "cites": entry.cites,
        "prev_hash": prev_hash or GENESIS,
    }
    record["hash"] = record_hash(record)
    words = {"process_id": entry.process_id, "seq": seq, "salt": salt, "payload": payload}
    return record, words


def append(session: Session, entry: Entry, *, seq: int, prev_hash: str) -> str:
    """Writes record `seq` behind `prev_hash`; returns its hash."""
    record, words = link(entry, seq=seq, prev_hash=prev_hash)
    insert_record.run(session, record)
    insert_words.run(session, words)
    return str(record["hash"])
