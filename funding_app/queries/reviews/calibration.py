"""The samples of a call: who has scored them, and how far from the reference."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from forms import schema
from forms.schema import Section
from funding_app.models import (
    CalibrationSample,
    CalibrationScore,
    Call,
    Process,
    UserAccount,
)
from funding_app.models.types import tagged
from funding_app.queries.calls.calls import any_call
from funding_app.rules.reviewing.calibration import Deviation, deviation, differences
from workflows.vocabulary.tags import HELD, Record


@dataclass(frozen=True, slots=True)
class Measured:
    """A reviewer's deviation over all samples scored, `None` before the first."""

    name: str
    samples: int
    deviation: Deviation | None


def samples_of(session: Session, call_id: uuid.UUID) -> Sequence[Any]:
    """The samples of a call in the order they were written, with how many have scored each."""
    counted = (
        select(func.count())
        .select_from(CalibrationScore)
        .where(CalibrationScore.sample_id == CalibrationSample.id)
        .scalar_subquery()
        .label("scored")
    )
    wanted = select(CalibrationSample, counted).where(CalibrationSample.call_id == call_id)
    return session.execute(wanted.order_by(CalibrationSample.id)).all()


def own_samples(session: Session, call_id: uuid.UUID, user_id: uuid.UUID) -> Sequence[Any]:
    """The samples of a call with what the person gave them, if they are scored."""
    return session.execute(
        select(CalibrationSample, CalibrationScore)
        .outerjoin(
            CalibrationScore,
            (CalibrationScore.sample_id == CalibrationSample.id)
            & (CalibrationScore.user_id == user_id),
        )
        .where(CalibrationSample.call_id == call_id)
        .order_by(CalibrationSample.id)
    ).all()


def reviews_in(session: Session, call_id: uuid.UUID, user_id: uuid.UUID) -> bool:
    """Whether the person is asked for a review in the call."""
    asked = exists().where(
        Process.call_id == call_id,
        Process.record == Record.REVIEW,
        Process.assignee_id == user_id,
        tagged(Process.tags, *HELD),
    )
    return bool(session.scalar(select(asked)))


def call_to_calibrate(session: Session, ref: str, user_id: uuid.UUID) -> Call | None:
    """The call with criteria, if it asks this person to score samples."""
    call = any_call(session, ref)
    if call is None or not call.criteria or not call.calibrates:
        return None
    return call if reviews_in(session, call.id, user_id) else None


def scoring_sections(call: Call) -> list[Section]:
    """The parts of the call's scoring form that ask for a criterion."""
    sections = schema.review_schema(call.criteria).sections
    return [each for each in sections if each.id != "overall"]


def to_calibrate(session: Session, user_id: uuid.UUID) -> Sequence[Any]:
    """The calls in which the person was asked for reviews and that have samples to score.

    Each with how many samples there are and how many the person has scored.
    """
    own = exists().where(
        Process.call_id == Call.id,
        Process.record == Record.REVIEW,
        Process.assignee_id == user_id,
        tagged(Process.tags, *HELD),
    )
    scored = (CalibrationScore.sample_id == CalibrationSample.id) & (
        CalibrationScore.user_id == user_id
    )
    return session.execute(
        select(
            Call.ref,
            Call.title_de,
            Call.title_en,
            func.count(CalibrationSample.id).label("samples"),
            func.count(CalibrationScore.sample_id).label("scored"),
        )
        .join(CalibrationSample, CalibrationSample.call_id == Call.id)
        .outerjoin(CalibrationScore, scored)
        .where(Call.calibrates, own)
        .group_by(Call.ref, Call.title_de, Call.title_en)
        .order_by(Call.ref)
    ).all()


def measured(session: Session, call_id: uuid.UUID) -> list[Measured]:
    """How far everyone who is asked for reviews in the call, or has scored, is from the reference.

    The farthest first, then by name.
    """
    asked = select(Process.assignee_id).where(
        Process.call_id == call_id,
        Process.record == Record.REVIEW,
        tagged(Process.tags, *HELD),
    )
    names = {
        row.id: row.name
        for row in session.execute(
            select(UserAccount.id, UserAccount.name).where(UserAccount.id.in_(asked))
        )
    }
    found: dict[uuid.UUID, list[dict[str, int]]] = {user_id: [] for user_id in names}
    rows = session.execute(
        select(CalibrationScore, CalibrationSample.scores, UserAccount.name)
        .join(CalibrationSample, CalibrationSample.id == CalibrationScore.sample_id)
        .join(UserAccount, UserAccount.id == CalibrationScore.user_id)
        .where(CalibrationSample.call_id == call_id)
    )
    for given, reference, name in rows:
        names[given.user_id] = name
        found.setdefault(given.user_id, []).append(differences(given.scores, reference))
    people = [
        Measured(names[user], len(lists), deviation(each for one in lists for each in one.values()))
        for user, lists in found.items()
    ]
    return sorted(
        people, key=lambda one: (-(one.deviation.distance if one.deviation else -1), one.name)
    )
