"""The pages of a panel's meeting, held by two of its people in a browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from funding_app.demo.runner import Story
from funding_app.engine import Machinery
from funding_app.models.database import Database
from tests.browser.setting import fill_in_meeting
from tests.conftest import START
from tests.reviews.test_scores import reviewed
from tests.support.browser import sign_in, violations, watched
from tests.support.outcome import PASSWORD, served_world, wait_for_workers

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]


def press(page: Page, name: str) -> None:
    """Presses a button and waits for the page that answers; it has to be accessible."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()
    assert violations(page) == []


def call_meeting(page: Page) -> str:
    fill_in_meeting(page)
    assert violations(page) == []
    press(page, "Sitzung einberufen")
    return page.url


def test_a_meeting_is_called_opened_and_voted_in(
    database: Database, database_url: str, machinery: Machinery, browser: Browser, tmp_path: Path
) -> None:
    problems: list[str] = []
    with served_world(database, database_url, tmp_path, START) as (world, address, clock):
        story = Story(database, machinery, world, START, lambda _now: wait_for_workers(database))
        reviewed(story, (5, 2), (4, 4))
        clock.write_text(story.now.isoformat(), "utf-8")
        pages: dict[str, Page] = {}
        for who in ("office", "panel", "member"):
            pages[who] = watched(browser, address, problems)
            sign_in(pages[who], who, PASSWORD)
        place = call_meeting(pages["office"])
        for box in pages["office"].locator("input[name=present]").all():
            box.check()
        press(pages["office"], "Sitzung mit diesen Mitgliedern eröffnen")
        hold(pages, place)
    assert problems == []


def hold(pages: dict[str, Page], place: str) -> None:
    """One member votes on the first item and leaves the room for the second."""
    member = pages["member"]
    for page in (member, pages["panel"]):
        page.goto(place)
        assert violations(page) == []
    links = member.locator("tbody th a")
    first, second = (str(links.nth(number).get_attribute("href")) for number in range(2))
    member.goto(first)
    press(member, "Ja")
    assert member.get_by_text("Ihre Stimme ist abgegeben.").is_visible()
    member.goto(second)
    member.locator("summary", has_text="Befangenheit erklären").click()
    member.get_by_label("Grund").fill("Ich sitze im Beirat.")
    press(member, "Festhalten")
    assert member.get_by_text("Sie nehmen an diesem Punkt nicht teil.").is_visible()
    pages["panel"].goto(first)
    assert violations(pages["panel"]) == []
    press(pages["panel"], "Stimmen zählen und Ergebnis feststellen")
    assert pages["panel"].get_by_text("Bitte prüfen Sie Ihre Angaben").is_visible()
