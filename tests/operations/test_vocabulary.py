"""What definitions can name and what services do are the same, or it is said who lacks what."""

from __future__ import annotations

from dataclasses import replace

import pytest

import workflows
from funding_app import services
from funding_app.services import VocabularyMismatch, differences, each_once, machinery_for
from funding_app.services.applications import cases, consortia
from workflows.guards import GUARDS


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


def test_a_refusal_code_without_words_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    definitions = workflows.load()
    monkeypatch.delitem(services.TEXTS, "not_late")
    with pytest.raises(VocabularyMismatch) as stopped:
        machinery_for(definitions)
    assert str(stopped.value) == (
        "refusal code 'not_late' stands in REFUSAL_CODES in workflows/vocabulary/__init__.py, "
        "and has no words: add them to TEXTS in funding_app/refusals.py"
    )


def test_a_guard_refuses_by_codes_that_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    definitions = workflows.load()
    monkeypatch.setitem(GUARDS, "late", replace(GUARDS["late"], codes=("not_latte",)))
    with pytest.raises(VocabularyMismatch) as stopped:
        machinery_for(definitions)
    assert str(stopped.value) == (
        "guard 'late' refuses with 'not_latte', which is no refusal code: add it to REFUSAL_CODES "
        "in workflows/vocabulary/__init__.py, and its words to TEXTS in funding_app/refusals.py; "
        "did you mean 'not_late'?"
    )


def test_words_without_a_code_are_told_with_the_code_they_may_be_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(services.TEXTS, "not_latte", services.TEXTS["not_late"])
    monkeypatch.delitem(services.TEXTS, "not_late")
    wordless, unlisted = services.codes_without_words()
    assert wordless.endswith("did you mean 'not_latte'?")
    assert "'not_latte' has words in funding_app/refusals.py" in unlisted
    assert unlisted.endswith("did you mean 'not_late'?")
