"""The ranking of a call, by the rules of `rules.scoring`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import Session

from funding_app.access import PANEL_ROLES, REVIEW_ROLES, Person, visible_to
from funding_app.models import Application, BudgetLine, Call, CallShare, Process
from funding_app.rules.scoring import Candidate, rank
from workflows import Registry
from workflows.panel import PLACES, Panel


@dataclass(frozen=True, slots=True)
class Line:
    """What decides who is funded: the money (euro), the least score, and whether gaps are filled.

    With `allow_skip_fill` a later application may take what an earlier one is too large for.
    """

    budget: Decimal
    threshold: Decimal | None = None
    allow_skip_fill: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """An application's place; `tie` names what put it behind an equal score, empty if nothing.

    `before` and `upto` are what all applications down to the one before and to this one ask for.
    """

    case: Any
    place: int
    outcome: str
    tie: str
    before: Decimal
    upto: Decimal


@dataclass(frozen=True, slots=True)
class Total:
    """How many applications have an outcome, and what they ask for together (euro)."""

    count: int
    requested: Decimal


def line_of(session: Session, call: Call) -> Line:
    """The line of a call as it is: the free money of its budget lines, the rules of its terms."""
    free = session.scalar(
        select(func.sum(BudgetLine.available - BudgetLine.reserved - BudgetLine.committed)).join(
            CallShare,
            (CallShare.ministry_id == BudgetLine.ministry_id)
            & (CallShare.budget_title == BudgetLine.title)
            & (CallShare.call_id == call.id),
        )
    )
    rules = call.terms.get("ranking", {})
    threshold = rules.get("threshold")
    return Line(
        max(free or Decimal(0), Decimal(0)),
        Decimal(threshold) if threshold else None,
        bool(rules.get("allow_skip_fill")),
    )


def panel_of_call(definitions: Registry, call: Call) -> Panel | None:
    """The panel's phase of the call's workflow, in its newest version; `None` where it has none."""
    return definitions.get(call.definition_key).panel


def _is_ranked(definitions: Registry, call: Call) -> ColumnElement[bool]:
    """Which cases stand in a state that their own version ranks."""
    arms = [
        (Process.definition_version == one.version) & Process.state.in_(panel.ranked)
        for one in definitions.versions(call.definition_key)
        if (panel := definitions.panel_of(one.key, one.version))
    ]
    return or_(false(), *arms) & (Process.definition_key == call.definition_key)


def reviewed_cases(session: Session, definitions: Registry, call: Call) -> Sequence[Any]:
    """The applications of a call that are or were ranked."""
    return session.execute(
        select(
            Process.id,
            Process.reference,
            Process.title,
            Process.state,
            Process.definition_key,
            Process.definition_version,
            Application,
        )
        .join(Application, Application.id == Process.id)
        .where(Application.call_id == call.id, _is_ranked(definitions, call))
        .order_by(Process.reference)
    ).all()


def placed(cases: Iterable[Any], line: Line) -> list[Place]:
    """The applications in order, with what a line means for each."""
    found = {row.reference: row for row in cases}
    candidates = [_candidate(row) for row in found.values()]
    ranked = rank(
        candidates,
        budget=line.budget,
        threshold=line.threshold,
        allow_skip_fill=line.allow_skip_fill,
    )
    ordered = [found[str(each.key)] for each in ranked]
    ties = [
        *("" for _first in ordered[:1]),
        *(_tie(first.Application, second.Application) for first, second in pairwise(ordered)),
    ]
    places, upto = [], Decimal(0)
    for each, case, tie in zip(ranked, ordered, ties, strict=True):
        before, upto = upto, upto + (case.Application.requested or 0)
        places.append(Place(case, each.place, each.outcome, tie, before, upto))
    return places


def _candidate(row: Any) -> Candidate:
    return Candidate(
        key=row.reference,
        score=row.Application.score,
        first_criterion_mean=row.Application.first_criterion_mean,
        requested=row.Application.requested or 0,
    )


def _tie(first: Application, second: Application) -> str:
    """What put the second behind the first, where their scores are equal."""
    if second.score is None or first.score != second.score:
        return ""
    if first.first_criterion_mean != second.first_criterion_mean:
        return "first_criterion"
    return "smaller_request" if first.requested != second.requested else "lot"


def totals(places: Iterable[Place]) -> dict[str, Total]:
    """Count and sum of each outcome."""
    sums = {outcome: Total(0, Decimal(0)) for outcome in PLACES}
    for each in places:
        found = sums[each.outcome]
        asked = each.case.Application.requested or Decimal(0)
        sums[each.outcome] = Total(found.count + 1, found.requested + asked)
    return sums


def ranking_of(session: Session, definitions: Registry, call: Call) -> list[Place]:
    """Reviewed applications in order, with place and what the budget allows."""
    return placed(reviewed_cases(session, definitions, call), line_of(session, call))


def rankings_seen(
    session: Session, definitions: Registry, call: Call, person: Person, *lines: Line
) -> list[list[Place]]:
    """The ranking under each line, as a person may see it.

    Left out are cases that the person still has to review or is recused in; the others keep the
    places they have among all.
    """
    cases = reviewed_cases(session, definitions, call)
    rankings = [placed(cases, line) for line in lines]
    if not person.roles & (REVIEW_ROLES | PANEL_ROLES):
        return rankings
    seen = select(Process.id).where(Process.call_id == call.id, visible_to(person))
    ids = set(session.scalars(seen))
    return [[each for each in places if each.case.id in ids] for places in rankings]
