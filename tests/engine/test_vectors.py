"""What is hashed, as literals: writer and checker share their code, and could both forget a field.

Whoever changes a literal here breaks every log that was kept.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from funding_app.engine import Command
from funding_app.engine.idempotency import request_hash
from funding_app.engine.log import chain
from funding_app.engine.log.seal import merkle_root, seal_hash
from funding_app.models import AuditSeal, LogRecord

AT = datetime(2026, 6, 15, 10, tzinfo=UTC)
RECORD: dict[str, Any] = {
    "process_id": uuid.UUID(int=1),
    "seq": 2,
    "event": "submit",
    "from_state": "draft",
    "to_state": "submitted",
    "definition": "grant_case@1",
    "actor_id": uuid.UUID(int=2),
    "proposer_id": uuid.UUID(int=3),
    "door": "page",
    "at": AT,
    "payload_hash": "a" * 64,
    "cites": "b" * 64,
    "prev_hash": "c" * 64,
}
RECORD_JSON = (
    '{"actor_id":"00000000-0000-0000-0000-000000000002","at":"2026-06-15T10:00:00+00:00",'
    f'"cites":"{"b" * 64}","definition":"grant_case@1","door":"page","event":"submit",'
    f'"from_state":"draft","payload_hash":"{"a" * 64}","prev_hash":"{"c" * 64}",'
    '"process_id":"00000000-0000-0000-0000-000000000001",'
    '"proposer_id":"00000000-0000-0000-0000-000000000003","seq":2,"to_state":"submitted"}'
)
RECORD_HASH = "562372bbac57b15a7de2b7408b45dd82392c58069a7e81556bbfd92dbbe20b75"
SEAL: dict[str, Any] = {
    "number": 2,
    "at": AT,
    "records": 3,
    "merkle_root": "d" * 64,
    "prev_hash": "e" * 64,
}
SEAL_HASH = "ec97e9319122255b6758a84a9119a85b28d71f8e577f65184974236f3bb288f0"
OTHERS = {int: 9, str: "x", uuid.UUID: uuid.UUID(int=9), datetime: AT + timedelta(microseconds=1)}

LEAVES = (
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
)
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
"""The roots over the first so many leaves: the examples of the reference implementation of
RFC 6962 (google/certificate-transparency, merkletree), whose tree RFC 9162 keeps."""


def test_a_record_is_hashed_as_this_text() -> None:
    assert chain.canonical(RECORD).decode() == RECORD_JSON
    assert chain.record_hash(RECORD) == RECORD_HASH


@pytest.mark.parametrize("name", RECORD)
def test_the_hash_of_a_record_covers_each_field(name: str) -> None:
    changed = RECORD | {name: OTHERS[type(RECORD[name])]}
    assert chain.record_hash(changed) != RECORD_HASH


def test_a_record_has_no_other_fields() -> None:
    assert {column.key for column in LogRecord.__table__.c} == {*RECORD, "id", "hash"}


def test_a_payload_is_hashed_behind_its_salt() -> None:
    # printf 'salt{"a":1}' | sha256sum
    expected = "38df60ba354b2e5e7df624bb10feb2b4b8b465ef6523fd28e321b537cba57566"
    assert chain.payload_hash("salt", '{"a":1}') == expected


def test_a_record_is_linked_with_all_it_says() -> None:
    entry = chain.Entry(
        process_id=RECORD["process_id"],
        event="submit",
        from_state="draft",
        to_state="submitted",
        definition="grant_case@1",
        actor_id=RECORD["actor_id"],
        proposer_id=RECORD["proposer_id"],
        door="page",
        at=AT,
        payload={"ä": [1, None]},
        cites="b" * 64,
    )
    record, words = chain.link(entry, seq=2, prev_hash="c" * 64)
    assert words["payload"] == '{"ä":[1,null]}'
    assert len(bytes.fromhex(words["salt"])) == 16
    assert (words["process_id"], words["seq"]) == (entry.process_id, 2)
    hashed = chain.payload_hash(words["salt"], words["payload"])
    assert record == RECORD | {
        "payload_hash": hashed,
        "hash": chain.record_hash(RECORD | {"payload_hash": hashed}),
    }
    first, other_words = chain.link(entry, seq=1, prev_hash="")
    assert first["prev_hash"] == "0" * 64
    assert other_words["salt"] != words["salt"]


@pytest.mark.parametrize("count", range(len(ROOTS)))
def test_the_root_over_leaves_is_that_of_the_standard(count: int) -> None:
    assert merkle_root(LEAVES[:count]) == ROOTS[count]


def test_a_seal_is_hashed_with_all_its_fields() -> None:
    assert seal_hash(SEAL) == SEAL_HASH
    assert {column.key for column in AuditSeal.__table__.c} == {*SEAL, "hash"}


@pytest.mark.parametrize("name", SEAL)
def test_the_hash_of_a_seal_covers_each_field(name: str) -> None:
    assert seal_hash(SEAL | {name: OTHERS[type(SEAL[name])]}) != SEAL_HASH


COMMAND = Command(uuid.UUID(int=1), "grant", uuid.UUID(int=2), AT, {"amount": "1.00"}, "Grund")


@pytest.mark.parametrize(
    "change",
    [{"process_id": uuid.UUID(int=9)}, {"event": "reject"}, {"data": {"amount": "1.01"}},
     {"data": {}}, {"reason": "Anderer Grund"}],
    ids=str,
)  # fmt: skip
def test_a_key_stands_for_target_event_data_and_reason(change: dict[str, Any]) -> None:
    assert request_hash(replace(COMMAND, **change)) != request_hash(COMMAND)


def test_a_key_stands_for_the_same_when_pressed_again_later() -> None:
    later = replace(COMMAND, when=AT + timedelta(minutes=1), expected_version=7, door="api")
    assert request_hash(later) == request_hash(COMMAND)
