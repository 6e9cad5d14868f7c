"""Pages, exports, papers and mails of a portal in which every typed text is a hostile one."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Thread
from typing import Any

import pikepdf
import pytest
from sqlalchemy import select, update
from werkzeug.serving import make_server

from funding_app.adapters.mail import MemoryMailer
from funding_app.exports import EXPORTS, export
from funding_app.exports.csv_injection import is_formula_like, neutral
from funding_app.jobs.runner import drain
from funding_app.jobs.workplace import Workplace
from funding_app.models import Document, MailDelivery, OutboxMessage
from funding_app.web.filters import DEMO_PASSWORD
from tests.exports.reading import as_items, as_rows, as_sheet
from tests.hostile.conftest import House
from tests.hostile.doors import markup_problems
from tests.hostile.planting import plant
from tests.hostile.preparing import people_of
from tests.support.browser import chromium, sign_in, watched
from tests.support.servers import free_port
from tests.support.site import File, Site, endpoint_of, parsed, skeleton, walk

pytestmark = pytest.mark.slow


# What lays out a text by marks within it, or says how it reads.
LAID_OUT = ("/leichte-sprache", "/plain-language")
# Cells into which several texts are put together.
JOINED = frozenset({"Co-Funders"})
Cells = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Planted:
    """What was found before and after, and what stands where another text stood."""

    before: Site
    after: Site
    known: Mapping[str, str]
    exported: Mapping[str, Cells]


def exported(house: House, name: str, kind: str) -> bytes:
    """A whole export, as the operator gets it."""
    with house.database.read() as session:
        made = export(
            session, name, format=kind, person=None,
            definitions=house.parts.machinery.definitions,
        )  # fmt: skip
        return b"".join(made.chunks)


@pytest.fixture(scope="module")
def planted(house: House, site: Site) -> Iterator[Planted]:
    """The portal with hostile texts in it, beside what it was."""
    house.restore()
    before = {name: as_items(exported(house, name, "json")) for name in EXPORTS}
    known = plant(house.database)
    assert len(known) > 800
    seeds = list(dict.fromkeys(path for _who, path in site.pages))
    after = walk(house.app, house.database, people_of(house.database), seeds)
    yield Planted(site, after, known, before)
    house.restore()


def test_no_page_fails(planted: Planted) -> None:
    assert [each for each in planted.after.refused if each.rpartition(" ")[2].startswith("5")] == []


def test_no_text_becomes_markup(planted: Planted) -> None:
    wrong = [
        f"{who} {path}: {found}"
        for (who, path), page in planted.after.pages.items()
        for found in markup_problems(parsed(page))
    ]
    assert wrong == [], "\n".join(wrong[:20])


def test_pages_are_built_as_before(planted: Planted) -> None:
    before, after = planted.before.pages, planted.after.pages
    both = sorted(before.keys() & after.keys())
    assert len(both) > 200
    wrong = [
        f"{who} {path}"
        for who, path in both
        if not path.endswith(LAID_OUT)
        and skeleton(parsed(before[who, path])) != skeleton(parsed(after[who, path]))
    ]
    assert wrong == [], "\n".join(wrong[:20])


@contextmanager
def served(house: House) -> Iterator[str]:
    """The portal at an address of its own."""
    server = make_server("127.0.0.1", free_port(), house.app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def one_of_each(house: House, planted: Planted) -> dict[str, list[str]]:
    """By person, the first page found of each view."""
    chosen: dict[str, list[str]] = {}
    known = set()
    for who, path in planted.after.pages:
        endpoint = endpoint_of(house.app, path)
        if endpoint not in known:
            known.add(endpoint)
            chosen.setdefault(who, []).append(path)
    return chosen


@pytest.mark.browser
@pytest.mark.timeout(600)
def test_no_script_runs_in_a_browser(house: House, planted: Planted) -> None:
    chosen, problems, run = one_of_each(house, planted), [], []
    assert sum(map(len, chosen.values())) > 60
    with served(house) as address, chromium() as browser:
        for who, paths in chosen.items():
            page = watched(browser, address, problems)
            if who:
                sign_in(page, who, DEMO_PASSWORD)
            for path in paths:
                page.goto(path)
                if page.evaluate("window.planted") is not None:
                    run.append(f"{who} {path}")
            page.context.close()
    assert run == []
    assert problems == [], "\n".join(problems[:20])


def expected(planted: Planted, name: str) -> Cells:
    """The rows exported before, with the text that stands in each cell now."""
    return [
        {
            key: planted.known.get(value, value) if isinstance(value, str) else value
            for key, value in row.items()
        }
        for row in planted.exported[name]
    ]


def by_key(rows: Cells) -> list[str]:
    """Rows in an order of their own: lists by name come in another."""
    return sorted(
        str(sorted((key, value) for key, value in row.items() if key not in JOINED)) for row in rows
    )


@pytest.mark.parametrize("name", sorted(EXPORTS))
def test_exports_carry_the_texts(house: House, planted: Planted, name: str) -> None:
    rows = expected(planted, name)
    assert by_key(as_items(exported(house, name, "json"))) == by_key(rows)
    plain = as_rows(exported(house, name, "csv"))
    cells = {cell for row in plain for cell in row.values()}
    texts = {
        text
        for row in rows
        for key, text in row.items()
        if isinstance(text, str) and key not in JOINED
    }
    assert {neutral(text) for text in texts} <= cells
    assert not any(is_formula_like(cell) for cell in cells)
    sheet = as_sheet(exported(house, name, "xlsx"))
    assert sheet.max_row == len(rows) + 1
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d", "b"}


def test_files_are_whole_and_their_names_stay_in_place(planted: Planted) -> None:
    kinds = Counter(file.kind for file in planted.after.files.values())
    assert kinds["application/pdf"] > 5
    assert kinds["text/calendar"] > 1
    wrong = [
        f"{who} {path}: {found}"
        for (who, path), file in planted.after.files.items()
        for found in file_problems(file)
    ]
    assert wrong == [], "\n".join(wrong[:20])


def file_problems(file: File) -> Iterator[str]:
    """What a hostile text could have done to a file."""
    if re.search(r"[\x00-\x1f\x7f]", file.name) or "/" in file.name.partition("filename=")[2]:
        yield f"the name {file.name!r:.80}"
    if file.kind == "application/pdf":
        yield from pdf_problems(file.content)
    elif file.kind == "text/calendar":
        yield from calendar_problems(file.content)


def pdf_problems(content: bytes) -> Iterator[str]:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        if {"/OpenAction", "/AA", "/AcroForm"} & set(pdf.Root.keys()):
            yield "opens something by itself"
        targets = [
            str(mark.get("/A", {}).get("/URI", ""))
            for page in pdf.pages
            for mark in page.get("/Annots", [])
        ]
        yield from (f"leads to {target}" for target in targets if "planted" in target)


def calendar_problems(content: bytes) -> Iterator[str]:
    lines = content.split(b"\r\n")
    yield from (f"a long line {line[:40]!r}" for line in lines if len(line) > 75)
    unfolded = content.replace(b"\r\n ", b"").split(b"\r\n")
    names = [re.split(b"[:;]", line)[0] for line in unfolded if line]
    yield from (f"a line {name!r:.60}" for name in names if not re.fullmatch(b"[A-Z-]+", name))
    if names.count(b"BEGIN") != names.count(b"END") or names.count(b"ATTENDEE"):
        yield f"{names}"


def test_papers_and_mails_are_made_of_them(house: House, planted: Planted) -> None:
    """Every letter and every mail of the demo once more, with the texts in them."""
    with house.database.write() as session:
        session.execute(update(MailDelivery).values(state="queued", sent_at=None))
        session.execute(update(Document).values(sha256=None, size=None, issued_at=None))
        again = {"state": "pending", "due_at": house.parts.now(), "attempts": 0}
        session.execute(update(OutboxMessage).values(**again, lease_until=None, token=None))
    mailer, parts = MemoryMailer(), house.parts
    place = Workplace(parts.database, parts.storage, parts.machinery, mailer=mailer)
    drain(place)
    with house.database.read() as session:
        failed = session.execute(
            select(OutboxMessage.job, OutboxMessage.last_error).where(OutboxMessage.state != "done")
        ).all()
        issued = session.scalars(select(Document.sha256)).all()
    assert failed == []
    assert len(mailer.sent) > 50
    wrong = [found for mail in mailer.sent for found in mail_problems(mail)]
    for sha256 in issued:
        wrong += pdf_problems(place.storage.get(str(sha256)))
    assert wrong == [], "\n".join(wrong[:20])


USUAL = frozenset({
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version",
    "Content-Type", "Content-Transfer-Encoding", "List-Unsubscribe", "List-Unsubscribe-Post",
    "Content-Language", "Precedence", "X-Auto-Response-Suppress",
})  # fmt: skip


def mail_problems(mail: EmailMessage) -> Iterator[str]:
    """What a hostile text could have done to a mail on its way."""
    read = message_from_bytes(mail.as_bytes(policy=policy.SMTP), policy=policy.default)
    yield from (f"a header {name}" for name in read if name not in USUAL)
    if "planted" in str(read["To"]) or len(read.get_all("To", [])) != 1:
        yield f"to {read['To']}"
    if str(read["Subject"]).strip() != " ".join(str(read["Subject"]).split("\n")).strip():
        yield f"a subject of several lines {read['Subject']!r:.80}"
