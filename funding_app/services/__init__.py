"""The write side: use cases, and how facts are read and effects written."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from funding_app import engine
from funding_app.engine import Command, Fired, Machinery
from funding_app.engine.approvals import approval_facts
from funding_app.engine.confirmation import fire_proposed
from funding_app.engine.registry import Effect, FactReader, FactsOfMany
from funding_app.services.applications import answers, cases, consortia, information_requests
from funding_app.services.calls import calls
from funding_app.services.decisions import (
    amendments,
    co_signatures,
    decisions,
    documents,
    procedures,
    reports,
)
from funding_app.services.money import budget, lab, payments, recoveries
from funding_app.services.panels import meetings, recusals
from funding_app.services.people import authorities
from funding_app.services.reviews import calibration, reviews
from workflows import Registry, vocabulary

FACTS: Mapping[str, FactReader] = {
    **amendments.FACTS,
    **authorities.FACTS,
    **calibration.FACTS,
    **calls.FACTS,
    **recoveries.FACTS,
    **consortia.FACTS,
    **lab.FACTS,
    **procedures.FACTS,
    **answers.FACTS,
    **cases.FACTS,
    **budget.FACTS,
    **decisions.FACTS,
    **meetings.FACTS,
    **recusals.FACTS,
    **payments.FACTS,
    **reports.FACTS,
    **reviews.FACTS,
    **co_signatures.FACTS,
    "proposer": approval_facts,
    "second_roles": approval_facts,
}
FACTS_OF_MANY: Mapping[str, FactsOfMany] = {
    **cases.FACTS_OF_MANY,
    **reviews.FACTS_OF_MANY,
}
EFFECTS: Mapping[str, Effect] = {
    **amendments.EFFECTS,
    **calls.EFFECTS,
    **recoveries.EFFECTS,
    **consortia.EFFECTS,
    **lab.EFFECTS,
    **procedures.EFFECTS,
    **answers.EFFECTS,
    **cases.EFFECTS,
    **budget.EFFECTS,
    **decisions.EFFECTS,
    **documents.EFFECTS,
    **meetings.EFFECTS,
    **recusals.EFFECTS,
    **payments.EFFECTS,
    **reports.EFFECTS,
    **information_requests.EFFECTS,
    **reviews.EFFECTS,
    **co_signatures.EFFECTS,
    "fire_proposed": fire_proposed,
}


class VocabularyMismatch(Exception):
    """Facts or effects that the workflows name and the services lack, or the other way round."""


def machinery_for(definitions: Registry) -> Machinery:
    """The engine's machinery over these definitions. Raises `VocabularyMismatch`."""
    for kind, wanted, known in (
        ("facts", vocabulary.FACTS.keys(), FACTS.keys()),
        ("effects", vocabulary.EFFECTS.keys(), EFFECTS.keys()),
    ):
        if wanted != known:
            raise VocabularyMismatch(f"{kind} differ: {sorted(wanted ^ known)}")
    return Machinery(definitions, FACTS, EFFECTS, FACTS_OF_MANY)


def fire(session: Session, machinery: Machinery, command: Command) -> Fired:
    """The door through which every change of a process goes; see `engine.fire`."""
    return engine.fire(session, machinery, answers.as_changed_last(session, command))
