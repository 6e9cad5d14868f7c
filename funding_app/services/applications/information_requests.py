"""What an office asks an applicant to add, and by which day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, bindparam, func, insert, literal_column, select
from sqlalchemy.orm import Session

from funding_app.engine import EffectContext, ProcessRow, tasks
from funding_app.engine.storage import statements
from funding_app.engine.storage.prepared import Statement
from funding_app.models import Application, InformationRequest
from funding_app.queries.operations.parameters import whole_on
from funding_app.rules.periods import end_of_period
from funding_app.services.operations.clock import local_day
from workflows.definition import Transition

ANSWER_BY = "answer_by"
"""The field of an event in which an office says by which day it wants the answer."""

_request = cast(Table, InformationRequest.__table__)
_known = select(func.count() + literal_column("1")).where(_request.c.process_id == bindparam("of"))
_ask = Statement(
    insert(_request).inline().values(number=_known.scalar_subquery()),
    ("process_id", "words", "asked_at"),
)
"""A request under the case's next number; whoever asks holds the case's lock."""


def usual_day(session: Session, process: ProcessRow, when: datetime) -> date:
    """The last day that is suggested: as many days as the rule value says.

    They count from today, or from the present last day where that lies ahead.
    """
    today = local_day(when)
    start = max(today, _last_day(process.due_at)) if process.due_at else today
    days = whole_on(session, "information_days", today)
    return end_of_period(start, days=days, region=process.region)


def _last_day(due_at: datetime) -> date:
    return local_day(due_at - timedelta(microseconds=1))


def suggested(
    session: Session, process: ProcessRow, arrow: Transition, when: datetime
) -> dict[str, Any]:
    """What the fields of an event begin with: the day of a request, where it asks for one."""
    if not any(spec["id"] == ANSWER_BY for spec in arrow.fields):
        return {}
    asked = process if arrow.target == process.state else _as_entered(process)
    return {ANSWER_BY: usual_day(session, asked, when).isoformat()}


def _as_entered(process: ProcessRow) -> ProcessRow:
    """The process without the limit of the state that it leaves."""
    return ProcessRow(
        **{name: getattr(process, name) for name in ProcessRow.__slots__} | {"due_at": None}
    )


def chosen_limit(context: EffectContext, least: date) -> datetime | None:
    """The end of the day that the office has chosen; `None` where it leaves it to the definition.

    Refuses a day before the least.
    """
    text = context.data.get(ANSWER_BY)
    if not text:
        return None
    day = date.fromisoformat(str(text))
    if day < least:
        raise context.refuse("day_too_early", at=ANSWER_BY, least=least)
    return tasks.end_of_day(day)


def request_information(context: EffectContext, params: Mapping[str, Any]) -> None:
    """Effect: what is missing, in the officer's words; the form asks for it from now on.

    Due on the chosen day, at the earliest in `least_days`, else when the state's limit says.
    """
    least = local_day(context.when) + timedelta(days=params.get("least_days", 1))
    limit = chosen_limit(context, least)
    if limit is not None:
        context.columns["due_at"] = limit
    words = str(context.data["items"])
    case_id = context.process.root_id
    statements.change_record(
        context.session, Application, case_id, {"information_requested": words}
    )
    asked = {"of": case_id, "process_id": case_id, "words": words, "asked_at": context.when}
    _ask.run(context.session, asked)


EFFECTS = {"request_information": request_information}
