"""A reviewer scores ten applications by keyboard alone, with no page load between criteria."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request
from sqlalchemy import select

from funding_app.demo.runner import Story
from funding_app.engine import Machinery
from funding_app.models import Call, Review
from funding_app.models.database import Database
from tests.conftest import START
from tests.reviews.test_reviewer import invite
from tests.support.browser import sign_in, violations, watched
from tests.support.outcome import PASSWORD, served_world, wait_for_workers

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]
APPLICATIONS = 10
REASON = "Gut belegt und machbar."
MOST_STEPS = 60


def tab_to(page: Page, selector: str) -> None:
    """Presses the tab key until the focus is on what is sought."""
    for _step in range(MOST_STEPS):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the tab key does not reach {selector}")


def enter(page: Page, selector: str) -> None:
    """Goes to a button or link by keyboard, presses it, and waits for the page that answers."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def score(page: Page, keys: list[str], number: int) -> None:
    """Scores each criterion by a digit and gives the reason, without the mouse."""
    loads: list[str] = []

    def note(request: Request) -> None:
        if request.is_navigation_request():
            loads.append(request.url)

    page.on("request", note)
    for place, key in enumerate(keys):
        tab_to(page, f"input[name=score_{key}]")
        page.keyboard.press(str((number + place) % 6))
        tab_to(page, f"#comment_{key}")
        page.keyboard.type(REASON)
    tab_to(page, "#recommended_amount")
    page.keyboard.type("60.000")
    page.remove_listener("request", note)
    assert loads == []


def test_ten_applications_are_scored_by_keyboard_alone(
    database: Database, database_url: str, machinery: Machinery, browser: Browser, tmp_path: Path
) -> None:
    problems: list[str] = []
    with served_world(database, database_url, tmp_path, START) as (world, address, clock):
        story = Story(database, machinery, world, START, lambda _now: wait_for_workers(database))
        for number in range(APPLICATIONS):
            [review] = invite(story, "reviewer1", title=f"Vorhaben {number}")
            story.act("reviewer1", "accept", {"no_conflict": True}, on=review)
        clock.write_text(story.now.isoformat(), "utf-8")
        with database.read() as session:
            criteria = session.get_one(Call, world.calls["grant_case"]).criteria
        keys = [each["key"] for each in criteria]
        page = watched(browser, address, problems)
        sign_in(page, "reviewer1", PASSWORD)
        page.goto("/reviews")
        assert violations(page) == []
        enter(page, "main tbody a")
        for number in range(APPLICATIONS):
            score(page, keys, number)
            if number == APPLICATIONS - 1:
                assert violations(page) == []
            enter(page, "button[value=submit]")
            assert "Ihr Gutachten ist abgegeben" in page.inner_text("main")
            if number < APPLICATIONS - 1:
                assert page.evaluate("document.activeElement.textContent.trim()").startswith("Nächstes")
                enter(page, "main a[data-focus]")
    with database.read() as session:
        told = session.execute(select(Review.scores, Review.recommended_amount)).all()
    assert problems == []
    given = sorted([row.scores[key] for key in keys] for row in told)
    assert given == sorted(
        [(number + place) % 6 for place in range(len(keys))] for number in range(APPLICATIONS)
    )
    assert {row.recommended_amount for row in told} == {Decimal("60000.00")}
