"""A receipt or decision is checked against what was issued; what was changed is named."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pikepdf
import pytest
from sqlalchemy import select, update

from funding_app import migrate
from funding_app.adapters.storage import FileStorage
from funding_app.demo.runner import Story, tell_to_notified
from funding_app.demo.world.initiative import lay_out
from funding_app.documents import Renderer
from funding_app.engine import Machinery
from funding_app.jobs.runner import drain
from funding_app.jobs.workplace import Workplace
from funding_app.models import Document
from funding_app.models.database import Database
from tests.conftest import START
from tests.fixtures.commands import Run

pytestmark = pytest.mark.slow


@pytest.fixture
def database(environment: dict[str, str]) -> Database:
    """The database that the commands find, with one case whose decision was notified."""
    folder = Path(environment["FUNDING_DATA_DIR"])
    folder.mkdir()
    made = Database(f"sqlite:///{folder / 'funding.sqlite3'}")
    migrate.upgrade(made.url)
    return made


@pytest.fixture
def papers(
    database: Database, machinery: Machinery, renderer: Renderer, tmp_path: Path
) -> dict[str, Path]:
    """The issued PDF files of the case, by kind."""
    storage = FileStorage(tmp_path / "issued")
    place = Workplace(database, storage, machinery, renderer=renderer)
    with database.write() as session:
        world = lay_out(session)

    def issue(now: datetime) -> None:
        drain(place, now=lambda: now)

    story = Story(database, machinery, world, START, issue)
    tell_to_notified(story, Decimal("140000.00"), "2026-04-01", "2026-12-31")
    issue(story.now)
    files = {}
    with database.read() as session:
        for kind, sha256 in session.execute(select(Document.kind, Document.sha256)):
            files[kind] = tmp_path / f"{kind}.pdf"
            files[kind].write_bytes(storage.get(str(sha256)))
    return files


def forged(file: Path, **changes: str) -> Path:
    """A copy whose attached data say something else."""
    copy = file.with_name("forged.pdf")
    with pikepdf.open(file) as pdf:
        values = json.loads(pdf.attachments["daten.json"].get_file().read_bytes())
        data = json.dumps(values | changes).encode()
        pdf.attachments["daten.json"] = pikepdf.AttachedFileSpec(pdf, data)
        pdf.save(copy)
    return copy


def test_issued_papers_are_genuine(funding: Run, papers: dict[str, Path]) -> None:
    for command, kind in (("receipt", "receipt"), ("decision", "award")):
        done = funding(command, "verify", papers[kind], "--json")
        facts = json.loads(done.stdout)
        assert (done.returncode, facts["verdict"], facts["differs"]) == (0, "genuine", [])
        assert facts["reference"]
        assert facts["issued_at"] > "2026-02-02"


def test_one_changed_byte_is_altered(funding: Run, papers: dict[str, Path]) -> None:
    file = papers["award"]
    file.write_bytes(file.read_bytes() + b"\n")
    done = funding("decision", "verify", file)
    assert done.returncode == 1
    assert done.stdout.startswith("altered: Zuwendungsbescheid, case ")
    assert "differs: bytes\n" in done.stdout


def test_changed_amount_is_named(funding: Run, papers: dict[str, Path]) -> None:
    done = funding("decision", "verify", forged(papers["award"], amount="9.999.999,00 €"), "--json")
    facts = json.loads(done.stdout)
    assert (done.returncode, facts["verdict"]) == (1, "altered")
    assert facts["differs"] == ["bytes", "amount"]


def test_case_that_does_not_exist_is_unknown(funding: Run, papers: dict[str, Path]) -> None:
    done = funding("decision", "verify", forged(papers["award"], reference="XX-2026-99999"))
    assert done.returncode == 1
    assert done.stdout.startswith("unknown")


def test_other_files_are_unknown(funding: Run, papers: dict[str, Path], tmp_path: Path) -> None:
    other = tmp_path / "other.pdf"
    for content in (b"", b"%PDF-1.7 no pdf at all", b"hello"):
        other.write_bytes(content)
        assert funding("receipt", "verify", other).returncode == 1
    assert funding("receipt", "verify", papers["award"]).returncode == 1
    assert funding("receipt", "verify", tmp_path / "missing.pdf").returncode == 2


def test_forged_database_is_found_out(
    funding: Run, papers: dict[str, Path], database: Database
) -> None:
    """Someone puts the hash of a forged letter in the place of the issued one's."""
    file = forged(papers["award"], amount="9.999.999,00 €")
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    with database.write() as session:
        session.execute(update(Document).where(Document.kind == "award").values(sha256=sha256))
    facts = json.loads(funding("decision", "verify", file, "--json").stdout)
    assert facts["verdict"] == "altered"
    assert facts["differs"] == ["amount", "the hash in the log"]


def test_a_receipt_is_checked_without_any_database(
    funding: Run, papers: dict[str, Path], tmp_path: Path
) -> None:
    nowhere = {"FUNDING_DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:1/none"}
    done = funding("receipt", "verify", papers["receipt"], "--offline", **nowhere)
    assert (done.returncode, done.stdout.partition(":")[0]) == (0, "consistent")
    false = forged(papers["receipt"], received_local="1. Januar 2026, 00:00:00 Uhr")
    facts = json.loads(funding("receipt", "verify", false, "--offline", "--json").stdout)
    assert (facts["verdict"], facts["differs"]) == ("altered", ["bytes"])
    assert funding("receipt", "verify", papers["award"], "--offline").returncode == 1
    assert funding("decision", "verify", papers["award"], "--offline").returncode == 0
    other = tmp_path / "other.pdf"
    other.write_bytes(b"never handed in")
    done = funding(
        "receipt", "verify", papers["receipt"], "--offline", "--handed-in", other, **nowhere
    )
    assert done.returncode == 1
    assert str(other) in done.stdout
