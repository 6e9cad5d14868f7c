"""The only writer of a process's state: command, log, tasks, timers, outbox."""

from funding_app.engine.command import (
    Command,
    Fired,
    KeyReused,
    Refused,
    StaleVersion,
    UnknownProcess,
)
from funding_app.engine.creation import Creation, begin, create, note
from funding_app.engine.fire import fire, fire_as_parent, snapshot_of
from funding_app.engine.registry import EffectContext, Machinery, ProcessRow

__all__ = [
    "Command",
    "Creation",
    "EffectContext",
    "Fired",
    "KeyReused",
    "Machinery",
    "ProcessRow",
    "Refused",
    "StaleVersion",
    "UnknownProcess",
    "begin",
    "create",
    "fire",
    "fire_as_parent",
    "note",
    "snapshot_of",
]
