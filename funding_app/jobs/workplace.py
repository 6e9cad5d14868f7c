"""What a job may use: the tool-box that every job gets, and the shape that every job has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from funding_app.adapters.clock import Clock, system_clock
from funding_app.adapters.inspection import Examiner
from funding_app.adapters.mail import Mailer, MemoryMailer, mailer_for
from funding_app.adapters.scanning import Scanner, scanner_for
from funding_app.adapters.storage import Storage
from funding_app.documents import Renderer
from funding_app.engine import Machinery
from funding_app.models.database import Database
from funding_app.services.operations.portal import Portal
from funding_app.settings import DEMO_SECRET
from workflows import Registry


@dataclass(frozen=True, slots=True)
class Workplace:
    """What a job may use.

    `now` is business time: by it messages are due, and what a job writes bears it. By
    `lease_clock`, which never stands, the outbox leases them and waits before it tries again.
    """

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
    now: Clock = system_clock
    lease_clock: Clock = system_clock

    @property
    def definitions(self) -> Registry:
        """The definitions that processes run on."""
        return self.machinery.definitions

    def close(self) -> None:
        """Ends the children that render and draw."""
        self.renderer.close()
        self.examiner.close()


Payload = Mapping[str, Any]
# The last part of a job, in the transaction that marks its message done.
Finish = Callable[[Session, datetime], None]
Job = Callable[[Workplace, Payload], Finish]


def nothing_left(_session: Session, _now: datetime) -> None:
    """The last part of a job that has nothing to write."""


def workplace_of(portal: Portal) -> Workplace:
    """Where the jobs of an installation work."""
    settings = portal.settings
    return Workplace(
        portal.database,
        portal.storage,
        portal.machinery,
        mailer_for(settings.mail_url, settings.mail_dir),
        settings.base_url.rstrip("/"),
        settings.site_name,
        settings.secret,
        scanner=scanner_for(settings.clamd),
        cache=settings.data_dir / "cache",
        now=portal.now,
    )
