"""The parts of one installation, put together from its settings; nothing of it is global."""

from __future__ import annotations

from dataclasses import dataclass, field

import workflows
from funding_app.adapters.clock import Clock
from funding_app.adapters.inspection import Examiner
from funding_app.adapters.storage import FileStorage, Storage
from funding_app.engine import Machinery
from funding_app.models.database import Database
from funding_app.services import machinery_for
from funding_app.settings import Settings


@dataclass(frozen=True, slots=True)
class Portal:
    """What pages, API, commands and workers of one installation work with."""

    settings: Settings
    database: Database
    machinery: Machinery
    storage: Storage
    now: Clock
    examiner: Examiner = field(default_factory=Examiner)


def build_portal(settings: Settings) -> Portal:
    """The parts of an installation. Raises `DefinitionError` for a broken definition."""
    settings.prepare()
    folders = [settings.workflows_dir] if settings.workflows_dir else []
    machinery = machinery_for(workflows.load(*folders))
    return Portal(
        settings,
        Database(settings.database),
        machinery,
        FileStorage(settings.storage_dir),
        settings.clock,
    )
