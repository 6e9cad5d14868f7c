"""A page of text that says all a definition says, in words."""

from __future__ import annotations

import re

import pytest

from tests.workflows.walk import shipped
from workflows.definition import Limit
from workflows.words.explanation import WORDS, explain_text, in_words


@pytest.mark.parametrize("key", shipped().keys())
@pytest.mark.parametrize("language", ["de", "en"])
def test_the_page_names_every_state_and_event_and_no_identifier(key: str, language: str) -> None:
    definition = shipped().get(key)
    page = explain_text(definition, language, shipped().all())
    for state in definition.states.values():
        assert f"### {state.title[language]}\n\n{state.plain[language]}" in page
    for arrow in definition.transitions:
        assert f"- **{arrow.title[language]}** (" in page
    assert re.findall(r"\b[a-z]+_[a-z_]+\b|[{}]", page) == []


def test_the_page_says_who_under_what_and_with_what_effect() -> None:
    page = explain_text(shipped().get("grant_case"), "en", shipped().all())
    closing = page[page.index("- **Close the case**") :].split("\n\n")[0]
    assert closing.splitlines()[0].startswith(
        "- **Close the case** (Case officer + Approver) → Closed (§ 7 BHO"
    )
    assert "Required: what was paid equals the final grant; no sub-process is under way" in closing
    assert "A second person has to confirm." in closing


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        (Limit("working_days", 10), "10 Arbeitstage"),
        (Limit("months", 2), "2 Monate"),
        (Limit("fact", fact="period_end"), "der letzte Tag des Bewilligungszeitraums"),
    ],
)
def test_a_limit_in_words(limit: Limit, words: str) -> None:
    assert in_words(limit, "de") == words


@pytest.mark.parametrize(("language", "word"), [("de", "„Angehört“"), ("en", "“Heard”")])
def test_names_are_quoted_as_each_language_does(language: str, word: str) -> None:
    text = explain_text(shipped().get("recovery"), language, shipped().all())
    marks = {"de": ("„", "“"), "en": ("“", "”")}[language]
    assert marks[0] in text
    assert marks[1] in text
    assert ("„" in text) == (language == "de")
    assert ("”" in text) == (language == "en")


def test_a_reason_is_asked_for_where_it_is_needed_and_nowhere_else() -> None:
    for key in ("recovery", "hearing", "usage_report"):
        one = shipped().get(key)
        text = explain_text(one, "en", shipped().all())
        needed = [arrow for arrow in one.transitions if arrow.reason == "required"]
        assert text.count(f"  - {WORDS['en']['reason']}") == len(needed)


def test_what_a_state_is_to_the_portal_is_said() -> None:
    text = explain_text(shipped().get("micro_grant"), "en")
    told = [line for line in text.splitlines() if line.startswith("To the portal this means: ")]
    durations = "how long a decision takes is told to the public"
    assert f"To the portal this means: {durations}; money may be drawn." in told
