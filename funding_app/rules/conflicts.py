"""What suggests that somebody is biased (§§ 20, 21 VwVfG): never a verdict, always to be looked at.

The person declares; what is found here is shown beside the declaration.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

ANYBODYS = frozenset(
    "aol.com freenet.de gmail.com gmx.de gmx.net googlemail.com hotmail.com icloud.com mail.de "
    "mailbox.org me.com outlook.com outlook.de posteo.de protonmail.com t-online.de web.de "
    "yahoo.com yahoo.de".split()
)
"""Domains at which anybody has an address: they say nothing of where somebody belongs."""
SIGNS = re.compile(r"[\W_]+")
LEGAL_FORMS = re.compile(r"\b(e ?v|ggmbh|gmbh|ug|ag|eg|stiftung)\b")


@dataclass(frozen=True, slots=True)
class Side:
    """Names of organisations and people, and domains of mail addresses."""

    organisations: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    partners: frozenset[str] = field(default=frozenset())


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A code (`same_organisation`, `partner`, `mail_domain`, `named`) and what was found alike."""

    code: str
    found: str


def plain(name: str) -> str:
    """A name as it compares: without case, accents, signs and legal form."""
    folded = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(each for each in folded if not unicodedata.combining(each))
    return " ".join(LEGAL_FORMS.sub(" ", SIGNS.sub(" ", bare)).split())


def domain_of(address: str) -> str:
    """The domain of a mail address; empty where it is none or anybody's."""
    domain = address.rpartition("@")[2].strip().casefold() if "@" in address else ""
    return "" if domain in ANYBODYS else domain


def suspicions(reviewer: Side, applicant: Side) -> list[Suspicion]:
    """Everything that suggests a bias of the reviewer towards the applicant, by code."""
    found = [
        *(Suspicion("same_organisation", name)
          for name in _alike(reviewer.organisations, applicant.organisations)),
        *(Suspicion("partner", name)
          for name in _alike(reviewer.organisations, applicant.partners)),
        *(Suspicion("mail_domain", domain)
          for domain in sorted(applicant.domains)
          if any(_within(domain, own) for own in reviewer.domains)),
        *(Suspicion("named", name) for name in _alike(reviewer.people, applicant.people)),
    ]  # fmt: skip
    return found


def _alike(ones: Iterable[str], others: Iterable[str]) -> list[str]:
    """Those of the others that bear the name of one."""
    known = {plain(one) for one in ones} - {""}
    return sorted(other for other in others if plain(other) in known)


def _within(one: str, other: str) -> bool:
    """Whether a domain is the other or below it, either way."""
    return bool(one and other) and (
        one == other or one.endswith(f".{other}") or other.endswith(f".{one}")
    )
