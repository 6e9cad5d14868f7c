"""Conflicts of interest that show in the data (§§ 20, 21 VwVfG): suspected, with the reason.

A suspicion bars a proposal. It is no finding: the declaration stays the reviewer's own.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

SHARED_DOMAINS = frozenset(
    "aol.com demo.example freenet.de gmail.com gmx.de gmx.net googlemail.com hotmail.com "
    "icloud.com mail.de mailbox.org me.com outlook.com outlook.de posteo.de proton.me "
    "protonmail.com t-online.de web.de yahoo.com yahoo.de".split()
)
"""Providers whose customers have nothing to do with each other; the demo's is one of them."""

_LEGAL_FORM = re.compile(
    r"\b(e\.? ?v\.?|g?gmbh|ggmbh|mbh|ug|ag|eg|kg|haftungsbeschränkt|gemeinnützige)(?=\W|$)"
)


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who stands behind an application: the organisation, its people, its partners."""

    organisation: str
    name: str = ""
    emails: frozenset[str] = frozenset()
    partners: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Referee:
    """What is known of a reviewer: roles in organisations, home institution, declarations.

    `organisations` are those the reviewer holds a role for, `declared` those in whose earlier
    cases a conflict came up; both are ids as text.
    """

    email: str
    affiliation: str = ""
    organisations: frozenset[str] = frozenset()
    declared: frozenset[str] = frozenset()


def suspicions(applicant: Applicant, referee: Referee) -> tuple[str, ...]:
    """The reasons to suspect a conflict, in a fixed order; empty where there is none.

    `same_organisation`, `same_domain`, `partner` or `declared_before`.
    """
    home = plain_name(referee.affiliation)
    found: Mapping[str, bool] = {
        "same_organisation": applicant.organisation in referee.organisations
        or _is_named(home, (applicant.name,)),
        "same_domain": bool(own_domains((referee.email,)) & own_domains(applicant.emails)),
        "partner": _is_named(home, applicant.partners),
        "declared_before": applicant.organisation in referee.declared,
    }
    return tuple(reason for reason, holds in found.items() if holds)


def _is_named(home: str, names: Collection[str]) -> bool:
    return bool(home) and home in {plain_name(name) for name in names}


def plain_name(name: str) -> str:
    """An organisation's name as it is compared: without case, legal form and punctuation."""
    bare = _LEGAL_FORM.sub(" ", name.casefold())
    return " ".join(re.findall(r"\w+", bare))


def own_domains(emails: Collection[str]) -> frozenset[str]:
    """The domains of the addresses, without those of providers for everyone."""
    domains = {email.rpartition("@")[2].strip().casefold() for email in emails if "@" in email}
    return frozenset(domains - SHARED_DOMAINS - {""})
