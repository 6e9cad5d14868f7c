"""The receipt: one however often somebody presses, and the same bytes by mail as in the store."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from funding_app.adapters.mail import MemoryMailer
from funding_app.demo.runner import Story, micro_answers
from funding_app.documents.attached import attached_values
from funding_app.jobs.runner import drain
from funding_app.jobs.workplace import Workplace
from funding_app.models import Document, LogRecord, MailDelivery, Submission
from funding_app.services.people.accounts import create_token
from tests.fixtures.pages import SignIn
from tests.support.pages import form_on

pytestmark = pytest.mark.both_databases

ANSWERS = micro_answers(Decimal("900.00"), "2026-04-01", "2026-12-31", "Nähcafé")


def both_at_once(first: Callable[[], int], second: Callable[[], int]) -> list[int]:
    barrier, found = threading.Barrier(2), []

    def run(act: Callable[[], int]) -> None:
        barrier.wait()
        found.append(act())

    threads = [threading.Thread(target=run, args=(each,)) for each in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def counted(story: Story) -> dict[str, int]:
    with story.database.read() as session:
        submitted = select(func.count()).where(LogRecord.event == "submit")
        return {
            "submissions": session.scalar(select(func.count(Submission.id))) or 0,
            "receipts": session.scalar(select(func.count(Document.id))) or 0,
            "mails": session.scalar(select(func.count(MailDelivery.id))) or 0,
            "records": session.scalar(submitted) or 0,
        }


def press(client: FlaskClient, data: dict[str, list[str]], path: str) -> int:
    return client.post(f"{path}/events/submit", data=data).status_code


ONCE = {"submissions": 1, "receipts": 1, "mails": 1, "records": 1}


def test_two_posts_at_once_give_the_same_one_receipt(
    story: Story, sign_in: SignIn, workplace: Workplace
) -> None:
    for _round in range(5):
        story.apply("micro_grant", ANSWERS)
        path = f"/cases/{story.case_id}"
        clients = [sign_in("applicant1") for _each in range(2)]
        sent = [form_on(each.get(path).text, f"{path}/events/submit") for each in clients]
        assert sent[0]["key"] == sent[1]["key"]
        acts = [partial(press, *each, path) for each in zip(clients, sent, strict=True)]
        assert both_at_once(*acts) == [302, 302]
    drain(workplace, now=lambda: story.now)
    assert counted(story) == {name: 5 * number for name, number in ONCE.items()}


def test_two_calls_of_the_api_get_the_same_answer(
    story: Story, app: Flask, workplace: Workplace
) -> None:
    story.apply("micro_grant", ANSWERS)
    with story.database.write() as session:
        token = create_token(session, story.world.people["applicant1"], story.now)
    headers = {"Authorization": f"Bearer {token}", "If-Match": "1", "Idempotency-Key": "k"}
    answers = []

    def act() -> int:
        path = f"/api/v1/processes/{story.case_id}/events/submit"
        answer = app.test_client().post(path, json={}, headers=headers)
        answers.append(answer.get_json())
        return answer.status_code

    assert both_at_once(act, act) == [200, 200]
    assert answers[0] == answers[1]
    drain(workplace, now=lambda: story.now)
    assert counted(story) == ONCE


def test_the_mail_carries_the_receipt_byte_for_byte(story: Story, workplace: Workplace) -> None:
    story.apply("micro_grant", ANSWERS)
    story.act("applicant1", "submit")
    drain(workplace, now=lambda: story.now)
    assert isinstance(workplace.mailer, MemoryMailer)
    [mail] = workplace.mailer.sent
    [attached] = mail.iter_attachments()
    with story.database.read() as session:
        receipt = session.scalars(select(Document)).one()
    content = attached.get_content()
    assert hashlib.sha256(content).hexdigest() == receipt.sha256
    assert attached.get_content_type() == "application/pdf"
    assert attached.get_filename() == "CC-2026-00001-receipt.pdf"
    values = attached_values(content)
    assert values is not None
    assert values["reference"] == "CC-2026-00001"
    body = mail.get_body(("plain",))
    assert body is not None
    assert "hängt als PDF an" in body.get_content()
    assert "/verify" in body.get_content()


def test_a_receipt_that_is_lost_sends_no_mail_without_it(
    story: Story, workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The job fails where somebody sees it, and is done once the file is back."""
    story.apply("micro_grant", ANSWERS)
    story.act("applicant1", "submit")
    lost = FileNotFoundError("lost")

    def get(_storage: object, _sha256: str) -> bytes:
        raise lost

    monkeypatch.setattr(type(workplace.storage), "get", get)
    drain(workplace, now=lambda: story.now)
    assert isinstance(workplace.mailer, MemoryMailer)
    assert workplace.mailer.sent == []
    monkeypatch.undo()
    drain(workplace, now=lambda: story.now + timedelta(days=1))
    [mail] = workplace.mailer.sent
    assert len([*mail.iter_attachments()]) == 1
