"""When a session, a token or a count of attempts ends: to the moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from funding_app.models import ApiToken
from funding_app.services.people import accounts
from funding_app.services.people.accounts import (
    ABSOLUTE,
    IDLE,
    TooManyAttempts,
    check_attempts,
    note_failed,
    own_sessions,
    person_of_session,
    person_of_token,
)
from tests.support.rows import NOW, Rows

MOMENT = timedelta(microseconds=1)


@pytest.fixture
def secret(rows: Rows) -> Iterator[str]:
    """Somebody has signed in just now."""
    yield accounts.sign_in(rows.session, rows.person.id, NOW, device="Firefox, Linux")


def in_use_until(rows: Rows, secret: str, end: timedelta) -> None:
    """The session is used every half of what it may lie idle."""
    used = timedelta()
    while (used := used + IDLE / 2) < end:
        accounts.keep_alive(rows.session, secret, NOW + used)


def test_the_limits_are_those_that_the_privacy_notice_tells() -> None:
    assert (timedelta(hours=2), timedelta(hours=12)) == (IDLE, ABSOLUTE)


def test_a_session_that_lies_idle_ends(rows: Rows, secret: str) -> None:
    found = person_of_session(rows.session, secret, NOW + IDLE - MOMENT)
    assert found is not None and found.id == rows.person.id
    assert person_of_session(rows.session, secret, NOW + IDLE) is None
    assert len(own_sessions(rows.session, rows.person.id, secret, NOW + IDLE - MOMENT)) == 1
    assert own_sessions(rows.session, rows.person.id, secret, NOW + IDLE) == []


def test_a_session_in_use_goes_on_and_ends_all_the_same(rows: Rows, secret: str) -> None:
    in_use_until(rows, secret, ABSOLUTE)
    assert person_of_session(rows.session, secret, NOW + ABSOLUTE - MOMENT) is not None
    assert person_of_session(rows.session, secret, NOW + ABSOLUTE) is None
    assert len(own_sessions(rows.session, rows.person.id, secret, NOW + ABSOLUTE - MOMENT)) == 1
    assert own_sessions(rows.session, rows.person.id, secret, NOW + ABSOLUTE) == []


def test_use_of_one_session_keeps_no_other_alive(rows: Rows, secret: str) -> None:
    other = accounts.sign_in(rows.session, rows.person.id, NOW)
    accounts.keep_alive(rows.session, other, NOW + IDLE / 2)
    assert person_of_session(rows.session, secret, NOW + IDLE) is None
    assert person_of_session(rows.session, other, NOW + IDLE) is not None


def test_signing_out_ends_this_session_alone(rows: Rows, secret: str) -> None:
    other = accounts.sign_in(rows.session, rows.person.id, NOW)
    accounts.sign_out(rows.session, secret)
    assert person_of_session(rows.session, secret, NOW) is None
    assert person_of_session(rows.session, other, NOW) is not None


def test_a_locked_account_is_out_and_stays_out(rows: Rows, secret: str) -> None:
    token = accounts.create_token(rows.session, rows.person.id, NOW)
    accounts.set_active(rows.session, rows.person.id, False)
    assert person_of_session(rows.session, secret, NOW) is None
    assert person_of_token(rows.session, token, NOW) is None
    accounts.set_active(rows.session, rows.person.id, True)
    assert person_of_session(rows.session, secret, NOW) is None, "its sessions have ended"


def test_another_password_ends_the_other_sessions(rows: Rows, secret: str) -> None:
    other = accounts.sign_in(rows.session, rows.person.id, NOW)
    stranger = accounts.sign_in(rows.session, rows.account("stranger").id, NOW)
    accounts.change_password(rows.session, rows.person.id, "hash", secret)
    assert person_of_session(rows.session, secret, NOW) is not None
    assert person_of_session(rows.session, other, NOW) is None
    assert person_of_session(rows.session, stranger, NOW) is not None


def test_a_password_given_by_the_office_ends_all_of_them(rows: Rows, secret: str) -> None:
    accounts.set_password(rows.session, rows.person.id)
    assert person_of_session(rows.session, secret, NOW) is None


def test_nobody_ends_the_session_of_somebody_else(rows: Rows, secret: str) -> None:
    stranger = rows.account("stranger")
    (own,) = own_sessions(rows.session, rows.person.id, secret, NOW)
    assert (own.device, own.is_this) == ("Firefox, Linux", True)
    assert own_sessions(rows.session, stranger.id, secret, NOW) == []
    assert not accounts.end_session(rows.session, stranger.id, own.id)
    assert person_of_session(rows.session, secret, NOW) is not None
    assert accounts.end_session(rows.session, rows.person.id, own.id)
    assert person_of_session(rows.session, secret, NOW) is None


def test_a_token_ends_at_its_instant(rows: Rows) -> None:
    token = accounts.create_token(rows.session, rows.person.id, NOW)
    assert person_of_token(rows.session, token, NOW + timedelta(days=9999)) is not None
    rows.session.flush()
    (row,) = rows.session.query(ApiToken).all()
    rows.change(row, expires_at=NOW)
    assert person_of_token(rows.session, token, NOW - MOMENT) is not None
    assert person_of_token(rows.session, token, NOW) is None
    assert person_of_token(rows.session, "another", NOW - MOMENT) is None


def failed(rows: Rows, count: int, email: str = "p@demo.example", address: str = "here") -> None:
    for _attempt in range(count):
        note_failed(rows.session, email, address, NOW)
    rows.session.flush()


def test_five_attempts_count_for_a_quarter_of_an_hour(rows: Rows) -> None:
    failed(rows, 4)
    check_attempts(rows.session, "p@demo.example", "here", NOW)
    failed(rows, 1)
    end = NOW + timedelta(minutes=15)
    for now in (NOW, end):
        with pytest.raises(TooManyAttempts):
            check_attempts(rows.session, " P@demo.example", "here", now)
    check_attempts(rows.session, "p@demo.example", "here", end + MOMENT)
    check_attempts(rows.session, "other@demo.example", "here", NOW)
    check_attempts(rows.session, "p@demo.example", "there", NOW)


def test_an_address_waits_after_fifty(rows: Rows) -> None:
    for number in range(49):
        failed(rows, 1, f"{number}@demo.example")
    check_attempts(rows.session, "new@demo.example", "here", NOW)
    failed(rows, 1, "49@demo.example")
    with pytest.raises(TooManyAttempts):
        check_attempts(rows.session, "new@demo.example", "here", NOW)
