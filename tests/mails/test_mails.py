"""Mails: to the right people, once each, with a Message-ID that a repeat keeps."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select, update

from funding_app.adapters.clock import system_clock
from funding_app.adapters.mail import FolderMailer, MemoryMailer, SmtpMailer
from funding_app.demo.runner import Story, micro_answers, tell_to_consultation, tell_to_notified
from funding_app.engine import outbox
from funding_app.jobs.runner import drain
from funding_app.jobs.workplace import Workplace
from funding_app.models import MailDelivery, OutboxMessage, Process, UserAccount
from funding_app.services.mails.notices import announce_tasks
from tests.support.servers import free_port

pytestmark = pytest.mark.both_databases

PERIOD = ("2026-04-01", "2026-12-31")


def sent(workplace: Workplace) -> list[EmailMessage]:
    assert isinstance(workplace.mailer, MemoryMailer)
    return workplace.mailer.sent


def submit(story: Story, title: str = "Nähcafé") -> None:
    story.apply("micro_grant", micro_answers(Decimal("900.00"), *PERIOD, title))
    story.act("applicant1", "submit")


def announce(workplace: Workplace) -> None:
    with workplace.database.write() as session:
        announce_tasks(session, system_clock())
    drain(workplace)


def recipients(workplace: Workplace) -> set[str]:
    return {str(mail["To"]).partition("@")[0] for mail in sent(workplace)}


def test_who_hands_in_gets_one_mail_with_number_and_time(
    story: Story, workplace: Workplace
) -> None:
    submit(story)
    drain(workplace)
    drain(workplace)
    [mail] = sent(workplace)
    assert mail["To"] == "applicant1@demo.example"
    assert "Nähcafé" in str(mail["Subject"])
    body = mail.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    with story.database.read() as session:
        assert session.get_one(Process, story.case_id).reference in text
    assert f"/cases/{story.case_id}" in text
    assert mail["Auto-Submitted"] == "auto-generated"


def test_it_is_written_in_the_language_of_the_account(story: Story, workplace: Workplace) -> None:
    with story.database.write() as session:
        session.execute(
            update(UserAccount)
            .where(UserAccount.id == story.world.people["applicant1"])
            .values(language="en")
        )
    submit(story)
    drain(workplace)
    [mail] = sent(workplace)
    assert str(mail["Subject"]).startswith("We have received")


def test_a_title_can_not_write_headers(story: Story, workplace: Workplace) -> None:
    submit(story, "Ruhig\r\nBcc: alle@example.org\r\n\r\nText")
    drain(workplace)
    [mail] = sent(workplace)
    assert mail["Bcc"] is None
    assert "\n" not in str(mail["Subject"])


def test_a_task_is_announced_once_to_those_who_hold_the_role(
    story: Story, workplace: Workplace
) -> None:
    submit(story)
    announce(workplace)
    announce(workplace)
    about_task = [mail for mail in sent(workplace) if "Aufgabe" in str(mail["Subject"])]
    assert [str(mail["To"]) for mail in about_task] == ["officer@demo.example"]


def test_a_review_is_announced_to_its_reviewer_alone(story: Story, workplace: Workplace) -> None:
    tell_to_consultation(story, Decimal("90000.00"), *PERIOD)
    drain(workplace)
    sent(workplace).clear()
    story.now = system_clock()
    announce(workplace)
    assert recipients(workplace) == {"expert1", "expert2", "expert3"}
    for mail in sent(workplace):
        assert "applicant" not in str(mail["To"])


def test_a_decision_is_announced_without_its_content(story: Story, workplace: Workplace) -> None:
    tell_to_notified(story, Decimal("123456.78"), *PERIOD)
    drain(workplace)
    told = [mail for mail in sent(workplace) if "Bescheid" in str(mail["Subject"])]
    assert [str(mail["To"]) for mail in told] == ["applicant1@demo.example"]
    assert "123.456" not in told[0].get_content()


class Unreliable(MemoryMailer):
    """Takes a mail and then fails, as a server does whose answer is lost."""

    failures = 1

    def send(self, message: EmailMessage) -> None:
        super().send(message)
        if len(self.sent) <= self.failures:
            raise smtplib.SMTPServerDisconnected("lost")


def test_a_mail_whose_answer_was_lost_is_repeated_with_the_same_id(
    story: Story, workplace: Workplace
) -> None:
    mailer = Unreliable()
    place = replace(workplace, mailer=mailer)
    submit(story)
    drain(place)
    with story.database.write() as session:
        waiting = (
            session.execute(
                update(OutboxMessage)
                .where(OutboxMessage.job == "send_mail", OutboxMessage.state != "done")
                .values(lease_until=None)
                .returning(OutboxMessage.last_error)
            )
            .scalars()
            .all()
        )
    assert waiting == ["SMTPServerDisconnected: lost"]
    drain(place)
    assert len(mailer.sent) == 2
    assert len({mail["Message-ID"] for mail in mailer.sent}) == 1
    with story.database.read() as session:
        assert session.scalars(select(MailDelivery.state)).all() == ["sent"]
        assert outbox.status(session) == {}


@pytest.fixture
def smtp_server() -> Iterator[tuple[str, list[Any]]]:
    """A real server; refuses whom it does not know."""
    received: list[Any] = []

    class Handler:
        async def handle_RCPT(
            self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
        ) -> str:
            if address.startswith("unknown"):
                return "550 no such mailbox"
            envelope.rcpt_tos.append(address)
            return "250 OK"

        async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
            received.append(message_from_bytes(envelope.content, policy=policy.default))
            return "250 OK"

    port = free_port()
    controller = Controller(Handler(), hostname="127.0.0.1", port=port)
    controller.start()
    yield f"smtp://127.0.0.1:{port}", received
    controller.stop()


def test_a_mail_goes_through_a_real_server(
    story: Story, workplace: Workplace, smtp_server: tuple[str, list[Any]]
) -> None:
    address, received = smtp_server
    submit(story, "Grüße aus Köln – Straßenbäume")
    drain(replace(workplace, mailer=SmtpMailer(address)))
    [mail] = received
    assert "Grüße aus Köln – Straßenbäume" in mail["Subject"]
    assert "Grüße aus Köln" in mail.get_body(("plain",)).get_content()
    with story.database.read() as session:
        assert session.scalars(select(MailDelivery.message_id)).all() == [mail["Message-ID"]]


def test_an_unknown_mailbox_blocks_nobody_else(
    story: Story, workplace: Workplace, smtp_server: tuple[str, list[Any]]
) -> None:
    address, received = smtp_server
    with story.database.write() as session:
        session.execute(
            update(UserAccount)
            .where(UserAccount.id == story.world.people["applicant1"])
            .values(email="unknown@demo.example")
        )
    place = replace(workplace, mailer=SmtpMailer(address))
    submit(story)
    announce(place)
    assert [str(mail["To"]) for mail in received] == ["officer@demo.example"]
    with story.database.read() as session:
        errors = session.scalars(
            select(OutboxMessage.last_error).where(OutboxMessage.state != "done")
        ).all()
    assert len(errors) == 1
    assert "550" in str(errors[0])


def test_without_a_server_mails_are_files_and_a_repeat_is_none(
    story: Story, workplace: Workplace, tmp_path: Path
) -> None:
    folder = tmp_path / "outbox"
    place = replace(workplace, mailer=FolderMailer(folder))
    submit(story)
    drain(place)
    [file] = folder.glob("*.eml")
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    place.mailer.send(mail)
    assert len(list(folder.iterdir())) == 1
