"""The write side: use cases, and how facts are read and effects written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from funding_app import engine
from funding_app.engine import Command, Fired, Machinery
from funding_app.engine.approvals import approval_facts
from funding_app.engine.confirmation import fire_proposed
from funding_app.engine.documents import TITLES
from funding_app.engine.registry import Effect, FactReader, FactsOfMany
from funding_app.refusals import TEXTS
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
from source_text import nearest
from workflows import Registry, vocabulary
from workflows.guards import GUARDS

Way = TypeVar("Way", bound=Callable[..., Any])


class VocabularyMismatch(Exception):
    """What the workflows name and the services do not do, or the other way round; where to add it.

    Also what two modules of the services want to do under one name.
    """


def each_once(*tables: Mapping[str, Way]) -> Mapping[str, Way]:
    """The tables of some modules as one. Raises `VocabularyMismatch` for a name given twice."""
    found: dict[str, Way] = {}
    for name, way in (named for table in tables for named in table.items()):
        if found.setdefault(name, way) is not way:
            modules = f"{found[name].__module__} and {way.__module__}"
            raise VocabularyMismatch(f"'{name}' is registered twice: in {modules}")
    return found


FACTS: Mapping[str, FactReader] = each_once(
    amendments.FACTS,
    authorities.FACTS,
    calibration.FACTS,
    calls.FACTS,
    recoveries.FACTS,
    consortia.FACTS,
    lab.FACTS,
    procedures.FACTS,
    answers.FACTS,
    cases.FACTS,
    budget.FACTS,
    decisions.FACTS,
    meetings.FACTS,
    recusals.FACTS,
    payments.FACTS,
    reports.FACTS,
    reviews.FACTS,
    co_signatures.FACTS,
    dict.fromkeys(("proposer", "second_roles"), approval_facts),
)
FACTS_OF_MANY: Mapping[str, FactsOfMany] = each_once(cases.FACTS_OF_MANY, reviews.FACTS_OF_MANY)
EFFECTS: Mapping[str, Effect] = each_once(
    amendments.EFFECTS,
    calls.EFFECTS,
    recoveries.EFFECTS,
    consortia.EFFECTS,
    lab.EFFECTS,
    procedures.EFFECTS,
    answers.EFFECTS,
    cases.EFFECTS,
    budget.EFFECTS,
    decisions.EFFECTS,
    documents.EFFECTS,
    meetings.EFFECTS,
    recusals.EFFECTS,
    payments.EFFECTS,
    reports.EFFECTS,
    information_requests.EFFECTS,
    reviews.EFFECTS,
    co_signatures.EFFECTS,
    {"fire_proposed": fire_proposed},
)


def machinery_for(definitions: Registry) -> Machinery:
    """The engine's machinery over these definitions. Raises `VocabularyMismatch`."""
    if lacking := mismatches():
        raise VocabularyMismatch("\n".join(lacking))
    return Machinery(definitions, FACTS, EFFECTS, FACTS_OF_MANY, decisions.OBJECTIONS)


def mismatches() -> list[str]:
    """What of the definitions' vocabulary is not done, or cannot be named; where to add it.

    The server asks this before it starts, and `funding workflows check` whenever it is called.
    """
    return [
        *differences("fact", vocabulary.FACTS, FACTS),
        *differences("effect", vocabulary.EFFECTS, EFFECTS),
        *letters_without_title(),
        *codes_without_words(),
    ]


def differences(
    kind: str, named: Collection[str], done: Mapping[str, Callable[..., Any]]
) -> Iterator[str]:
    """What only one of the two sides knows, and where the other would say it."""
    undone, unnamed = set(named) - set(done), set(done) - set(named)
    for name in sorted(undone):
        yield (
            f"{kind} '{name}' stands in workflows/vocabulary/{kind}s.py, and no service has it: "
            f"add it to {kind.upper()}S of the module of its noun in funding_app/services, which "
            f"is listed in services/__init__.py{_nearest(name, unnamed)}"
        )
    for name in sorted(unnamed):
        yield (
            f"{kind} '{name}' is registered by {done[name].__module__}, and the definitions cannot "
            f"name it: add it to workflows/vocabulary/{kind}s.py{_nearest(name, undone)}"
        )


def _nearest(name: str, known: Collection[str]) -> str:
    close = nearest(name, known)
    return f"; did you mean '{close}'?" if close else ""


def letters_without_title() -> Iterator[str]:
    """The kinds of letters that a definition can name and that nobody can issue."""
    for effect in ("issue_letter", "issue_notice"):
        for kind in vocabulary.EFFECTS[effect].params["kind"]["enum"]:
            if kind not in TITLES:
                yield f"letter '{kind}' of '{effect}' has no title{_nearest(kind, TITLES)}"


def codes_without_words() -> Iterator[str]:
    """The codes of refusals of which a page could not speak, and words that belong to none."""
    listed, place = vocabulary.REFUSAL_CODES, "REFUSAL_CODES in workflows/vocabulary/__init__.py"
    refused = [(code, one.name) for one in GUARDS.values() for code in one.codes]
    for code, guard in sorted(set(refused)):
        if code not in listed:
            yield (
                f"guard '{guard}' refuses with '{code}', which is no refusal code: add it to "
                f"{place}, and its words to TEXTS in funding_app/refusals.py"
                f"{_nearest(code, listed)}"
            )
    wordless, unlisted = set(listed) - set(TEXTS), set(TEXTS) - set(listed)
    for code in sorted(wordless):
        yield (
            f"refusal code '{code}' stands in {place}, and has no words: add them to TEXTS in "
            f"funding_app/refusals.py{_nearest(code, unlisted)}"
        )
    for code in sorted(unlisted):
        yield (
            f"refusal code '{code}' has words in funding_app/refusals.py, and nobody may refuse "
            f"with it: add it to {place}{_nearest(code, wordless)}"
        )


def fire(session: Session, machinery: Machinery, command: Command) -> Fired:
    """The door through which every change of a process goes; see `engine.fire`."""
    return engine.fire(session, machinery, answers.as_changed_last(session, command))
