"""The deadline minute and the pages, with a few people: what is counted is what happened."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bench import last_minute, pages
from bench.last_minute import Crowd
from bench.senders import SIZE, Sent, pdf_of
from funding_app.adapters.clock import system_clock
from funding_app.adapters.file_type import is_what_it_says
from funding_app.adapters.storage import FileStorage
from funding_app.app import create_app
from funding_app.demo.bulk.load import load_bulk
from funding_app.demo.bulk.paths import DRAFTED, INVITED
from funding_app.engine import Machinery
from funding_app.models import Application
from funding_app.models.database import Database
from funding_app.services.operations.portal import Portal
from funding_app.settings import Settings
from tests.support.proxy import program

FEW = Crowd(minute=2.5, in_time=8, in_the_last_second=4, too_late=3, receipts=2)


@pytest.mark.slow
@pytest.mark.timeout(180)
@pytest.mark.skipif(program() is None, reason="nginx is not installed: apt-get install nginx-light")
def test_a_small_crowd_before_a_deadline(database: Database, machinery: Machinery) -> None:
    found = list(last_minute.figures("trial", database, machinery, FEW))
    assert [figure.kept for figure in found] == [True] * 5, found
    answered, _failed, _late, early, receipts = found
    assert answered.detail["sent"] == FEW.drafts
    assert early.detail["sent_after"] >= FEW.too_late
    assert receipts.detail["receipts checked"] >= 2


def test_a_wrong_judgement_is_counted(database: Database, machinery: Machinery) -> None:
    load_bulk(database, machinery, 30)
    with database.write() as session:
        wanted = select(Application.id).where(Application.submitted_at.is_not(None)).limit(2)
        one, other = session.scalars(wanted)
        session.execute(update(Application).where(Application.id == one).values(is_late=True))
        session.execute(update(Application).where(Application.id == other).values(is_late=False))
    closes = datetime.now(UTC).timestamp()
    sent = [
        Sent(one, (201, 200), "submitted_late", closes - 2, closes - 0.1, closes + 1),
        Sent(other, (201, 200), "submitted", closes, closes + 0.1, closes + 1),
    ]
    assert [each.ours for each in last_minute.judgements("trial", database, closes, sent)] == [1, 1]
    fair = [Sent(one, (201, 200), "submitted_late", closes, closes + 1, closes + 2)]
    assert [each.ours for each in last_minute.judgements("trial", database, closes, fair)] == [0, 0]


def test_the_files_are_of_the_size_and_kind_they_say() -> None:
    content = pdf_of(b"0123456789abcdef")
    assert len(content) == SIZE
    assert is_what_it_says("plan.pdf", content)
    assert content != pdf_of(b"0123456789abcdeg")


def test_every_click_answers(database: Database, machinery: Machinery, tmp_path: Path) -> None:
    load_bulk(database, machinery, 40, whole=False)
    load_bulk(database, machinery, 2, road=DRAFTED)
    load_bulk(database, machinery, 2, road=INVITED)
    pages.give_reviews(database, machinery)
    settings = Settings(env="test", data_dir=tmp_path)
    parts = Portal(settings, database, machinery, FileStorage(tmp_path), system_clock)
    for click in pages.clicks(create_app(settings, parts), database).values():
        click()
        click()
