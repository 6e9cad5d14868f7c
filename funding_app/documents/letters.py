"""What a letter must say (VV Nr. 4 zu § 44 BHO, §§ 37, 39 VwVfG), and its HTML."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from funding_app.documents.indentation import Compact

TEMPLATES = Path(__file__).parents[2] / "templates" / "letters"

COMMON = ("reference", "decided_on", "recipient.name", "authority.name", "signer", "remedy")
# A prize is promised publicly (§ 661 BGB) and an outline gives no claim: no remedy, no decision.
UNAPPEALABLE = ("reference", "decided_on", "recipient.name", "authority.name", "signer")
MANDATORY: Mapping[str, tuple[str, ...]] = {
    "award": (
        *COMMON,
        "authority.court",
        "amount",
        "amount_in_words",
        "purpose",
        "financing",
        "expenditure",
        "period",
        "years",
        "shares",
        "proof_due",
        "aid_basis",
    ),
    "rejection": (*COMMON, "authority.court", "reasons"),
    "prize": (*UNAPPEALABLE, "amount", "amount_in_words", "purpose", "tranches"),
    "sketch_declined": (*UNAPPEALABLE, "reasons"),
    "amendment": (*COMMON, "authority.court", "changes"),
    "amendment_declined": (*COMMON, "authority.court", "reasons"),
    "recovery": (*COMMON, "authority.court", "ground", "amount", "interest_from", "reasons"),
    "objection": (*COMMON, "authority.court", "outcome", "reasons"),
    # § 93 VwVfG, and what the members resolved on each item
    "minutes": ("reference", "authority.name", "held_on", "place", "chair", "present", "items"),
    "blank_form": ("title", "form", "requested_at", "sections"),
    "receipt": ("reference", "received_local", "received_utc", "answers_sha256", "log_head"),
}


class LetterIncomplete(ValueError):
    """A letter that lacks mandatory contents; `missing` names them."""

    def __init__(self, kind: str, missing: list[str]) -> None:
        super().__init__(f"{kind} lacks {', '.join(missing)}")
        self.missing = missing


def _value(values: Mapping[str, Any], path: str) -> Any:
    found: Any = values
    for part in path.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def missing_contents(kind: str, values: Mapping[str, Any]) -> list[str]:
    """The mandatory contents that the values lack."""
    return [path for path in MANDATORY[kind] if not _value(values, path)]


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        extensions=[Compact],
    )


def html(kind: str, values: Mapping[str, Any]) -> str:
    """The letter as HTML. Raises `LetterIncomplete`."""
    missing = missing_contents(kind, values)
    if missing:
        raise LetterIncomplete(kind, missing)
    return _templates().get_template(f"{kind}.html").render(values)
