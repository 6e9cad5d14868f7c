"""When a request had arrived completely: the instant that counts for a deadline.

Not when its turn came: at a deadline requests queue, and nobody must become late by that. Stamped
by the reverse proxy, which buffers the whole request, else by our own server.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import cast

from flask import g, request

from funding_app.adapters.clock import Clock

ARRIVED = "funding.arrived"
"""Where our own server leaves the instant at which it had read the last byte."""
STAMP = re.compile(r"t=([0-9]{1,11})(?:\.([0-9]{1,6}))?")
LONGEST_WAIT = timedelta(minutes=5)
"""After this the proxy has given up on an answer; an older stamp is none of a living request."""


def note_arrival(now: Clock, proxies: int) -> None:
    """Fixes the instant of the present request, before anything of it has to wait.

    A server that hands a request over while its body is on the way is made to read it first.
    """
    own = request.environ.get(ARRIVED)
    if own is None:
        request.get_data(parse_form_data=True)
        own = now()
    said = request.headers.get("X-Request-Start") if proxies else None
    g.arrived = _believed(said, own) or own


def arrived() -> datetime:
    """When the present request had arrived, aware UTC."""
    return cast(datetime, g.arrived)


def _believed(said: str | None, own: datetime) -> datetime | None:
    """The proxy's stamp (`t=seconds.fraction`), unless it is none or lies where it cannot."""
    read = STAMP.fullmatch(said) if said else None
    if read is None:
        return None
    seconds, fraction = read.groups(default="")
    stamp = datetime.fromtimestamp(int(seconds), UTC)
    stamp += timedelta(microseconds=int(fraction.ljust(6, "0")))
    return stamp if own - LONGEST_WAIT <= stamp <= own else None
