"""Rule values that administrators add to those that come with the software."""

from __future__ import annotations

import re
import uuid
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from funding_app.models import RuleValue
from funding_app.queries.operations.parameters import (
    decision_count,
    half_year_of,
    parameters,
    values_of,
)
from funding_app.services.operations.clock import local_day

# As amounts are read elsewhere: with three places a mark could be one between thousands.
NUMBER = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,2})?")


class ValueRefused(Exception):
    """A value that can not be entered; `field` and `code` say which part of it and why."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(f"{field}: {code}")
        self.field = field
        self.code = code


def add_value(
    session: Session,
    key: str,
    valid_from: date,
    value: str,
    source: str,
    *,
    reason: str,
    actor_id: uuid.UUID,
    now: datetime,
) -> RuleValue:
    """The next value of a parameter.

    One from a day in the past, over which decisions were made, needs a reason and waits for a
    second person. Raises `ValueRefused`.
    """
    value = value.strip().replace(",", ".")
    if key not in parameters():
        raise ValueRefused("key", "unknown")
    _check(key, valid_from, value, source)
    if any(one.valid_from == valid_from for one in values_of(session, key)):
        raise ValueRefused("valid_from", "taken")
    reaches_back = valid_from <= local_day(now) and decision_count(session, valid_from) > 0
    if reaches_back and not reason.strip():
        raise ValueRefused("reason", "needed_for_the_past")
    row = RuleValue(
        key=key,
        valid_from=valid_from,
        value=str(Decimal(value)),
        source=source.strip(),
        reason=reason.strip(),
        entered_at=now,
        proposed_by=actor_id,
        confirmed_at=None if reaches_back else now,
    )
    session.add(row)
    session.flush()
    return row


def _check(key: str, valid_from: date, value: str, source: str) -> None:
    if not NUMBER.fullmatch(value):
        raise ValueRefused("value", "no_number")
    number, parameter = Decimal(value), parameters()[key]
    whole = parameter.unit in ("days", "working_days", "months", "years")
    if whole and (number != int(number) or number < 1):
        raise ValueRefused("value", "no_number")
    if parameter.unit == "euro" and number < 0:
        raise ValueRefused("value", "no_number")
    if parameter.half_yearly and valid_from != half_year_of(valid_from):
        raise ValueRefused("valid_from", "half_year")
    if not source.strip():
        raise ValueRefused("source", "missing")


def confirm_value(
    session: Session, key: str, valid_from: date, *, actor_id: uuid.UUID, now: datetime
) -> RuleValue:
    """A second person lets a value hold that reaches back. Raises `ValueRefused`."""
    row = session.get(RuleValue, (key, valid_from), with_for_update=True)
    if row is None or row.confirmed_at is not None:
        raise ValueRefused("valid_from", "nothing_to_confirm")
    if row.proposed_by == actor_id:
        raise ValueRefused("valid_from", "four_eyes_violation")
    row.confirmed_by, row.confirmed_at = actor_id, now
    session.flush()
    return row
