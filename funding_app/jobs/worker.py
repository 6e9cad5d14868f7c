"""What works in the background of a server or worker: draining, timers, seals."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from typing import Protocol

import structlog
from sqlalchemy.exc import IntegrityError

from funding_app.adapters.clock import Clock, system_clock
from funding_app.engine import Machinery
from funding_app.engine.log import seal
from funding_app.jobs.drain import Workplace, drain
from funding_app.jobs.timers import run_due
from funding_app.models.database import Database
from funding_app.services.mails.notices import announce_tasks
from funding_app.services.mails.preferences import request_digests, tell_states
from funding_app.services.mails.reminders import remind

log = structlog.get_logger()
PAUSE = 1.0
BETWEEN_SEALS = 60.0


class Helper(Protocol):
    """Something that works beside the server and hears the doorbell."""

    def start(self) -> None:
        """Begins to work."""

    def ring(self) -> None:
        """Something was just written."""

    def stop(self) -> None:
        """Finishes what is at hand and ends."""


class Background(ABC):
    """A thread that does one round when the doorbell rings, and once a second anyway."""

    def __init__(self, name: str) -> None:
        self._bell, self._over = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)

    def start(self) -> None:
        """Begins to work."""
        self._thread.start()

    def ring(self) -> None:
        """Something was just written."""
        self._bell.set()

    def stop(self) -> None:
        """Finishes what is at hand and ends."""
        self._over.set()
        self._bell.set()
        if self._thread.is_alive():
            self._thread.join(30)

    @abstractmethod
    def round(self) -> None:
        """What is done each time."""

    def _work(self) -> None:
        while not self._over.is_set():
            try:
                self.round()
            except Exception as error:  # a full disk or a lost database must not end the thread
                log.error("background_failed", error=f"{type(error).__name__}: {error}")
            self._bell.wait(PAUSE)
            self._bell.clear()


class DirectWorker(Background):
    """Drains the outbox inside the server, without a broker."""

    def __init__(self, place: Workplace) -> None:
        super().__init__("outbox")
        self._place = place

    def round(self) -> None:
        """Does every message that is due."""
        drain(self._place)

    def stop(self) -> None:
        """Finishes what is at hand, then ends the renderer."""
        super().stop()
        self._place.close()


class Keeper(Background):
    """Runs the timers, tells of tasks and states, reminds, seals the log."""

    def __init__(self, database: Database, machinery: Machinery, now: Clock) -> None:
        super().__init__("keeper")
        self._database, self._machinery, self._now = database, machinery, now
        self._sealed = 0.0

    def round(self) -> None:
        """Fires timers, tells what is new; once a minute reminds, sends digests, and seals."""
        run_due(self._database, self._machinery, self._now())
        with self._database.write() as session:
            announce_tasks(session, system_clock())
            tell_states(session, self._machinery.definitions, system_clock())
        if time.monotonic() - self._sealed < BETWEEN_SEALS:
            return
        self._sealed = time.monotonic()
        with self._database.write() as session:
            remind(session, self._now())
            request_digests(session, system_clock())
        try:
            with self._database.write() as session:
                seal.seal(session, system_clock())
        except IntegrityError:
            log.info("sealed_elsewhere")
