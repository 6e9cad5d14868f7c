"""Types of financing: what is finally granted, may be shifted, may be drawn (Nr. 1, 2 ANBest-P)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from funding_app.rules.money import MoneyError, from_cents, in_cents, rounded

KINDS = ("pro_rata", "deficit", "fixed_amount", "full")
Amount = int | Decimal


def _known(kind: str) -> None:
    if kind not in KINDS:
        raise ValueError(f"'{kind}' is no type of financing")


def _approved(expenditure: Amount) -> int:
    cents = in_cents(expenditure)
    if cents == 0:
        raise MoneyError("the approved expenditure is 0")
    return cents


def final_grant(
    kind: str,
    *,
    grant: Amount,
    approved_expenditure: Amount,
    recognised_expenditure: Amount,
    new_other_funds: Amount = 0,
    own_funds: Amount = 0,
    third_party_funds: Amount = 0,
    threshold: Amount = Decimal("500.00"),
) -> Decimal:
    """The grant after the proof of use, in euro; never above `grant`, never below 0.

    The reduction is made in full once the change of expenditure or of the cover funds exceeds
    `threshold`, and not at all otherwise; `full` and `fixed_amount` know no threshold. Raises
    `MoneyError` for amounts that are none or an approved expenditure of 0, `ValueError` for an
    unknown kind. Source: Nr. 2 ANBest-P.
    """
    _known(kind)
    approved = _approved(approved_expenditure)
    ceiling, recognised = in_cents(grant), in_cents(recognised_expenditure)
    new, limit = in_cents(new_other_funds), in_cents(threshold)
    other = in_cents(own_funds) + in_cents(third_party_funds)
    if kind in ("full", "fixed_amount"):
        return from_cents(min(recognised, ceiling))
    if kind == "deficit":
        if new:
            raise MoneyError("deficit financing counts own and third-party funds, not new ones")
        cover_change, due = abs(other - (approved - ceiling)), Fraction(recognised - other)
    else:
        cover_change, due = new, Fraction(ceiling * (recognised - new), approved)
    if abs(recognised - approved) <= limit and cover_change <= limit:
        return from_cents(ceiling)
    return rounded(max(Fraction(0), min(due, Fraction(ceiling))) / 100)


def line_maximum(approved_line: Amount, *, percent: int | Decimal = 20) -> Decimal:
    """The most a budget line may reach, in euro, rounded down to the cent (Nr. 1.2 ANBest-P)."""
    share = Fraction(percent) + 100
    return from_cents((in_cents(approved_line) * share / 100).__floor__())


@dataclass(frozen=True, slots=True)
class Reallocation:
    """`verdict` is `allowed`, `amendment_required` or `total_exceeded`."""

    verdict: str
    lines: list[str] = field(default_factory=list)


def check_reallocation(
    approved: Mapping[str, Amount],
    claimed: Mapping[str, Amount],
    *,
    kind: str,
    percent: int | Decimal = 20,
) -> Reallocation:
    """Whether claimed lines stay within what the approved budget plan allows (Nr. 1.2 ANBest-P).

    An exceeded total comes before an exceeded line; a `fixed_amount` grant is allowed within its
    total. Raises `MoneyError` for amounts that are none, `ValueError` for an unknown kind.
    """
    _known(kind)
    over = [
        line
        for line, value in claimed.items()
        if in_cents(value) > in_cents(line_maximum(approved.get(line, 0), percent=percent))
    ]
    total = sum(in_cents(value) for value in approved.values())
    if sum(in_cents(value) for value in claimed.values()) > total:
        return Reallocation("total_exceeded", over)
    if kind == "fixed_amount" or not over:
        return Reallocation("allowed")
    return Reallocation("amendment_required", over)


def payable(
    kind: str,
    *,
    due_amount: Amount,
    grant: Amount,
    approved_expenditure: Amount,
    paid: Amount,
    retained: Amount = 0,
) -> Decimal:
    """The most that may be drawn now, in euro, for payments due in the next 42 days.

    For `pro_rata` the quota of them, otherwise the amount itself; never more than is left of the
    grant, never below 0. Raises as `final_grant`. Source: Nr. 1.4 ANBest-P.
    """
    _known(kind)
    due = Fraction(in_cents(due_amount))
    if kind == "pro_rata":
        due = due * in_cents(grant) / _approved(approved_expenditure)
    left = in_cents(grant) - in_cents(paid) - in_cents(retained)
    return rounded(max(Fraction(0), min(due, Fraction(left))) / 100)
