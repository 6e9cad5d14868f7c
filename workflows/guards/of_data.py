"""Guards over what comes with the event; they hold while only its possibility is asked for."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from workflows.guards.registry import WORDS, Params, guard
from workflows.snapshot import Refusal, Snapshot

BERLIN = ZoneInfo("Europe/Berlin")
NEEDS = {
    "reallocation": ("amount", "line_from", "line_to"),
    "no_cost_extension": ("new_end",),
    "supplement": ("amount",),
    "year_shift": ("amount", "line_from", "line_to"),
}
"""What an amendment of each kind has to state."""


@guard(
    "confirmation_missing",
    de="mit Ja beantwortet: {fields}",
    en="answered with yes: {fields}",
    params={"fields": WORDS},
)
def confirmed(snapshot: Snapshot, params: Params) -> Refusal | None:
    """The event's yes-or-no questions are all answered with yes."""
    if snapshot.data is None:
        return None
    for name in params["fields"]:
        if snapshot.data.get(name) is not True:
            return Refusal("confirmation_missing", {"field": name})
    return None


@guard(
    "answer_differs",
    de="bei {field} ist „{value}“ gewählt",
    en="“{value}” is chosen for {field}",
    params={"field": {"type": "string"}, "value": {"type": "string"}},
    opposite="answer_is_not",
)
def answer_is(snapshot: Snapshot, params: Params) -> Refusal | None:
    """This is what was chosen for a field of the event."""
    given = (snapshot.data or {}).get(params["field"])
    differs = snapshot.data is not None and given != params["value"]
    return Refusal("answer_differs", {"field": params["field"]}) if differs else None


@guard(
    "answer_differs",
    de="bei {field} ist etwas anderes als „{value}“ gewählt",
    en="something other than “{value}” is chosen for {field}",
    params={"field": {"type": "string"}, "value": {"type": "string"}},
    opposite="answer_is",
)
def answer_is_not(snapshot: Snapshot, params: Params) -> Refusal | None:
    """Something else was chosen for a field of the event, or nothing."""
    given = (snapshot.data or {}).get(params["field"])
    same = snapshot.data is not None and given == params["value"]
    return Refusal("answer_differs", {"field": params["field"]}) if same else None


def _days(snapshot: Snapshot, params: Params) -> list[tuple[str, date]]:
    """The days that the event states, by field; nothing where only the possibility is asked."""
    data = snapshot.data or {}
    given = ((name, str(data.get(name) or "")) for name in params["fields"])
    return [(name, date.fromisoformat(text)) for name, text in given if text]


@guard(
    "day_not_ahead",
    de="dieser Tag liegt in der Zukunft: {fields}",
    en="this day lies ahead: {fields}",
    params={"fields": WORDS},
)
def day_ahead(snapshot: Snapshot, params: Params) -> Refusal | None:
    """The days that the event states lie ahead."""
    today = snapshot.when.astimezone(BERLIN).date()
    late = [name for name, day in _days(snapshot, params) if day <= today]
    return Refusal("day_not_ahead", {"field": late[0]}) if late else None


@guard(
    "day_not_past",
    de="dieser Tag liegt nicht in der Zukunft: {fields}",
    en="this day does not lie ahead: {fields}",
    params={"fields": WORDS},
)
def day_past(snapshot: Snapshot, params: Params) -> Refusal | None:
    """The days that the event states are today or before."""
    today = snapshot.when.astimezone(BERLIN).date()
    early = [name for name, day in _days(snapshot, params) if day > today]
    return Refusal("day_not_past", {"field": early[0]}) if early else None


@guard(
    "number_outside",
    de="{field} liegt zwischen {least} und {most}",
    en="{field} is between {least} and {most}",
    params={
        "field": {"type": "string"},
        "least": {"type": "integer"},
        "most": {"type": "integer"},
    },
)
def number_between(snapshot: Snapshot, params: Params) -> Refusal | None:
    """The number that the event states is within these bounds, both included."""
    if snapshot.data is None:
        return None
    found = _number(snapshot.data.get(params["field"]))
    within = found is not None and params["least"] <= found <= params["most"]
    return None if within else Refusal("number_outside", dict(params))


def _number(value: Any) -> int | None:
    return int(value) if str(value or "").lstrip("-").isdigit() or value == 0 else None


@guard(
    "total_exceeded",
    de="der Auftragswert liegt in der Höchstgrenze",
    en="the contract is within its ceiling",
    facts=("recorded",),
)
def contract_within_ceiling(snapshot: Snapshot, _params: Params) -> Refusal | None:
    """The contract costs at most what was set as its ceiling."""
    if snapshot.data is None:
        return None
    price, ceiling = snapshot.data.get("price"), snapshot.facts["recorded"].get("ceiling")
    within = price and ceiling and Decimal(str(price)) <= Decimal(str(ceiling))
    return None if within else Refusal("total_exceeded")


@guard(
    "incomplete",
    de="die Angaben zur Art der Änderung sind vollständig",
    en="what the kind of amendment needs is stated",
)
def amendment_complete(snapshot: Snapshot, _params: Params) -> Refusal | None:
    """The amendment states what its kind needs."""
    if snapshot.data is None:
        return None
    needed = NEEDS.get(str(snapshot.data.get("kind")), ())
    missing = [name for name in needed if snapshot.data.get(name) in (None, "")]
    return Refusal("incomplete", {"field": missing[0]}) if missing else None
