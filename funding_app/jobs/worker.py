"""The embedded worker: a thread that drains the outbox, seals the log and runs the timers."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime

import structlog

from funding_app.engine import Machinery, seal
from funding_app.jobs.drain import Workplace, drain
from funding_app.jobs.timers import run_due

log = structlog.get_logger()
PAUSE = 1.0
BETWEEN_SEALS = 60.0


class DirectWorker:
    """Does what is due when the doorbell rings, and once a second anyway."""

    def __init__(self, place: Workplace, machinery: Machinery) -> None:
        self._place, self._machinery = place, machinery
        self._bell, self._over = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._work, name="outbox", daemon=True)
        self._sealed = 0.0

    def start(self) -> None:
        """Begins to work."""
        self._thread.start()

    def ring(self) -> None:
        """Something was just written to the outbox."""
        self._bell.set()

    def stop(self) -> None:
        """Finishes the message at hand and ends."""
        self._over.set()
        self._bell.set()
        if self._thread.is_alive():
            self._thread.join(30)

    def _work(self) -> None:
        while not self._over.is_set():
            try:
                self._once()
            except Exception as error:  # a full disk or a lost database must not end the worker
                log.error("worker_failed", error=f"{type(error).__name__}: {error}")
            self._bell.wait(PAUSE)
            self._bell.clear()

    def _once(self) -> None:
        drain(self._place)
        run_due(self._place.database, self._machinery, datetime.now(UTC))
        if time.monotonic() - self._sealed > BETWEEN_SEALS:
            with self._place.database.write() as session:
                seal.seal(session, datetime.now(UTC))
            self._sealed = time.monotonic()
