"""Canonical JSON: the quick way writes the bytes that RFC 8785 demands."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from decimal import Decimal

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from funding_app.engine.log.chain import canonical

LARGEST = 2**53 - 1
leaves = (
    st.none()
    | st.booleans()
    | st.integers(-LARGEST, LARGEST)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
)
names = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(names, inner))


@given(values)
def test_it_is_what_the_standard_says(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


def test_names_outside_the_basic_plane_sort_by_utf_16() -> None:
    assert canonical({"\ue000": 1, "\U0001f600": 2}) == '{"\U0001f600":2,"\ue000":1}'.encode()


def test_amounts_ids_and_instants_become_text() -> None:
    at = datetime(2026, 2, 2, 9, tzinfo=UTC)
    value = {"b": Decimal("1.50"), "a": uuid.UUID(int=1), "c": [at, at.date()], "d": (True, None)}
    assert canonical(value) == (
        b'{"a":"00000000-0000-0000-0000-000000000001","b":"1.50",'
        b'"c":["2026-02-02T09:00:00+00:00","2026-02-02"],"d":[true,null]}'
    )


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53 + 1, "\ud800"])
def test_what_json_can_not_carry_is_refused(value: object) -> None:
    with pytest.raises(ValueError):
        canonical({"a": value})
