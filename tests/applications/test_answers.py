"""Answers: saved by version, frozen with their hash, written only by who may do so now."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import delete, select

from funding_app.engine import Machinery, Refused, StaleVersion
from funding_app.engine.storage import statements
from funding_app.engine.tasks import end_of_day
from funding_app.models import (
    AnswerSection,
    Application,
    Attachment,
    InformationRequest,
    Process,
    RoleAssignment,
    Submission,
    UserAccount,
)
from funding_app.queries.applications.answers import answers_handed_in, answers_of
from funding_app.services.applications.answers import (
    StaleAnswers,
    as_changed_last,
    freeze_answers,
    save_section,
)
from funding_app.services.applications.drafts import delete_draft, still_wanted
from funding_app.services.applications.edit_right import NotEditable, open_for_writing
from funding_app.services.applications.information_requests import (
    chosen_limit,
    request_information,
    usual_day,
)
from tests.support.effects import acting
from tests.support.rows import LATE, NOW, TODAY, Rows, person

MOMENT = timedelta(microseconds=1)
COMPLETE = {
    "title": "Garten",
    "summary": "Kurz",
    "period_start": "2026-09-01",
    "period_end": "2026-12-31",
    "requested_amount": "60000.00",
}


ANSWERS_SHA256 = "74e2b4cb132430d257ca360a0cb208902ce1b05d4488a4b05ce5e532fabf0602"


def save(rows: Rows, case: Process, answers: dict[str, Any], version: int) -> int:
    return save_section(
        rows.session,
        case.id,
        "project",
        answers,
        expected_version=version,
        saved_by=rows.person.id,
        when=NOW,
    )


def test_a_section_is_saved_over_the_version_one_has_seen(rows: Rows) -> None:
    draft, other = rows.case("draft"), rows.case("draft")
    assert save(rows, draft, {"title": "A"}, 0) == 1
    assert save(rows, draft, {"title": "B"}, 1) == 2
    for seen in (0, 1, 3):
        with pytest.raises(StaleAnswers) as stale:
            save(rows, draft, {"title": "C"}, seen)
        assert (stale.value.current, stale.value.answers) == (2, {"title": "B"})
    with pytest.raises(StaleAnswers) as missing:
        save(rows, other, {"title": "C"}, 1)
    assert (missing.value.current, missing.value.answers) == (0, {})
    assert answers_of(rows.session, draft.id) == {"title": "B"}


@pytest.mark.parametrize(("reference", "title"), [("", "Garten"), ("CC-2026-00001", "handed in")])
def test_a_draft_is_named_by_its_working_title(rows: Rows, reference: str, title: str) -> None:
    case = rows.case("draft", process={"reference": reference, "title": "handed in"})
    other = rows.case("draft", process={"title": "other"})
    save(rows, case, {"title": "Garten"}, 0)
    rows.session.expire_all()
    assert (case.title, other.title) == (title, "other")


def test_a_command_counts_from_the_last_change_of_the_answers(
    rows: Rows, machinery: Machinery
) -> None:
    draft, other = rows.case("draft"), rows.case("draft")
    rows.answers(draft, "one", a=1)
    later = rows.answers(draft, "two", b=1)
    theirs = rows.answers(other, "one", c=1)
    rows.change(later, saved_at=NOW + timedelta(minutes=1))
    rows.change(theirs, saved_at=NOW + timedelta(minutes=2))
    command = acting(rows, machinery, draft, when=NOW + timedelta(hours=1)).command
    assert as_changed_last(rows.session, command) is command
    for received, counts in ((0, 1), (1, 1), (3, 3)):
        came = replace(command, received_at=NOW + timedelta(minutes=received))
        assert as_changed_last(rows.session, came).received == NOW + timedelta(minutes=counts)


def test_handing_in_freezes_what_is_there(rows: Rows, machinery: Machinery) -> None:
    draft = rows.case("draft", process={"handed_in_at": None})
    rows.answers(draft, "project", **COMPLETE)
    columns = {"field": "letters", "media_type": "", "size": 3, "uploaded_at": NOW}
    columns |= {"process_id": draft.id, "uploaded_by": rows.person.id}
    rows.add(Attachment(file_name="a.pdf", sha256="a" * 64, **columns))
    rows.add(Attachment(file_name="b.pdf", sha256="b" * 64, removed_at=NOW, **columns))
    context = acting(rows, machinery, draft)
    freeze_answers(context, {})
    frozen = rows.session.scalars(select(Submission)).one()
    assert (frozen.number, frozen.answers, frozen.received_at) == (1, COMPLETE, NOW)
    assert frozen.files == [{"name": "a.pdf", "sha256": "a" * 64, "size": 3}]
    # of the canonical JSON of the answers, by sha256sum
    assert frozen.sha256 == context.notes["answers_sha256"] == ANSWERS_SHA256
    assert context.columns == {"handed_in_at": NOW, "title": "Garten"}
    case = rows.session.get_one(Application, draft.id, populate_existing=True)
    assert (case.period_start, case.period_end) == (date(2026, 9, 1), date(2026, 12, 31))
    assert (case.requested, case.expenditure) == (Decimal(60000), Decimal(60000))
    assert (case.submitted_at, case.completed_at, case.summary) == (NOW, NOW, "Kurz")


def test_what_is_handed_in_again_keeps_the_first_instant(rows: Rows, machinery: Machinery) -> None:
    case = rows.case("info_requested", process={"handed_in_at": NOW}, submitted_at=NOW)
    rows.answers(case, "project", **COMPLETE)
    later = NOW + timedelta(days=1)
    for number in (1, 2):
        context = acting(rows, machinery, case, when=later)
        freeze_answers(context, {})
        assert "handed_in_at" not in context.columns
        assert rows.session.scalars(select(Submission.number)).all()[-1] == number
    kept = rows.session.get_one(Application, case.id, populate_existing=True)
    assert (kept.submitted_at, kept.completed_at) == (NOW, later)


def test_the_answers_handed_in_last_count(rows: Rows) -> None:
    case, other = rows.case(), rows.case()
    for process, number in ((case, 2), (case, 1), (other, 3)):
        rows.add(
            Submission(
                process_id=process.id,
                number=number,
                answers={"number": number},
                sha256="",
                received_at=NOW,
                log_seq=number,
                submitted_by=rows.person.id,
            )
        )
    assert answers_handed_in(rows.session, case.id) == {"number": 2}
    assert answers_handed_in(rows.session, rows.case().id) == {}


def applicant(rows: Rows, role: str = "applicant_editor", **values: Any) -> UserAccount:
    return rows.account(role, role, scope=rows.organisation, **values)


@pytest.mark.parametrize(
    ("role", "state", "may"),
    [
        ("applicant_editor", "draft", True),
        ("applicant_signatory", "draft", True),
        ("applicant_reader", "draft", False),
        ("applicant_editor", "info_requested", True),
        ("applicant_editor", "submitted", False),
        ("applicant_editor", "withdrawn", False),
    ],
)
def test_who_may_write_now(
    rows: Rows, machinery: Machinery, role: str, state: str, may: bool
) -> None:
    case, user = rows.case(state), applicant(rows, role)
    if may:
        assert open_for_writing(rows.session, machinery, case.id, user.id).id == case.id
    else:
        with pytest.raises(NotEditable):
            open_for_writing(rows.session, machinery, case.id, user.id)


def test_who_was_taken_out_may_not_write_any_more(rows: Rows, machinery: Machinery) -> None:
    case = rows.case("draft")
    locked = applicant(rows, is_active=False)
    left = rows.account("left", "applicant_editor", scope=rows.organisation)
    rows.session.execute(delete(RoleAssignment).where(RoleAssignment.user_id == left.id))
    stranger = rows.account(
        "stranger", "applicant_editor", scope=rows.organisation_of("applicant", "Anderer Verein")
    )
    officer = rows.account("officer", "case_officer")
    for user in (locked, left, stranger, officer):
        with pytest.raises(NotEditable):
            open_for_writing(rows.session, machinery, case.id, user.id)


def test_a_draft_is_deleted_as_it_was_seen_and_only_before_it_is_handed_in(
    rows: Rows, machinery: Machinery
) -> None:
    signs = applicant(rows, "applicant_signatory")
    who = person(signs, ("applicant_signatory", rows.organisation.id))
    handed_in = rows.case("draft")
    draft = rows.case("draft", process={"handed_in_at": None})
    kept = rows.case("draft", process={"handed_in_at": None})
    for each in (draft, kept):
        rows.answers(each, "one", a=1)
        rows.answers(each, "two", b=1)

    def remove(process: Process, version: int | None, by: Any = who) -> None:
        delete_draft(rows.session, machinery, process.id, by, expected_version=version, when=NOW)

    with pytest.raises(Refused) as refused:
        remove(handed_in, None)
    assert refused.value.code == "handed_in"
    reader = person(applicant(rows, "applicant_reader"), ("applicant_reader", rows.organisation.id))
    with pytest.raises(Refused) as forbidden:
        remove(draft, None, reader)
    assert forbidden.value.code == "not_permitted"
    with pytest.raises(StaleVersion):
        remove(draft, 1)
    remove(draft, 2)
    left = rows.session.scalars(select(AnswerSection.process_id).distinct()).all()
    assert left == [kept.id]
    assert rows.session.get(Application, draft.id, populate_existing=True) is None
    assert rows.session.get(Application, kept.id) is not None


def test_bytes_that_something_else_names_are_kept(rows: Rows) -> None:
    rows.document(rows.case(), "award", sha256="d" * 64)
    assert still_wanted(rows.session, ["d" * 64, "e" * 64]) == {"d" * 64}


@pytest.mark.parametrize(("days", "fits"), [(1, True), (0, False), (-1, False)])
def test_an_answer_is_asked_for_tomorrow_at_the_earliest(
    rows: Rows, machinery: Machinery, days: int, fits: bool
) -> None:
    day = TODAY + timedelta(days=days)
    data = {"answer_by": day.isoformat(), "items": "Satzung"}
    context = acting(rows, machinery, rows.case("formal_check"), data)
    if fits:
        request_information(context, {})
        assert context.columns["due_at"] == end_of_day(day)
        return
    with pytest.raises(Refused) as refused:
        request_information(context, {})
    assert refused.value.code == "day_too_early"


def test_late_in_the_evening_tomorrow_is_the_day_after(rows: Rows, machinery: Machinery) -> None:
    data = {"answer_by": (TODAY + timedelta(days=1)).isoformat(), "items": "Satzung"}
    context = acting(rows, machinery, rows.case("formal_check"), data, LATE)
    with pytest.raises(Refused):
        request_information(context, {})
    assert chosen_limit(acting(rows, machinery, rows.case("formal_check")), TODAY) is None


def test_requests_of_a_case_are_numbered(rows: Rows, machinery: Machinery) -> None:
    case, other = rows.case("formal_check"), rows.case("formal_check")
    for each in (other, case, case):
        request_information(acting(rows, machinery, each, {"items": "Satzung"}), {})
        rows.session.flush()
    found = select(InformationRequest.number).where(InformationRequest.process_id == case.id)
    assert rows.session.scalars(found.order_by(InformationRequest.number)).all() == [1, 2]


def test_fourteen_days_are_suggested_from_today_or_from_the_last_day(rows: Rows) -> None:
    """29 June is a Monday; a limit that is over does not count, one that lies ahead does."""
    ahead = end_of_day(date(2026, 6, 17))
    for due, day in (
        (None, date(2026, 6, 29)),
        (end_of_day(date(2026, 6, 10)), date(2026, 6, 29)),
        (ahead, date(2026, 7, 1)),
    ):
        case = rows.case("formal_check", process={"due_at": due})
        assert usual_day(rows.session, statements.load(rows.session, case.id), NOW) == day
