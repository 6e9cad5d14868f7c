"""What can come before a panel, and what it can resolve there: as the case's definition says."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from funding_app.engine import ProcessRow
from funding_app.models import Call
from funding_app.queries.panels.ranking import ranking_of
from workflows import Registry
from workflows.definition import Transition
from workflows.panel import Panel
from workflows.votes import voted_in


def agenda_from_ranking(
    session: Session, definitions: Registry, call: Call
) -> list[tuple[uuid.UUID, str]]:
    """Every case of the ranking that can be put on an agenda, each with what is moved first."""
    found: list[tuple[uuid.UUID, str]] = []
    for row in ranking_of(session, definitions, call):
        panel = definitions.panel_of(row.case.definition_key, row.case.definition_version)
        if panel is not None and row.case.state in panel.agenda:
            found.append((row.case.id, panel.motion_for(row.outcome)))
    return found


def panel_of(definitions: Registry, case: ProcessRow) -> Panel | None:
    """The panel's phase of a case's own version."""
    return definitions.panel_of(case.definition_key, case.definition_version)


def is_voted_on(definitions: Registry, case: ProcessRow) -> bool:
    """Whether the case stands where whatever the panel resolves can happen."""
    panel = panel_of(definitions, case)
    definition = definitions.get(case.definition_key, case.definition_version)
    return panel is not None and case.state in voted_in(panel, definition)


def resolving(definitions: Registry, case: ProcessRow, event: str) -> Transition:
    """The transition by which a resolution happens to a case that is voted on."""
    definition = definitions.get(case.definition_key, case.definition_version)
    arrows = definition.arrows_from(case.state)
    return next(one for one in arrows if one.event == event and one.by == "person")
