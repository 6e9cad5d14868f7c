"""The repeated click: one key, one answer, one person."""

from __future__ import annotations

import pytest

from funding_app.engine import KeyReused
from funding_app.engine.idempotency import answered, store
from tests.support.rows import NOW, Rows

pytestmark = pytest.mark.both_databases


def test_the_same_key_with_other_data_is_refused(rows: Rows) -> None:
    store(rows.session, rows.person.id, "key", "hash", {"state": "submitted"}, NOW)
    assert answered(rows.session, rows.person.id, "key", "hash") == {"state": "submitted"}
    with pytest.raises(KeyReused):
        answered(rows.session, rows.person.id, "key", "another hash")


def test_a_key_is_its_persons_own(rows: Rows) -> None:
    other = rows.account("other")
    store(rows.session, rows.person.id, "key", "hash", {"state": "submitted"}, NOW)
    assert answered(rows.session, other.id, "key", "another hash") is None
    assert answered(rows.session, rows.person.id, "another key", "another hash") is None
