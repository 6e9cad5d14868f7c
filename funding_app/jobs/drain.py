"""Running the outbox: dispatch, claim, work, and mark done in the effect's own transaction."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy.orm import Session

from funding_app.adapters.inspection import Examiner
from funding_app.adapters.mail import Mailer, MemoryMailer, mailer_for
from funding_app.adapters.scanning import Scanner, scanner_for
from funding_app.adapters.storage import Storage
from funding_app.documents import Renderer
from funding_app.engine import Machinery, outbox
from funding_app.engine.batch import fire_each
from funding_app.jobs.blank_forms import prepare_blank_forms
from funding_app.jobs.copies import clean_copy, look_for_names
from funding_app.jobs.forgetting import forget_files
from funding_app.jobs.mails import send_mail, write_mails
from funding_app.jobs.scans import scan_file
from funding_app.jobs.thumbnails import draw_thumbnail
from funding_app.models import Call
from funding_app.models.database import Database
from funding_app.queries.decisions.letters import document_values
from funding_app.queries.reviews.assignment import whole_situation
from funding_app.services.decisions.documents import issue_document
from funding_app.services.operations.batches import batch_of
from funding_app.services.operations.definition_versions import change_part
from funding_app.services.operations.redating import redate_part
from funding_app.services.reviews.assignment import keep_proposal, propose
from funding_app.settings import DEMO_SECRET, Settings
from workflows import Registry

log = structlog.get_logger()

Finish = Callable[[Session, datetime], None]


@dataclass(frozen=True, slots=True)
class Workplace:
    """What a job may use."""

    database: Database
    storage: Storage
    machinery: Machinery
    mailer: Mailer = field(default_factory=MemoryMailer)
    base_url: str = "http://127.0.0.1:8000"
    site_name: str = "Förderportal"
    secret: str = field(default=DEMO_SECRET, repr=False)
    renderer: Renderer = field(default_factory=Renderer)
    scanner: Scanner | None = None
    cache: Path | None = None
    examiner: Examiner = field(default_factory=Examiner)

    @property
    def definitions(self) -> Registry:
        """The definitions that processes run on."""
        return self.machinery.definitions

    def close(self) -> None:
        """Ends the children that render and draw."""
        self.renderer.close()
        self.examiner.close()


def workplace_of(
    settings: Settings, database: Database, storage: Storage, machinery: Machinery
) -> Workplace:
    """Where the jobs of an installation work."""
    mailer = mailer_for(settings.mail_url, settings.mail_dir)
    address = settings.base_url.rstrip("/")
    return Workplace(
        database, storage, machinery, mailer, address, settings.site_name, settings.secret,
        scanner=scanner_for(settings.clamd), cache=settings.data_dir / "cache",
    )  # fmt: skip


def render_document(place: Workplace, payload: Mapping[str, Any]) -> Finish:
    """Renders a document and stores its bytes; recording them is left to the last transaction."""
    document_id = uuid.UUID(payload["document_id"])
    with place.database.read() as session:
        values = document_values(session, document_id)
    rendered = place.renderer.render(values["kind"], values)
    place.storage.put(rendered.content)

    def record(session: Session, now: datetime) -> None:
        issue_document(session, document_id, values, rendered.sha256, len(rendered.content), now)

    return record


def fire_batch(place: Workplace, payload: Mapping[str, Any]) -> Finish:
    """Fires an event on many cases, in the last transaction and so at once or not at all."""

    def change(session: Session, now: datetime) -> None:
        done = fire_each(session, place.machinery, batch_of(payload, now))
        log.info("batch_done", fired=len(done.fired), refused=len(done.refused))

    return change


def propose_reviews(place: Workplace, payload: Mapping[str, Any]) -> Finish:
    """Computes whom to ask for a call's reviews; what was ordered anew meanwhile is dropped."""
    with place.database.read() as session:
        call = session.get_one(Call, uuid.UUID(payload["call"]))
        found = whole_situation(session, place.definitions, call)
    proposal = propose(found)

    def keep(session: Session, now: datetime) -> None:
        kept = keep_proposal(session, payload, proposal, now)
        log.info("reviews_proposed", reviews=len(proposal.pairs), gap=proposal.gap, kept=kept)

    return keep


def redate(place: Workplace, payload: Mapping[str, Any]) -> Finish:
    """Dates limits and timers anew after a rule value has changed."""
    return lambda session, now: log.info(
        "redated", changed=redate_part(session, place.machinery, payload, now)
    )


def change_version(place: Workplace, payload: Mapping[str, Any]) -> Finish:
    """Raises running cases to another version of their definition."""
    return lambda session, now: log.info(
        "version_changed", processes=change_part(session, place.machinery, payload, now)
    )


JOBS: Mapping[str, Callable[[Workplace, Mapping[str, Any]], Finish]] = {
    "change_version": change_version,
    "clean_copy": clean_copy,
    "draw_thumbnail": draw_thumbnail,
    "fire_batch": fire_batch,
    "forget_files": forget_files,
    "look_for_names": look_for_names,
    "prepare_blank_forms": prepare_blank_forms,
    "propose_reviews": propose_reviews,
    "redate": redate,
    "render_document": render_document,
    "scan_file": scan_file,
    "send_mail": send_mail,
    "write_mails": write_mails,
}


def run(place: Workplace, message_id: uuid.UUID, now: Callable[[], datetime]) -> bool:
    """Does one message; `False` where another worker has it or it failed."""
    with place.database.write() as session:
        claimed = outbox.claim(session, message_id, now())
    if claimed is None:
        return False
    try:
        finish = JOBS[claimed.job](place, claimed.payload)
        with place.database.write() as session:
            finish(session, now())
            if not outbox.finish(session, claimed, now()):
                raise LeaseLost
    except LeaseLost:
        return False
    except outbox.NotYet as reason:
        with place.database.write() as session:
            outbox.postpone(session, claimed, str(reason), now())
        return False
    except Exception as error:  # a job may fail in any way; the outbox keeps the reason
        log.warning("job_failed", job=claimed.job, error=type(error).__name__)
        with place.database.write() as session:
            outbox.fail(session, claimed, f"{type(error).__name__}: {error}", now())
        return False
    return True


class LeaseLost(Exception):
    """Another worker has taken over; this one's transaction must not count."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


def drain(
    place: Workplace,
    *,
    now: Callable[[], datetime] = _utc_now,
    epoch: str = "direct",
    windows: int | None = None,
) -> int:
    """Does everything that is due, or so many windows of it; returns how many messages it did."""
    done = 0
    for _window in count() if windows is None else range(windows):
        with place.database.write() as session:
            outbox.sweep(session, epoch, now())
            ids = outbox.dispatch(session, epoch, now())
        if not ids:
            return done
        done += sum(run(place, message_id, now) for message_id in ids)
    return done
