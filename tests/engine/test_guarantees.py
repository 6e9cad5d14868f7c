"""What must not happen: overdrawn money, a lost dissent, a stale signature, a changed log."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError

from funding_app import services
from funding_app.demo.runner import (
    Story,
    grant_answers,
    micro_answers,
    tell_micro_grant,
    tell_to_consultation,
)
from funding_app.demo.world.initiative import CLOSES, add_applicant
from funding_app.engine import Command, KeyReused, Refused, StaleVersion
from funding_app.engine.log import seal
from funding_app.engine.log.verify import verify
from funding_app.models import (
    Application,
    BudgetEntry,
    BudgetLine,
    Call,
    CoSignature,
    LogRecord,
    Process,
)

pytestmark = pytest.mark.both_databases

AMOUNT = Decimal("250000.00")
PERIOD = ("2026-04-01", "2026-12-31")


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {refusal.code for refusal in refused.value.refusals}


def test_a_grant_is_decided_only_after_three_signatures(story: Story) -> None:
    tell_to_consultation(story, AMOUNT, *PERIOD)
    for index in (0, 1):
        story.sign(index)
        assert story.state() == "consultation"
    story.sign(2)
    assert story.state() == "decision_prepared"
    story.act("lead", "approve")
    assert story.state() == "decision_approved"


def test_one_dissent_blocks_the_decision(story: Story) -> None:
    tell_to_consultation(story, AMOUNT, *PERIOD)
    story.sign(0)
    story.sign(1)
    third = story.children("co_signature")[2]
    with pytest.raises(Refused) as refused:
        story.act("signatory3", "dissent", on=third)
    assert codes(refused) == {"reason_missing"}
    story.act("signatory3", "dissent", on=third, reason="Umweltbezug fehlt.")
    assert story.state() == "consultation"
    with pytest.raises(Refused):
        story.act("lead", "approve")


def test_changing_a_share_makes_the_signatures_stale(story: Story) -> None:
    tell_to_consultation(story, AMOUNT, *PERIOD)
    for index in range(3):
        story.sign(index)
    change = {"amount": "250000.00", "shares": "50/35/15"}
    story.act("officer", "restructure", change, reason="Neuer Schlüssel.")
    assert story.state() == "recommended"
    with story.database.read() as session:
        assert set(
            session.scalars(select(Process.state).where(Process.definition_key == "co_signature"))
        ) == {"stale"}
        assert session.scalar(select(func.sum(BudgetLine.reserved))) == 0
    story.act("officer", "open_consultation")
    for index in range(3):
        story.sign(index)
    story.act("lead", "approve")
    with story.database.read() as session:
        amounts = session.scalars(
            select(BudgetEntry.amount)
            .join(BudgetLine, BudgetLine.id == BudgetEntry.budget_line_id)
            .where(BudgetEntry.kind == "commit")
            .order_by(BudgetEntry.amount)
        ).all()
        assert amounts == [Decimal("37500.00"), Decimal("87500.00"), Decimal("125000.00")]


def test_whoever_opened_the_consultation_can_not_sign_it_off(story: Story) -> None:
    tell_to_consultation(story, AMOUNT, *PERIOD)
    child = story.children("co_signature")[0]
    with pytest.raises(Refused) as refused:
        story.act("officer1", "clear_expert", on=child)
    assert codes(refused) == {"not_permitted"}


def test_the_proposer_can_not_confirm(story: Story) -> None:
    story.apply("grant_case", grant_answers(AMOUNT, *PERIOD, "Vier Augen"))
    story.act("applicant1", "submit")
    story.act("officer", "start_check", {"no_conflict": True})
    proposed = story.act("officer", "reject_formal", {"reasons": "Nicht förderfähig."})
    assert proposed.pending and story.state() == "formal_check"
    with pytest.raises(Refused) as refused:
        story.act("officer", "confirm", on=uuid.UUID(proposed.pending))
    assert codes(refused) == {"four_eyes_violation"}
    with pytest.raises(Refused) as again:
        story.act("officer", "reject_formal", {"reasons": "Noch einmal."})
    assert codes(again) == {"already_proposed"}


def test_an_incomplete_application_names_its_reason(story: Story) -> None:
    sections = grant_answers(AMOUNT, *PERIOD, "Lücke")
    del sections["description"]
    story.apply("grant_case", sections)
    with pytest.raises(Refused) as refused:
        story.act("applicant1", "submit")
    assert codes(refused) == {"incomplete"}


def test_the_cut_off_is_exact(story: Story) -> None:
    story.apply("grant_case", grant_answers(AMOUNT, *PERIOD, "Zu spät"))
    story.now = CLOSES - timedelta(hours=1)  # `act` goes on by an hour: exactly the cut-off
    story.act("applicant1", "submit")
    assert story.state() == "submitted_late"


def test_a_repeated_key_gives_the_first_answer(story: Story) -> None:
    story.apply("grant_case", grant_answers(AMOUNT, *PERIOD, "Doppelklick"))
    assert story.case_id is not None
    person = story.world.people["applicant1"]
    command = Command(story.case_id, "submit", person, story.now, key="klick-1")
    answers = []
    for _click in range(2):
        with story.database.write() as session:
            answers.append(services.fire(session, story.machinery, command))
    assert answers[0] == answers[1]
    other = Command(story.case_id, "withdraw", person, story.now, key="klick-1")
    with pytest.raises(KeyReused), story.database.write() as session:
        services.fire(session, story.machinery, other)


def test_a_stale_tab_is_told_both_versions(story: Story) -> None:
    story.apply("grant_case", grant_answers(AMOUNT, *PERIOD, "Alter Stand"))
    story.act("applicant1", "submit")
    assert story.case_id is not None
    officer = story.world.people["officer"]
    command = Command(story.case_id, "start_check", officer, story.now, expected_version=1)
    with pytest.raises(StaleVersion) as stale, story.database.write() as session:
        services.fire(session, story.machinery, command)
    assert (stale.value.expected, stale.value.current) == (1, 2)


def _prepared(story: Story, cases: int) -> list[uuid.UUID]:
    prepared = []
    for number in range(2, cases + 2):
        with story.database.write() as session:
            add_applicant(session, story.world, number, f"Verein {number} e. V.", "Köln")
        told = Story(
            story.database, story.machinery, story.world, story.now, story.issue_letters,
            applicant=f"applicant{number}",
        )  # fmt: skip
        answers = micro_answers(Decimal("1000.00"), "2026-04-01", "2026-05-31", f"Fall {number}")
        told.organisation = number - 1
        told.apply("micro_grant", answers)
        told.act(told.applicant, "submit")
        told.act("officer", "start_check", {"no_conflict": True})
        proposed = told.act("officer", "decide_grant", {"amount": "1000.00"})
        prepared.append(uuid.UUID(str(proposed.pending)))
    return prepared


def _race(story: Story, approvals: list[uuid.UUID]) -> list[str]:
    """All proposals confirmed at the same moment, each in its own thread; what came of them."""
    barrier = threading.Barrier(len(approvals))

    def confirm(approval: uuid.UUID) -> str:
        command = Command(approval, "confirm", story.world.people["approver"], story.now)
        barrier.wait()
        try:
            with story.database.write() as session:
                services.fire(session, story.machinery, command)
        except Refused as refused:
            return refused.code
        return "granted"

    with ThreadPoolExecutor(len(approvals)) as pool:
        return sorted(pool.map(confirm, approvals))


def test_sixteen_race_for_the_money_of_ten(story: Story) -> None:
    approvals = _prepared(story, 16)
    with story.database.write() as session:
        session.execute(update(BudgetLine).values(available=Decimal("10000.00")))
    assert _race(story, approvals) == ["budget_insufficient"] * 6 + ["granted"] * 10
    with story.database.read() as session:
        committed = session.scalar(select(func.sum(BudgetLine.committed)))
        granted = session.scalar(select(func.count()).where(Application.decision_kind == "grant"))
        assert (committed, granted) == (Decimal("10000.00"), 10)
        assert verify(session) == []


def test_a_race_does_not_pass_the_quarterly_ceiling(story: Story) -> None:
    approvals = _prepared(story, 8)
    with story.database.write() as session:
        session.execute(update(Call).values(quarterly_ceiling=Decimal("5000.00")))
    outcomes = _race(story, approvals)
    assert outcomes.count("granted") == 5
    assert set(outcomes) == {"granted", "budget_insufficient"}


def test_the_first_numbers_of_a_year_are_given_at_once(story: Story) -> None:
    drafts = []
    for number in range(8):
        answers = micro_answers(Decimal("900.00"), "2026-04-01", "2026-05-31", f"Fall {number}")
        drafts.append(story.apply("micro_grant", answers))
    barrier = threading.Barrier(len(drafts))

    def submit(draft: uuid.UUID) -> None:
        command = Command(draft, "submit", story.world.people[story.applicant], story.now)
        barrier.wait()
        with story.database.write() as session:
            services.fire(session, story.machinery, command)

    with ThreadPoolExecutor(len(drafts)) as pool:
        list(pool.map(submit, drafts))
    with story.database.read() as session:
        given = sorted(session.scalars(select(Process.reference)))
        assert given == [f"CC-2026-{number:05d}" for number in range(1, 9)]
        assert verify(session) == []


def test_the_database_refuses_to_change_the_log(story: Story) -> None:
    story.apply("grant_case", grant_answers(AMOUNT, *PERIOD, "Unveränderlich"))
    for statement in ("UPDATE log_record SET event = 'x'", "DELETE FROM log_record"):
        with pytest.raises(DBAPIError), story.database.write() as session:
            session.execute(text(statement))


def _without_triggers(story: Story, statement: str) -> None:
    with story.database.write() as session:
        if story.database.is_sqlite:
            for name in ("update", "delete"):
                session.execute(text(f"DROP TRIGGER log_record_no_{name}"))
                session.execute(text(f"DROP TRIGGER sealed_record_no_{name}"))
                session.execute(text(f"DROP TRIGGER audit_seal_no_{name}"))
        else:
            session.execute(text("SET LOCAL session_replication_role = replica"))
        for part in statement.split(";"):
            session.execute(text(part))


FORGERIES = {
    "edited": ("UPDATE log_record SET event = 'forged' WHERE seq = 2", "record_edited"),
    "removed": ("DELETE FROM log_record WHERE seq = 2", "record_missing"),
    "payload": ("UPDATE log_payload SET payload = '{}' WHERE seq = 2", "payload_edited"),
    "reordered": (
        "UPDATE log_record SET seq = 99 WHERE seq = 2;"
        "UPDATE log_record SET seq = 2 WHERE seq = 3;"
        "UPDATE log_record SET seq = 3 WHERE seq = 99",
        "chain_broken",
    ),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_verification_finds_a_forged_record(story: Story, forgery: str) -> None:
    tell_micro_grant(story, Decimal("4800.00"))
    statement, code = FORGERIES[forgery]
    _without_triggers(story, statement)
    with story.database.read() as session:
        assert code in {finding.code for finding in verify(session)}


def test_anchors_find_a_cut_tail_and_a_complete_rewrite(story: Story) -> None:
    tell_micro_grant(story, Decimal("4800.00"))
    with story.database.write() as session:
        seal.seal(session, story.now)
        anchors = seal.anchors(session)
    with story.database.read() as session:
        assert verify(session, anchors) == []
        last = session.execute(
            select(LogRecord.process_id, LogRecord.seq, LogRecord.prev_hash)
            .where(LogRecord.process_id == story.case_id)
            .order_by(LogRecord.seq.desc())
            .limit(1)
        ).one()
    case = last.process_id.hex if story.database.is_sqlite else str(last.process_id)
    _without_triggers(
        story,
        f"DELETE FROM log_record WHERE process_id = '{case}' AND seq = {last.seq};"
        f"DELETE FROM log_payload WHERE process_id = '{case}' AND seq = {last.seq};"
        f"UPDATE process SET log_seq = {last.seq - 1}, log_head = '{last.prev_hash}' "
        f"WHERE id = '{case}';DELETE FROM sealed_record;DELETE FROM audit_seal",
    )
    with story.database.write() as session:
        seal.seal(session, story.now)
    with story.database.read() as session:
        assert verify(session) == []  # the forger has done everything that can be done here
        assert {finding.code for finding in verify(session, anchors)} == {"anchor_differs"}


def test_signatures_hold_one_content(story: Story) -> None:
    tell_to_consultation(story, AMOUNT, *PERIOD)
    with story.database.read() as session:
        hashes = set(session.scalars(select(CoSignature.content_hash)))
        case = session.get_one(Application, story.case_id)
        assert hashes == {case.content_hash}
