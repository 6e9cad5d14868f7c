"""Reviews: who is asked, what counts, and the case's score."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from forms.budget import euro
from forms.checks import check
from forms.schema import asked, parse_fields
from funding_app.engine import Creation, EffectContext, ProcessRow, begin, create
from funding_app.engine.storage import statements
from funding_app.models import (
    Application,
    Call,
    Process,
    Review,
    ReviewNote,
    RoleAssignment,
    UserAccount,
)
from funding_app.models.database import upsert
from funding_app.models.types import tagged
from funding_app.queries.applications.answers import answers_of
from funding_app.queries.reviews.successors import successors
from funding_app.rules import scoring
from funding_app.services.files.redacted_copies import prepare_copies
from funding_app.services.mails.stopping import withdraw
from workflows.vocabulary.tags import NOT_COUNTED_YET, Record, Tag

LONGEST_NOTES = 20_000


def review_facts(session: Session, process: ProcessRow, when: datetime) -> Mapping[str, Any]:
    """How many reviews count, and how many are under way."""
    return review_facts_of_many(session, [process], when)[process.id]


def review_facts_of_many(
    session: Session, processes: Sequence[ProcessRow], _when: datetime
) -> dict[uuid.UUID, Mapping[str, Any]]:
    """The same for many cases, in one query."""
    found = {one.id: {"reviews_counted": 0, "reviews_open": 0} for one in processes}
    states = select(Process.parent_id, Process.tags).where(
        Process.parent_id.in_(found), Process.record == Record.REVIEW
    )
    for parent, tags in session.execute(states):
        if parent is not None:
            found[parent]["reviews_counted"] += Tag.COUNTS in tags
            found[parent]["reviews_open"] += not tags.isdisjoint(NOT_COUNTED_YET)
    return dict(found)


def _is_free(context: EffectContext, reviewer: uuid.UUID) -> bool:
    """Not asked before, and no member of the applying organisation (§ 20 VwVfG)."""
    session, process = context.session, context.process
    asked = select(Process.id).where(
        Process.parent_id == process.id, Process.assignee_id == reviewer
    )
    related = select(RoleAssignment.id).where(
        RoleAssignment.user_id == reviewer,
        RoleAssignment.organisation_id == process.organisation_id,
    )
    return not session.scalars(asked).first() and not session.scalars(related).first()


def open_review(context: EffectContext, params: Mapping[str, Any]) -> None:
    """Effect: invites the chosen person; refuses a second time and an evident conflict."""
    try:
        reviewer = uuid.UUID(str(context.data["reviewer"]))
    except (KeyError, ValueError):
        raise context.refuse("invalid_data", at="reviewer") from None
    held = select(RoleAssignment.id).where(
        RoleAssignment.user_id == reviewer, RoleAssignment.role == "reviewer"
    )
    if not context.session.scalars(held).first():
        raise context.refuse("invalid_data", at="reviewer")
    if not _is_free(context, reviewer):
        raise context.refuse("conflict_of_interest")
    _invite(context, params["kind"], context.process, reviewer)


def _invite(
    context: EffectContext, kind: str, case: ProcessRow, reviewer: uuid.UUID, **record: Any
) -> uuid.UUID:
    """Asks a person for a review of a case; returns its id."""
    creation = Creation(
        kind,
        context.command.actor_id,
        context.when,
        parent=case,
        columns={"assignee_id": reviewer},
        door=context.command.door,
    )
    child = create(context.session, context.machinery, creation)
    context.session.add(Review(id=child.id, application_id=case.id, reviewer_id=reviewer, **record))
    begin(context.session, context.machinery, child)
    prepare_copies(context.session, case.id, context.when)
    return child.id


def hand_over_review(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: asks another person in the place of this reviewer, who hears no more of it.

    Under a lock of that person, so that two cases can not use up the same room. Notes and drafted
    reasons go along only if the reviewer says so, scores never do.
    """
    session, process = context.session, context.process
    assert process.parent_id is not None, "a review is of a case"
    try:
        successor = uuid.UUID(str(context.data["successor"]))
    except (KeyError, ValueError):
        raise context.refuse("invalid_data", at="successor") from None
    if (passes_on := context.data.get("pass_on")) not in (True, False, None):
        raise context.refuse("invalid_data", at="pass_on")
    session.execute(
        select(UserAccount.id).where(UserAccount.id == successor).with_for_update(key_share=True)
    )
    if all(each.id != successor for each in successors(session, process.parent_id)):
        raise context.refuse("successor_unfit", at="successor")
    own = context.command.actor_id == process.assignee_id
    record = {
        "predecessor_id": process.id,
        "passed_on": _drafted(session, process) if own and passes_on else "",
    }
    case = statements.load(session, process.parent_id)
    following = _invite(context, process.definition_key, case, successor, **record)
    context.notes["successor_review"] = following
    withdraw(session, process.id, context.when)
    _forget_notes(context)


def _drafted(session: Session, process: ProcessRow) -> str:
    """A reviewer's notes, and the drafted reasons by criterion."""
    notes = session.scalar(select(ReviewNote.text).where(ReviewNote.process_id == process.id))
    criteria = session.scalar(select(Call.criteria).where(Call.id == process.call_id)) or []
    answers = answers_of(session, process.id)
    drafted = [(each["title"]["de"], answers.get(f"comment_{each['key']}")) for each in criteria]
    said = [f"{title}: {comment}" for title, comment in drafted if comment]
    return "\n\n".join(filter(None, (notes, *said)))


def _change(context: EffectContext, **values: Any) -> None:
    context.session.execute(update(Review).where(Review.id == context.process.id).values(**values))


def save_notes(session: Session, process_id: uuid.UUID, text: str, now: datetime) -> None:
    """Keeps a reviewer's own notes; they are no part of the review and end with handing it in."""
    values = {"process_id": process_id, "text": text[:LONGEST_NOTES], "saved_at": now}
    row = upsert(session, ReviewNote).values(values)
    session.execute(
        row.on_conflict_do_update(
            index_elements=["process_id"], set_={"text": values["text"], "saved_at": now}
        )
    )


def declare_no_conflict(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: the declaration, before any content is seen."""
    _change(context, declared_at=context.when, declaration="no_conflict")


def keep_declining(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: why the invitation is declined; who is biased declares so by it (§ 20 VwVfG).

    Whoever declines once is not asked again for this application.
    """
    fields = parse_fields(context.transition.fields)
    if errors := check(fields, context.data, "de", years=(), complete=True):
        raise context.refuse("invalid_data", at=next(iter(errors)))
    given = {each.id: context.data[each.id] for each in asked(fields, context.data)}
    words = str(given.get("declined_words") or "").strip()
    _change(context, declined_for=given["declined_for"], declined_words=words)
    if Tag.BIASED in context.target.tags:
        _change(context, discarded_reason=words)


def freeze_review(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: scores and comments as handed in, with the weighted score."""
    weights = weights_of(context.session, context.process.call_id)
    answers = answers_of(context.session, context.process.id)
    scores = {name: int(answers[f"score_{name}"]) for name in weights}
    comments = {name: answers[f"comment_{name}"] for name in weights}
    score = scoring.review_score(scores, weights)
    amount = euro(answers.get("recommended_amount"))
    _note_changes(context, scores, score)
    _change(context, scores=scores, comments=comments, score=score, recommended_amount=amount)
    _change(context, passed_on="")
    _forget_notes(context)


def _note_changes(context: EffectContext, scores: Mapping[str, int], score: Decimal) -> None:
    """Into the log: what a review that was returned says now otherwise than before."""
    before = context.session.get_one(Review, context.process.id, populate_existing=True)
    if before.score is None or dict(before.scores) == scores:
        return
    context.notes["score_before"], context.notes["score"] = before.score, score
    context.notes["changed"] = {
        name: [before.scores.get(name), given]
        for name, given in scores.items()
        if before.scores.get(name) != given
    }


def _forget_notes(context: EffectContext) -> None:
    """What somebody noted for themselves ends with the review."""
    context.session.execute(delete(ReviewNote).where(ReviewNote.process_id == context.process.id))


def discard_review(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: the review is kept with the reason, and no longer counts."""
    _change(context, discarded_reason=context.command.reason)
    _forget_notes(context)


def weights_of(session: Session, call_id: uuid.UUID | None) -> dict[str, Decimal]:
    """The weights of a call's criteria, in their order."""
    criteria = session.scalar(select(Call.criteria).where(Call.id == call_id)) or []
    return {criterion["key"]: Decimal(criterion["weight"]) for criterion in criteria}


def compute_score(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: mean, first criterion's mean and spread of the reviews that count."""
    session, process = context.session, context.process
    weights = weights_of(session, process.call_id)
    statements = session.execute(
        select(Review.scores)
        .join(Process, Process.id == Review.id)
        .where(Review.application_id == process.id, tagged(Process.tags, Tag.COUNTS))
    )
    score = scoring.application_score([scoring.Review(row.scores) for row in statements], weights)
    first = next(iter(weights), None)
    session.execute(
        update(Application)
        .where(Application.id == process.id)
        .values(
            score=score.value,
            first_criterion_mean=score.criterion_means.get(first) if first else None,
            score_spread=score.spread,
        )
    )
    context.notes["score"] = score.value


FACTS = {"reviews_counted": review_facts, "reviews_open": review_facts}
FACTS_OF_MANY = dict.fromkeys(FACTS, review_facts_of_many)
EFFECTS = {
    "open_review": open_review,
    "declare_no_conflict": declare_no_conflict,
    "keep_declining": keep_declining,
    "hand_over_review": hand_over_review,
    "freeze_review": freeze_review,
    "discard_review": discard_review,
    "compute_score": compute_score,
}
