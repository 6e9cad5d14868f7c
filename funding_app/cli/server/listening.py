"""Waitress, told to note when a request was complete: before it queues for a thread.

Its channel, task and parser are extended, which Waitress keeps for itself: pyproject.toml holds it
to the version that these were read in.
"""

from __future__ import annotations

from typing import Any

import waitress
from flask import Flask
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer
from waitress.task import WSGITask

from funding_app.adapters.clock import Clock
from funding_app.services.operations.portal import Portal
from funding_app.web.received_at import ARRIVED

MOST_CONNECTIONS = 1_000
"""More than wait at a deadline: what is not read yet has no time of receipt."""
READ_AT_ONCE = 2**16


def listen(app: Flask, parts: Portal, host: str, port: int, threads: int) -> Any:
    """A server that is bound and not running yet; raises `OSError` or `ValueError`."""
    server = waitress.create_server(
        app,
        host=host,
        port=port,
        threads=threads,
        connection_limit=MOST_CONNECTIONS,
        asyncore_use_poll=True,
        recv_bytes=READ_AT_ONCE,
        # whom to believe is the application's decision
        clear_untrusted_proxy_headers=parts.settings.trusted_proxies == 0,
    )
    channel = _stamping(parts.now)
    for bound in getattr(server, "map", {0: server}).values():  # one for each address of the host
        if isinstance(bound, BaseWSGIServer):
            bound.channel_class = channel
    return server


def _stamping(now: Clock) -> type[HTTPChannel]:
    class Parser(HTTPRequestParser):  # type: ignore[misc]
        arrived = None

        def received(self, data: bytes) -> int:
            taken: int = super().received(data)
            if self.completed:
                self.arrived = now()
            return taken

    class Task(WSGITask):  # type: ignore[misc]
        def get_environment(self) -> dict[str, Any]:
            return {**super().get_environment(), ARRIVED: self.request.arrived}

    class Channel(HTTPChannel):  # type: ignore[misc]
        parser_class = Parser
        task_class = Task

    return Channel
