"""Suspected conflicts: found with their reason, and not found where there is none."""

from __future__ import annotations

import pytest

from funding_app.matching import Applicant, Referee, suspicions
from funding_app.matching.suspicion import own_domains, plain_name

CLUB = Applicant(
    "7",
    "Nachbarschaft Digital e. V.",
    frozenset({"a@nachbarschaft.example", "b@gmx.de"}),
    frozenset({"Hochschule Musterstadt", "Werk & Rat gGmbH"}),
)


@pytest.mark.parametrize(
    ("referee", "reasons"),
    [
        (Referee("r@elsewhere.example"), ()),
        (Referee("r@elsewhere.example", organisations=frozenset({"7"})), ("same_organisation",)),
        (Referee("r@elsewhere.example", "nachbarschaft digital"), ("same_organisation",)),
        (Referee("r@Nachbarschaft.example"), ("same_domain",)),
        (Referee("r@gmx.de"), ()),
        (Referee("r@elsewhere.example", "Hochschule Musterstadt"), ("partner",)),
        (Referee("r@elsewhere.example", "Werk und Rat"), ()),
        (Referee("r@elsewhere.example", "Werk & Rat GmbH"), ("partner",)),
        (Referee("r@elsewhere.example", declared=frozenset({"7"})), ("declared_before",)),
        (
            Referee("r@nachbarschaft.example", "Hochschule Musterstadt", declared=frozenset({"7"})),
            ("same_domain", "partner", "declared_before"),
        ),
    ],
)
def test_reasons(referee: Referee, reasons: tuple[str, ...]) -> None:
    assert suspicions(CLUB, referee) == reasons


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Nachbarschaft Digital e. V.", "nachbarschaft digital"),
        ("Nachbarschaft Digital e.V.", "nachbarschaft digital"),
        ("NACHBARSCHAFT  DIGITAL", "nachbarschaft digital"),
        ("Eva e. V.", "eva"),
        ("Agentur Ugarte UG (haftungsbeschränkt)", "agentur ugarte"),
    ],
)
def test_names_are_compared_without_legal_form(name: str, plain: str) -> None:
    assert plain_name(name) == plain


def test_an_empty_affiliation_is_nobodys() -> None:
    assert suspicions(Applicant("7", ""), Referee("", "")) == ()
    assert own_domains(("kein-at-zeichen", "a@")) == frozenset()
