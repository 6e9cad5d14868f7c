"""The values that rules need, each from its day on; a missing one is an error that names it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from funding_app.models import Application, RuleValue

SHIPPED = Path(__file__).with_name("parameters.yaml")
JULY = 7


class ParameterMissing(LookupError):
    """A parameter without a value for a day; the text names both."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a parameter means, in which unit, and by which rule.

    One that is `half_yearly` needs its own value for every half-year; any other holds until the
    next value begins.
    """

    key: str
    title: Mapping[str, str]
    unit: str
    law: str
    half_yearly: bool = False


@lru_cache(maxsize=1)
def _shipped() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    return found


@lru_cache(maxsize=1)
def parameters() -> Mapping[str, Parameter]:
    """Every parameter by its key, in the order of the file."""
    return {
        key: Parameter(
            key, spec["title"], spec["unit"], spec["law"], spec.get("half_yearly", False)
        )
        for key, spec in _shipped().items()
    }


@dataclass(frozen=True, slots=True)
class Value:
    """A parameter's value from a day on. One that waits for a second person does not hold."""

    valid_from: date
    value: Decimal
    source: str
    reason: str = ""
    entered_at: datetime | None = None
    waits: bool = False


@lru_cache(maxsize=1)
def _shipped_values() -> Mapping[str, tuple[Value, ...]]:
    return {
        key: tuple(
            Value(day, Decimal(str(entry["value"])), entry["source"])
            for day, entry in spec["values"].items()
        )
        for key, spec in _shipped().items()
    }


def values_of(session: Session, key: str) -> list[Value]:
    """Every value of a parameter, shipped or entered since, the newest first."""
    entered = session.scalars(select(RuleValue).where(RuleValue.key == key))
    return _merged(key, entered)


def every_value(session: Session) -> dict[str, list[Value]]:
    """The values of all parameters, as `values_of` gives them."""
    entered: dict[str, list[RuleValue]] = {key: [] for key in parameters()}
    for row in session.scalars(select(RuleValue)):
        entered.setdefault(row.key, []).append(row)
    return {key: _merged(key, rows) for key, rows in entered.items()}


def _merged(key: str, entered: Iterable[RuleValue]) -> list[Value]:
    found = [
        Value(
            row.valid_from,
            Decimal(row.value),
            row.source,
            row.reason,
            row.entered_at,
            waits=row.proposed_by is not None and row.confirmed_at is None,
        )
        for row in entered
    ]
    found.extend(_shipped_values().get(key, ()))
    return sorted(found, key=lambda one: one.valid_from, reverse=True)


def value_on(session: Session, key: str, day: date) -> Decimal:
    """The value that holds on a day. Raises `ParameterMissing` rather than use an old one."""
    parameter = parameters()[key]
    holding = [one for one in values_of(session, key) if not one.waits and one.valid_from <= day]
    if not holding or (parameter.half_yearly and holding[0].valid_from != half_year_of(day)):
        raise ParameterMissing(f"'{key}' has no value for {day.isoformat()}")
    return holding[0].value


def whole_on(session: Session, key: str, day: date) -> int:
    """As `value_on`, for days, weeks or months."""
    return int(value_on(session, key, day))


def base_rates(session: Session) -> dict[date, Decimal]:
    """The base rate of every half-year that is known (§ 247 BGB), in percent."""
    return {one.valid_from: one.value for one in values_of(session, "base_rate") if not one.waits}


def half_year_of(day: date) -> date:
    """The first day of the day's half-year."""
    return date(day.year, 1 if day.month < JULY else JULY, 1)


def decision_count(session: Session, day: date) -> int:
    """How many decisions were made on that day or later."""
    decided = select(func.count()).select_from(Application).where(Application.decided_on >= day)
    return session.scalar(decided) or 0
