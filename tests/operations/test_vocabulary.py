"""What definitions can name and what services do are the same, or it is said who lacks what."""

from __future__ import annotations

import pytest

from funding_app import services
from funding_app.services import VocabularyMismatch, differences, each_once
from funding_app.services.applications import cases, consortia


def test_a_fact_that_no_service_reads_says_where_to_add_it() -> None:
    (said,) = differences("fact", ["seat_in_germany"], {})
    assert "fact 'seat_in_germany' stands in workflows/vocabulary/facts.py" in said
    assert "add it to FACTS of the module of its noun in funding_app/services" in said


def test_an_effect_that_no_definition_can_name_says_who_has_it() -> None:
    (said,) = differences("effect", [], {"publish": cases.publish})
    assert "registered by funding_app.services.applications.cases" in said
    assert "add it to workflows/vocabulary/effects.py" in said


def test_the_nearest_name_is_one_of_those_that_have_no_partner() -> None:
    said = list(differences("effect", ["publish", "publish_all"], {"publish_al": cases.publish}))
    assert [line.rpartition("; ")[2] for line in said] == [
        "did you mean 'publish_al'?",
        "did you mean 'publish_al'?",
        "did you mean 'publish_all'?",
    ]


def test_a_name_that_two_modules_register_is_refused() -> None:
    other = {"publish": consortia.open_consortium}
    with pytest.raises(VocabularyMismatch, match=r"'publish' is registered twice: in .*cases and"):
        each_once(cases.EFFECTS, other)


def test_a_letter_that_nobody_can_issue_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(services.letters_without_title()) == []
    monkeypatch.delitem(services.TITLES, "recovery")
    (said,) = services.letters_without_title()
    assert said.startswith("letter 'recovery' of 'issue_notice' has no title")
