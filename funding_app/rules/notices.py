"""When a decision is notified, which remedy it has, and when it becomes final."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from funding_app.rules.periods import end_of_period, next_working_day

FICTION_CHANNELS = ("post", "e_transmission", "ozg_mailbox")
IMMEDIATE_CHANNELS = ("served", "handed_over")
REMEDY_KINDS = {
    "supreme_authority": "court_action",
    "subordinate_authority": "objection",
    "entrusted_agency": "objection",
}


class WaiverTooEarly(ValueError):
    """Remedies can be waived from the day of notification on, not before."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """`kind` is `court_action` or `objection`; its period is in months, or in years."""

    kind: str
    months: int = 0
    years: int = 0


def deemed_notified_on(
    channel: str,
    *,
    sent_on: date,
    retrieved_on: date | None = None,
    received_on: date | None = None,
    portal_days: int = 10,
    fiction_days: int = 4,
    shift: bool = False,
    region: str = "DE-BE",
) -> date | None:
    """The day on which a decision counts as notified.

    Post, e-transmission and mailbox: `fiction_days` after dispatch, or the proven later receipt
    (§ 41 Abs. 2 VwVfG, § 9 OZG). Own portal: the day after retrieval, `None` where the notice was
    not retrieved within `portal_days` (§ 41 Abs. 2a VwVfG). Served or handed over: the day itself.
    Raises `ValueError` for an unknown channel or a retrieval before the notice.
    """
    if channel in IMMEDIATE_CHANNELS:
        return sent_on
    if channel == "own_portal":
        return _day_after_retrieval(sent_on, retrieved_on, portal_days)
    if channel not in FICTION_CHANNELS:
        raise ValueError(f"'{channel}' is no channel of notification")
    fiction = sent_on + timedelta(days=fiction_days)
    if shift:
        fiction = next_working_day(fiction, region)
    return max(fiction, received_on or fiction)


def _day_after_retrieval(sent_on: date, retrieved_on: date | None, days: int) -> date | None:
    if retrieved_on is None or retrieved_on > sent_on + timedelta(days=days):
        return None
    if retrieved_on < sent_on:
        raise ValueError("a notice can not be retrieved before it is there")
    return retrieved_on + timedelta(days=1)


def remedy(issuer: str, *, instructed: bool = True) -> Remedy:
    """The remedy against a decision of this issuer, and its period.

    Against a ministry only court action (§ 68 Abs. 1 Satz 2 Nr. 1, § 74 VwGO); otherwise an
    objection first (§ 70 VwGO). A month, or a year without proper instruction (§ 58 VwGO).
    Raises `ValueError` for an unknown issuer.
    """
    if issuer not in REMEDY_KINDS:
        raise ValueError(f"'{issuer}' is no kind of issuing authority")
    kind = REMEDY_KINDS[issuer]
    return Remedy(kind, months=1) if instructed else Remedy(kind, years=1)


def remedy_ends_on(notified_on: date, *, instructed: bool = True, region: str = "DE-BE") -> date:
    """The last day of the remedy period (§§ 58, 70, 74 VwGO, § 57 Abs. 2 VwGO)."""
    if instructed:
        return end_of_period(notified_on, months=1, region=region)
    return end_of_period(notified_on, years=1, region=region)


def final_on(
    notified_on: date,
    *,
    instructed: bool = True,
    waived_on: date | None = None,
    region: str = "DE-BE",
) -> date:
    """The day of finality: after the remedy period, or the day of the waiver.

    Raises `WaiverTooEarly` for a waiver before notification; one after the period changes nothing.
    """
    if waived_on is not None and waived_on < notified_on:
        raise WaiverTooEarly(f"remedies can be waived from {notified_on} on")
    ended = remedy_ends_on(notified_on, instructed=instructed, region=region)
    regular = ended + timedelta(days=1)
    return regular if waived_on is None else min(waived_on, regular)
