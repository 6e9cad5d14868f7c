"""A review through everything that interrupts it: nothing that was scored or written is lost."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from funding_app.web.filters import DEMO_PASSWORD
from tests.browser import setting
from tests.support.browser import press, sign_in, violations, watched

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SOON = 20_000


@pytest.fixture(scope="module")
def review(browser: Browser, address: str) -> str:
    """The path of a review that its reviewer has begun."""
    problems: list[str] = []
    page = watched(browser, address, problems)
    sign_in(page, "reviewer1", DEMO_PASSWORD)
    setting.accept_review(page)
    page.goto("/reviews")
    path = page.locator("main tbody a[href$='/review']").first.get_attribute("href")
    page.context.close()
    assert path is not None and problems == []
    return path


@pytest.fixture
def page(browser: Browser, address: str, review: str) -> Iterator[Page]:
    problems: list[str] = []
    page = watched(browser, address, problems)
    sign_in(page, "reviewer1", DEMO_PASSWORD)
    page.goto(review)
    yield page
    page.context.close()
    assert problems == []


def end_sessions(folder: Path) -> None:
    with sqlite3.connect(folder / "funding.sqlite3", timeout=20) as database:
        database.execute("DELETE FROM user_session")


def score(page: Page, criterion: int, points: int, reason: str) -> None:
    """Scores one of the criteria and says why."""
    part = page.locator("form[data-digits] section").nth(criterion)
    part.locator(f"input[type=radio][value='{points}']").check()
    part.locator("textarea").fill(reason)


def shown(page: Page, criterion: int) -> tuple[str | None, str]:
    """The points and the reason that the page shows."""
    part = page.locator("form[data-digits] section").nth(criterion)
    points = part.locator("input[type=radio]:checked")
    given = points.get_attribute("value") if points.count() else None
    return given, part.locator("textarea").input_value()


def wait_saved(page: Page) -> None:
    state = page.locator("[data-autosave-state]", has_text=re.compile("Gespeichert um"))
    state.wait_for(timeout=SOON)


def test_a_session_that_ends_costs_nothing(page: Page, folder: Path) -> None:
    score(page, 0, 4, "Geschrieben vor dem Ende.")
    wait_saved(page)
    end_sessions(folder)
    score(page, 1, 2, "Geschrieben nach dem Ende.")
    page.get_by_label("Nur für Sie").fill("Zahlen nachrechnen.")
    trouble = page.locator("[data-autosave-trouble]", has_text="Ihre Anmeldung ist abgelaufen")
    trouble.wait_for(timeout=SOON)
    assert violations(page) == []
    again = page.context.new_page()
    sign_in(again, "reviewer1", DEMO_PASSWORD)
    wait_saved(page)
    page.reload()
    assert shown(page, 0) == ("4", "Geschrieben vor dem Ende.")
    assert shown(page, 1) == ("2", "Geschrieben nach dem Ende.")
    assert page.get_by_label("Nur für Sie").input_value() == "Zahlen nachrechnen."


def test_a_session_that_ends_costs_nothing_without_a_script(
    browser: Browser, address: str, review: str, folder: Path
) -> None:
    context = browser.new_context(locale="de-DE", base_url=address, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, "reviewer1", DEMO_PASSWORD)
    page.goto(review)
    score(page, 2, 5, "Ganz ohne Skript geschrieben.")
    page.get_by_label("Nur für Sie").fill("Auch die Notiz.")
    end_sessions(folder)
    press(page, "Entwurf speichern")
    page.get_by_label("E-Mail-Adresse").fill("reviewer1@demo.example")
    page.get_by_label("Passwort", exact=True).fill(DEMO_PASSWORD)
    with page.expect_navigation():
        page.locator("main form button").last.click()
    press(page, "Noch einmal absenden")
    assert "Entwurf gespeichert." in page.inner_text("main")
    assert shown(page, 2) == ("5", "Ganz ohne Skript geschrieben.")
    assert page.get_by_label("Nur für Sie").input_value() == "Auch die Notiz."
    context.close()


def test_going_back_after_saving_shows_what_was_saved(page: Page) -> None:
    score(page, 3, 1, "Zuerst stand das hier.")
    wait_saved(page)
    score(page, 3, 3, "Danach stand das hier.")
    press(page, "Entwurf speichern")
    page.get_by_role("link", name="Meine Gutachten").first.click()
    page.wait_for_url("**/reviews")
    for _step in range(2):  # to the page that was saved, and to the one on which it was written
        page.go_back()
        assert shown(page, 3) == ("3", "Danach stand das hier.")
    score(page, 3, 2, "Geschrieben nach dem Zurück.")
    press(page, "Entwurf speichern")
    assert "Entwurf gespeichert." in page.inner_text("main")
    assert shown(page, 3) == ("2", "Geschrieben nach dem Zurück.")


def test_two_windows_on_one_review_see_both_texts(page: Page) -> None:
    other = page.context.new_page()
    other.goto(page.url)
    score(other, 4, 5, "Aus dem anderen Fenster.")
    other.get_by_label("Nur für Sie").fill("Notiz dort.")
    press(other, "Entwurf speichern")
    score(page, 4, 2, "Aus diesem Fenster hier.")
    page.get_by_label("Nur für Sie").fill("Notiz hier.")
    page.locator("[data-autosave-trouble]", has_text="beide Fassungen").wait_for(timeout=SOON)
    press(page, "Entwurf speichern")
    conflict = page.get_by_role("alert")
    for text in (
        "Aus dem anderen Fenster.",
        "Aus diesem Fenster hier.",
        "Notiz dort.",
        "Notiz hier.",
    ):
        expect(conflict).to_contain_text(text)
    assert shown(page, 4) == ("2", "Aus diesem Fenster hier.")
    assert violations(page) == []
    press(page, "Entwurf speichern")
    other.reload()
    assert shown(other, 4) == ("2", "Aus diesem Fenster hier.")
    assert other.get_by_label("Nur für Sie").input_value() == "Notiz hier."
