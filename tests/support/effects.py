"""An effect carried out over rows, without the event that it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from funding_app.engine import Command, EffectContext, Machinery
from funding_app.engine.storage import statements
from funding_app.models import Process
from tests.support.rows import NOW, Rows


def acting(
    rows: Rows,
    machinery: Machinery,
    on: Process,
    data: Mapping[str, Any] | None = None,
    when: datetime = NOW,
    reason: str = "",
) -> EffectContext:
    """What an effect is given when somebody does something to a process at an instant."""
    command = Command(on.id, "event", rows.person.id, when, data or {}, reason)
    process = statements.load(rows.session, on.id)
    arrow = machinery.definition_of(process).transitions[0]
    return EffectContext(rows.session, machinery, process, command, arrow)
