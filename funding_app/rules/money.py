"""Amounts in euro: exact, never negative, at most two places; and their split between parties."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

CENTS = 100
MOST = 10**15  # euro; beyond all public money, and quick to compute with
SMALLEST_EXPONENT = -30


class MoneyError(ValueError):
    """Something that is not an amount in euro, or a split that can not be made."""


def amount(value: int | Decimal) -> Decimal:
    """The value as euro with exactly two places.

    Raises `MoneyError` for a float, bool, NaN, infinity, a negative amount, a third place or an
    amount of `MOST` or more.
    """
    return from_cents(in_cents(value))


def in_cents(value: int | Decimal) -> int:
    """The value in whole cents; raises `MoneyError` as `amount` does."""
    cents = _exact(value, "an amount") * CENTS
    if cents.denominator != 1:
        raise MoneyError(f"{value} has more than two decimal places")
    return int(cents)


def _exact(value: int | Decimal, what: str) -> Fraction:
    """The value as a fraction, once its size is known: `1E999999999` would fill the memory."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise MoneyError(f"{value!r} is not {what}: int or Decimal is needed")
    if isinstance(value, Decimal) and not value.is_finite():
        raise MoneyError(f"{value} is not {what}: it is not finite")
    if not 0 <= value < MOST:
        raise MoneyError(f"{what} is negative or too large")
    if isinstance(value, Decimal) and int(value.as_tuple().exponent) < SMALLEST_EXPONENT:
        raise MoneyError(f"{what} has too many decimal places")
    return Fraction(value)


def from_cents(cents: int) -> Decimal:
    """Whole cents as euro with two places."""
    sign = "-" if cents < 0 else ""
    return Decimal(f"{sign}{abs(cents) // CENTS}.{abs(cents) % CENTS:02d}")


def rounded(euro: Fraction) -> Decimal:
    """A fraction of euro, rounded half up to the cent."""
    return from_cents(half_up(euro * CENTS))


def half_up(value: Fraction) -> int:
    """The nearest whole number; a half goes away from zero."""
    whole = (abs(value) + Fraction(1, 2)).__floor__()
    return whole if value >= 0 else -whole


def split(amount: int | Decimal, weights: Sequence[int | Decimal]) -> list[Decimal]:
    """Splits euro by largest remainder to the cent; on equal remainders the earlier weight wins.

    The parts always add up to the amount. Raises `MoneyError` for an amount or weights that are
    none, or where no weight is positive.
    """
    cents = in_cents(amount)
    exact = [_exact(weight, "a weight") for weight in weights]
    total = sum(exact)
    if total == 0:
        raise MoneyError("at least one weight must be positive")
    shares = [cents * weight / total for weight in exact]
    parts = [share.__floor__() for share in shares]
    by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - shares[i], i))
    for index in by_remainder[: cents - sum(parts)]:
        parts[index] += 1
    return [from_cents(part) for part in parts]


def split_cumulative(
    paid_so_far: Sequence[int | Decimal],
    amount: int | Decimal,
    weights: Sequence[int | Decimal],
) -> list[Decimal]:
    """The parts of the next payment, in euro, so that the cumulated parts equal one single split.

    A part may be -0.01 where rounding swings back; changed weights rebalance the past. Raises
    `MoneyError` as `split` does, or where the numbers of parties differ.
    """
    if len(paid_so_far) != len(weights):
        raise MoneyError("there are as many paid parts as weights")
    paid = [in_cents(part) for part in paid_so_far]
    target = split(from_cents(sum(paid) + in_cents(amount)), weights)
    return [from_cents(in_cents(goal) - done) for goal, done in zip(target, paid, strict=True)]
