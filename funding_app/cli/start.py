"""What has to be right before a server or a worker starts."""

from __future__ import annotations

from funding_app.cli.context import unusable
from funding_app.services.operations.definitions import DefinitionChanged, adopt
from funding_app.services.operations.portal import Portal
from workflows import DefinitionError


def settle(parts: Portal) -> None:
    """Checks the definitions and keeps those in use; a mistake in one ends the command."""
    try:
        adopt(parts.database, parts.machinery.definitions)
    except DefinitionError as error:
        unusable(str(error))
    except DefinitionChanged as error:
        unusable(f"{error}{_demo_hint(parts)}")


def _demo_hint(parts: Portal) -> str:
    if not parts.settings.is_demo:
        return ""
    folder = parts.settings.data_dir.resolve()
    return f"\nThis is demo data: delete the folder {folder} and start again to load it anew."
