"""The roads synthetic cases have gone, with how often each is taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from funding_app.demo.bulk.case_builder import Case
from funding_app.demo.bulk.deciding import (
    approve,
    ask,
    award,
    check,
    consult,
    decline,
    deny,
    draft,
    invite,
    recommend,
    refuse,
    reserve,
    review,
    sign,
    submit,
    to_panel,
    withdraw,
)
from funding_app.demo.bulk.granting import (
    accept,
    accept_and_waive,
    close_rejected,
    draw,
    notify,
    pay,
    prove,
    report,
    run_out,
    settle,
)

Stage = Callable[[Case], None]


@dataclass(frozen=True, slots=True)
class Road:
    """How often a road is taken, how many days it needs, how long ago (days) it may have ended."""

    weight: int
    days: int
    ago: int
    stages: tuple[Stage, ...]


_CHECKED = (draft, submit, check)
_REVIEWED = (*_CHECKED, invite, review)
_PANEL = (*_REVIEWED, to_panel)
_SIGNED = (*_PANEL, recommend, consult, sign)
_ACTIVE = (*_SIGNED, approve, notify, accept)
_MICRO = (*_CHECKED, award, notify, accept_and_waive)

DRAFTED = Road(10, 1, 60, (draft,))
INVITED = Road(10, 12, 30, (*_CHECKED, invite))
REVIEWED = Road(5, 25, 20, _REVIEWED)
GRANT_ROADS = (
    DRAFTED,
    Road(12, 3, 20, (draft, submit)),
    Road(9, 6, 25, _CHECKED),
    Road(5, 8, 20, (*_CHECKED, ask)),
    Road(5, 7, 300, (*_CHECKED, withdraw)),
    INVITED,
    REVIEWED,
    Road(4, 27, 20, _PANEL),
    Road(3, 29, 10, (*_PANEL, recommend)),
    Road(4, 29, 90, (*_PANEL, reserve)),
    Road(3, 29, 20, (*_PANEL, decline)),
    Road(5, 31, 15, (*_PANEL, recommend, consult)),
    Road(3, 50, 8, _SIGNED),
    Road(8, 80, 300, (*_PANEL, decline, refuse, approve, notify, run_out, close_rejected)),
    Road(8, 120, 60, _ACTIVE),
    Road(2, 230, 60, (*_ACTIVE, draw, pay)),
    Road(4, 480, 200, (*_ACTIVE, draw, pay, prove, settle)),
)
MICRO_ROADS = (
    Road(8, 1, 60, (draft,)),
    Road(12, 3, 8, (draft, submit)),
    Road(10, 6, 15, _CHECKED),
    Road(5, 8, 20, (*_CHECKED, ask)),
    Road(5, 6, 300, (*_CHECKED, withdraw)),
    Road(15, 60, 300, (*_CHECKED, deny, notify, run_out)),
    Road(5, 20, 6, _MICRO),
    Road(10, 35, 60, (*_MICRO, pay)),
    Road(30, 150, 300, (*_MICRO, pay, report)),
)


def travel(case: Case, road: Road) -> None:
    """Takes a case along a road and writes its rows."""
    for stage in road.stages:
        stage(case)
    case.close()
