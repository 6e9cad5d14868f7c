"""A page of text that says all a definition says, in words."""

from __future__ import annotations

import re

import pytest

from tests.workflows.walk import shipped
from workflows.definition import Limit
from workflows.explain_text import explain_text, in_words


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
