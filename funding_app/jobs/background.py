"""What works in the background of a server or worker: draining, timers, seals."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from typing import Protocol

import structlog
from sqlalchemy.exc import IntegrityError

from funding_app.adapters.clock import system_clock
from funding_app.engine.log import seal
from funding_app.jobs.runner import drain
from funding_app.jobs.timers import run_due
from funding_app.jobs.workplace import Workplace
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

    def __init__(self, place: Workplace) -> None:
        super().__init__("keeper")
        self._place = place
        self._sealed = 0.0

    def round(self) -> None:
        """Fires timers, tells what is new; once a minute reminds, sends digests, and seals."""
        place, now = self._place, self._place.now()
        run_due(place.database, place.machinery, now)
        with place.database.write() as session:
            announce_tasks(session, now)
            tell_states(session, place.definitions, now)
        if time.monotonic() - self._sealed < BETWEEN_SEALS:
            return
        self._sealed = time.monotonic()
        with place.database.write() as session:
            remind(session, now)
            request_digests(session, now)
        try:
            with place.database.write() as session:
                seal.seal(session, system_clock())
        except IntegrityError:
            log.info("sealed_elsewhere")
