"""What people type stands on pages and in letters as they typed it, never as markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import String, update

from funding_app.demo.runner import Story, grant_answers, tell_to_consultation
from funding_app.documents import letters
from funding_app.models import Base
from funding_app.models.database import Database
from tests.documents.test_documents import VALUES
from tests.support.site import Site, endpoint_of, parsed, walk

TEMPLATES = Path(__file__).parents[2] / "templates"
NAMED = re.compile(r"(title|name|summary|description|text|words|reason|city|reference)(_|$)")
PLANTED = "<b>planted</b>"
PERIOD = ("2026-04-01", "2026-12-31")
PEOPLE = "applicant1 officer office member signatory1 reviewer1 admin publisher".split()
UNESCAPED = {
    "calls/form_beside.html": "the preview is a page of its own that was rendered before",
    "calls/form_tried.html": "the same",
}
"""Templates that write something as it is, each with the reason why that is markup of our own."""
TITLED = {"applications.case", "calls.call"}
"""Views whose heading is the title of a case or of a call."""


def plant(database: Database) -> None:
    """Every column in which somebody's words stand gets markup in front of them."""
    with database.write() as session:
        for table in Base.metadata.sorted_tables:
            texts = {
                column: PLANTED + column
                for column in table.c
                if isinstance(column.type, String) and NAMED.search(column.name)
            }
            if texts and not table.name.startswith(("log_", "stored_", "outbox")):
                session.execute(update(table).values(texts))


@pytest.fixture
def site(app: Flask, story: Story) -> Site:
    """What all kinds of people find of a case that is signed and of a draft."""
    tell_to_consultation(story, Decimal("250000.00"), *PERIOD)
    story.apply("grant_case", grant_answers(Decimal("250000.00"), *PERIOD, "Entwurf"))
    plant(story.database)
    return walk(app, story.database, dict.fromkeys(PEOPLE, 2) | {"": 2}, ())


def in_markup(html: str) -> Iterator[str]:
    """Elements that only the planted words can have made."""
    for element in parsed(html).iter("b"):
        if "planted" in element.text_content():
            yield re.sub(r"\s+", " ", element.getparent().text_content())[:80]


def test_no_page_takes_words_for_markup(app: Flask, site: Site) -> None:
    found = {
        f"{endpoint_of(app, path)} as {who}: {words}"
        for (who, path), html in site.pages.items()
        for words in in_markup(html)
    }
    assert found == set()
    assert [each for each in site.refused if not each.endswith(("403", "404"))] == []
    headed = {
        endpoint_of(app, path)
        for (_who, path), html in site.pages.items()
        for heading in parsed(html).iter("h1", "title")
        if PLANTED in heading.text_content()
    }
    assert headed >= TITLED, "the words are in the headings, so that the test could fail"


def templates() -> list[str]:
    return sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))


@pytest.mark.parametrize("name", templates())
def test_a_template_escapes_all_it_writes(name: str) -> None:
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    unescaped = re.search(r"\|\s*safe\b|autoescape|Markup", text) is not None
    assert unescaped == (name in UNESCAPED)


def planted(value: object) -> object:
    """The values of a letter, each text in them with markup in front of it."""
    if isinstance(value, dict):
        return {key: planted(item) for key, item in value.items()}
    if isinstance(value, list):
        return [planted(item) for item in value]
    return PLANTED + value if isinstance(value, str) else value


@pytest.mark.parametrize("kind", sorted(set(letters.MANDATORY) - {"blank_form"}))
def test_a_letter_takes_no_words_for_markup(kind: str) -> None:
    html = letters.html(kind, planted(VALUES))  # type: ignore[arg-type]
    assert list(in_markup(html)) == []
    assert "&lt;b&gt;planted" in html
