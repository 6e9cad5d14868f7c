"""Calls: copied from an existing one, written while nobody has applied, published, prolonged."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, exists, inspect, select
from sqlalchemy.orm import Session

from forms.schema import tells_identity
from funding_app.engine import EffectContext, ProcessRow
from funding_app.engine.outbox import deliver
from funding_app.models import Application, Call, CallShare, new_id
from funding_app.queries.calls.eligibility import stated
from funding_app.queries.calls.forms import find_form
from funding_app.rules.deadlines import AmbiguousLocalTime, CutOff, cut_off, is_timely
from funding_app.rules.eligibility import GERMANY
from funding_app.services.calls.selection_rules import rule_problems, rules_as_answers, write_rules
from funding_app.services.reviews.calibration import copy_samples

ZONE = ZoneInfo("Europe/Berlin")
WHOLE = 100
TEXTS = ("title_de", "title_en", "summary_de", "summary_en", "description_de", "description_en")
PLAIN_TEXTS = ("title_plain", "summary_plain", "description_plain")
AMOUNTS = ("minimum_amount", "maximum_amount", "quarterly_ceiling")
ELIGIBILITY = (
    "applicants", "seat", "regions", "topics", "in_kind", "partners", "begun_excluded",
)  # fmt: skip

Problems = dict[str, str]
"""What is wrong: the field of the form, and a code."""


class InvalidCall(Exception):
    """A call that can not be as it was written; `problems` says why, field by field."""

    def __init__(self, problems: Problems) -> None:
        super().__init__(str(problems))
        self.problems = problems


class CallFixed(Exception):
    """The call is published, or somebody has begun an application under it."""


class CallChanged(Exception):
    """Somebody else has written the call in the meantime."""


def shares_of(session: Session, call: Call) -> list[CallShare]:
    """The ministries' shares, the lead first."""
    found = select(CallShare).where(CallShare.call_id == call.id).order_by(CallShare.position)
    return list(session.scalars(found))


def answers_of_call(session: Session, call: Call) -> dict[str, Any]:
    """The call as answers of the form `call`."""
    return {
        **{name: getattr(call, name) for name in TEXTS},
        "form": form_place(call.form_key, call.form_version),
        **{name: _money(getattr(call, name)) for name in AMOUNTS},
        "opens_on": call.opens_at.astimezone(ZONE).date().isoformat(),
        **_closing(call),
        "strict_deadline": call.strict_deadline,
        "reserve_until": call.reserve_until.isoformat() if call.reserve_until else None,
        "own_share_percent": call.own_share_percent,
        "minimum_reviews": call.minimum_reviews,
        "is_blind": call.is_blind,
        "calibrates": call.calibrates,
        **stated(call),
        "shares": [
            {
                "ministry": str(share.ministry_id),
                "percent": share.percent,
                "budget_title": share.budget_title,
            }
            for share in shares_of(session, call)
        ],
        **rules_as_answers(call),
    }


def form_place(key: str, version: int) -> str:
    """A form in one version, as a call's page names it."""
    return f"{key}@{version}"


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def _closing(call: Call) -> dict[str, str | None]:
    """The deadline as day and time; a whole day ends with the following local midnight."""
    if call.closes_at is None:
        return {"closes_on": None, "closes_time": None}
    local = call.closes_at.astimezone(ZONE)
    if call.closes_inclusive:
        return {"closes_on": local.date().isoformat(), "closes_time": f"{local:%H:%M}"}
    return {"closes_on": (local - timedelta(microseconds=1)).date().isoformat(), "closes_time": ""}


def closing_of(answers: Mapping[str, Any]) -> CutOff | None:
    """The deadline that a day and perhaps a time mean; raises `InvalidCall`."""
    if not answers.get("closes_on"):
        return None
    day, clock = date.fromisoformat(answers["closes_on"]), answers.get("closes_time")
    try:
        return cut_off(datetime.combine(day, time.fromisoformat(clock)) if clock else day)
    except AmbiguousLocalTime:
        raise InvalidCall({"closes_time": "time_ambiguous"}) from None
    except ValueError:
        raise InvalidCall({"closes_time": "time_unreadable"}) from None


def _problems(answers: Mapping[str, Any]) -> Problems:
    """What does not go together across the fields of a complete form."""
    found: Problems = {}
    shares = answers["shares"]
    if sum(share["percent"] for share in shares) != WHOLE:
        found["shares"] = "shares_not_whole"
    if len({share["ministry"] for share in shares}) < len(shares):
        found["shares"] = "ministry_twice"
    if Decimal(answers["minimum_amount"]) > Decimal(answers["maximum_amount"]):
        found["maximum_amount"] = "amounts_reversed"
    if not Decimal(answers["maximum_amount"]) and not answers["in_kind"]:
        found["in_kind"] = "nothing_to_give"
    return found


def _blindness(session: Session, answers: Mapping[str, Any]) -> Problems:
    """Blind reviews need a form that says what tells who applies."""
    key, _, number = answers["form"].partition("@")
    fields = find_form(session, key, int(number)).fields
    if answers.get("is_blind") and not any(map(tells_identity, fields)):
        return {"is_blind": "form_tells_no_identity"}
    return {}


def write_call(session: Session, call: Call, answers: Mapping[str, Any], version: int) -> None:
    """Writes a call from a checked form.

    Raises `CallFixed` for a published one or one with applications, `CallChanged` where the version
    shown is no longer the present one, and `InvalidCall`.
    """
    session.refresh(call, with_for_update=True)
    if call.is_published or has_applications(session, call):
        raise CallFixed
    if call.version != version:
        raise CallChanged
    ends = closing_of(answers)
    if problems := _problems(answers) | rule_problems(answers) | _blindness(session, answers):
        raise InvalidCall(problems)
    for name in TEXTS:
        setattr(call, name, answers.get(name) or "")
    for name in AMOUNTS:
        setattr(call, name, Decimal(answers[name]) if answers.get(name) else None)
    call.form_key, _, form_version = answers["form"].partition("@")
    call.form_version = int(form_version)
    for name in ("strict_deadline", "own_share_percent", "minimum_reviews"):
        setattr(call, name, answers[name])
    call.opens_at = datetime.combine(date.fromisoformat(answers["opens_on"]), time(), ZONE)
    call.closes_at, call.closes_inclusive = (
        (ends.instant, ends.inclusive) if ends else (None, False)
    )
    call.is_blind = bool(answers.get("is_blind"))
    call.calibrates = bool(answers.get("calibrates"))
    reserve = answers.get("reserve_until")
    call.reserve_until = date.fromisoformat(reserve) if reserve else None
    write_rules(call, answers)
    call.eligibility = _eligibility(answers)
    call.version += 1
    _write_shares(session, call, answers["shares"])


def _eligibility(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Whom the call is for; states of Germany limit nothing where the seat may be elsewhere."""
    found = {name: answers[name] for name in ELIGIBILITY if answers.get(name) is not None}
    return found | ({} if answers["seat"] == GERMANY else {"regions": []})


def _write_shares(session: Session, call: Call, rows: list[dict[str, Any]]) -> None:
    session.execute(delete(CallShare).where(CallShare.call_id == call.id))
    for position, row in enumerate(rows):
        ministry = uuid.UUID(row["ministry"])
        title = row["budget_title"].strip()
        session.add(
            CallShare(
                call_id=call.id,
                ministry_id=ministry,
                position=position,
                percent=row["percent"],
                budget_title=title,
            )
        )
    call.lead_ministry_id = uuid.UUID(rows[0]["ministry"])


def write_plain_language(call: Call, answers: Mapping[str, Any]) -> None:
    """Writes the texts in plain language. They explain and state nothing new: any time will do."""
    for name in PLAIN_TEXTS:
        setattr(call, name, (answers.get(name) or "").strip())


def has_applications(session: Session, call: Call) -> bool:
    """Whether somebody has begun an application under the call."""
    begun = exists(select(Application.id).where(Application.call_id == call.id))
    return bool(session.scalar(select(begun)))


def copy_call(session: Session, original: Call, ref: str) -> Call | None:
    """An unpublished call with everything of another one; `None` where the reference is taken."""
    if session.scalars(select(Call.id).where(Call.ref == ref)).first() is not None:
        return None
    columns = [column.key for column in inspect(Call).column_attrs]
    values = {name: getattr(original, name) for name in columns}
    copied = Call(**values | {"id": new_id(), "ref": ref, "is_published": False, "version": 1})
    session.add(copied)
    session.flush()
    for share in shares_of(session, original):
        session.add(
            CallShare(
                call_id=copied.id,
                ministry_id=share.ministry_id,
                position=share.position,
                percent=share.percent,
                budget_title=share.budget_title,
            )
        )
    copy_samples(session, original.id, copied.id)
    return copied


def publish(session: Session, call: Call, now: datetime) -> None:
    """Shows the call to everyone; raises `InvalidCall` where its deadline is over already."""
    if call.closes_at and not is_timely(now, CutOff(call.closes_at, call.closes_inclusive)):
        raise InvalidCall({"closes_on": "deadline_over"})
    call.is_published = True
    call.version += 1
    order_blank_forms(session, call, now, str(call.version))
    session.flush()


def order_blank_forms(session: Session, call: Call, now: datetime, turn: str) -> None:
    """Has the call's blank forms made before somebody asks, once for each turn."""
    deliver(session, "prepare_blank_forms", f"blank_forms:{call.id}:{turn}",
            {"call": str(call.id)}, now)  # fmt: skip


def withdraw(session: Session, call: Call) -> None:
    """Takes a published call back; raises `CallFixed` once somebody has begun an application."""
    session.refresh(call, with_for_update=True)
    if has_applications(session, call):
        raise CallFixed
    call.is_published = False
    call.version += 1


def prolong(session: Session, call: Call, answers: Mapping[str, Any]) -> None:
    """A later deadline for a published call; an earlier one raises `InvalidCall`."""
    ends = closing_of(answers)
    if ends is None or call.closes_at is None or ends.instant <= call.closes_at:
        raise InvalidCall({"closes_on": "deadline_not_later"})
    call.closes_at, call.closes_inclusive = ends.instant, ends.inclusive
    call.version += 1
    session.flush()


def call_facts(session: Session, process: ProcessRow, _when: datetime) -> Mapping[str, Any]:
    """When the call opens and closes, and whether its criteria are fixed."""
    call = session.get(Call, process.call_id) if process.call_id else None
    weights = [criterion["weight"] for criterion in call.criteria] if call else []
    return {
        "call_opens": call.opens_at if call else None,
        "call_closes": call.closes_at if call else None,
        "criteria_fixed": call is not None
        and call.maximum_amount >= call.minimum_amount
        and (sum(weights) == WHOLE or not (weights or call.minimum_reviews)),
    }


def _set_published(context: EffectContext, is_published: bool) -> None:
    call = context.session.get_one(Call, context.process.call_id)
    call.is_published = is_published
    call.version += 1
    if is_published:
        order_blank_forms(context.session, call, context.when, str(call.version))
    context.session.flush()


def publish_call(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: the call stands on the public pages, with its criteria fixed (Art. 3 GG)."""
    _set_published(context, True)


def unpublish_call(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: nobody can apply under the call any more."""
    _set_published(context, False)


FACTS = dict.fromkeys(("call_opens", "call_closes", "criteria_fixed"), call_facts)
EFFECTS = {"publish_call": publish_call, "unpublish_call": unpublish_call}
