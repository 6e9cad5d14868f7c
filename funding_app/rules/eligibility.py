"""Whom a call is for, as plain values: what it asks, and what speaks against somebody applying.

Every question stands for itself. What was not answered excludes nothing, so a further answer can
only take a call away, never bring one back; and what no answer excludes fits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

MONEY = "money"
GERMANY, EU, ANYWHERE = "germany", "eu", "anywhere"
POSSIBLE, REQUIRED, EXCLUDED = "possible", "required", "excluded"
SUPPORT = frozenset({MONEY, "advice", "experts"})


@dataclass(frozen=True, slots=True)
class Eligibility:
    """What a call asks. An empty set of applicants, regions or topics leaves all of them open.

    `seat` is where an applicant may be seated, `regions` limits Germany to some of its states
    (ISO 3166-2). `support` says what there is to be had; where money is, `least` and `most` (euro)
    bound it. `partners` says whether somebody may, has to or must not apply together with others.
    """

    applicants: frozenset[str] = frozenset()
    seat: str = GERMANY
    regions: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    support: frozenset[str] = frozenset({MONEY})
    least: Decimal = Decimal(0)
    most: Decimal = Decimal(0)
    own_share_percent: int = 0
    partners: str = POSSIBLE
    begun_excluded: bool = False
    by_invitation: bool = False
    is_open: bool = True

    @property
    def gives_money(self) -> bool:
        """Whether money is to be had."""
        return MONEY in self.support


@dataclass(frozen=True, slots=True)
class Seeker:
    """Who looks for a call, as far as was answered; `None` says nothing.

    `seat` is a German state (ISO 3166-2), `eu` or `elsewhere`. `amount` (euro) is what is needed,
    `own_share` whether a part can be paid with own means.
    """

    applicant: str | None = None
    seat: str | None = None
    topic: str | None = None
    support: str | None = None
    amount: Decimal | None = None
    partners: bool | None = None
    own_share: bool | None = None
    begun: bool | None = None


def _outside(asked: frozenset[str], answer: str | None) -> bool:
    return bool(asked) and answer is not None and answer not in asked


def _wrong_seat(call: Eligibility, seat: str | None) -> bool:
    if seat is None or call.seat == ANYWHERE:
        return False
    if not seat.startswith("DE-"):
        return call.seat == GERMANY or seat != EU
    return _outside(call.regions, seat)


def _wrong_support(call: Eligibility, seeker: Seeker) -> bool:
    wanted = {seeker.support, MONEY if seeker.amount is not None else None} - {None}
    return not wanted <= call.support


def _below(call: Eligibility, seeker: Seeker) -> bool:
    return call.gives_money and seeker.amount is not None and seeker.amount < call.least


def _above(call: Eligibility, seeker: Seeker) -> bool:
    return call.gives_money and seeker.amount is not None and seeker.amount > call.most


AGAINST: Mapping[str, Callable[[Eligibility, Seeker], bool]] = {
    "applicant": lambda call, seeker: _outside(call.applicants, seeker.applicant),
    "seat": lambda call, seeker: _wrong_seat(call, seeker.seat),
    "topic": lambda call, seeker: _outside(call.topics, seeker.topic),
    "support": _wrong_support,
    "amount_below": _below,
    "amount_above": _above,
    "partners_required": lambda call, seeker: (
        call.partners == REQUIRED and seeker.partners is False
    ),
    "partners_excluded": lambda call, seeker: call.partners == EXCLUDED and seeker.partners is True,
    "own_share": lambda call, seeker: call.own_share_percent > 0 and seeker.own_share is False,
    "begun": lambda call, seeker: call.begun_excluded and seeker.begun is True,
    "by_invitation": lambda call, _seeker: call.by_invitation,
    "not_open": lambda call, _seeker: not call.is_open,
}
"""What can speak against applying, in the order in which it is told."""

QUESTIONS: Mapping[str, Callable[[Eligibility], bool]] = {
    "applicant": lambda call: bool(call.applicants),
    "seat": lambda call: call.seat != ANYWHERE,
    "topic": lambda call: bool(call.topics),
    "support": lambda call: call.support != SUPPORT,
    "amount": lambda call: call.gives_money,
    "partners": lambda call: call.partners != POSSIBLE,
    "own_share": lambda call: call.own_share_percent > 0,
    "begun": lambda call: call.begun_excluded,
}
"""The questions, each with whether its answer can matter to a call."""


def reasons(call: Eligibility, seeker: Seeker) -> tuple[str, ...]:
    """Everything that speaks against applying, as keys of `AGAINST`; none where the call fits."""
    return tuple(code for code, speaks in AGAINST.items() if speaks(call, seeker))


def still_open(call: Eligibility, seeker: Seeker) -> tuple[str, ...]:
    """The questions without an answer that could still speak against applying.

    Who does not look for money is not asked how much.
    """
    unanswered = [name for name in QUESTIONS if getattr(seeker, name) is None]
    if seeker.support not in (None, MONEY):
        unanswered = [name for name in unanswered if name != "amount"]
    return tuple(name for name in unanswered if QUESTIONS[name](call))
